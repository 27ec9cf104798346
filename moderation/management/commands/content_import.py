"""`manage.py content_import FILE`: sends a file of texts through the running stack and says what became of them."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from moderation.ingest.files import ImportFault, read_rows
from moderation.management.import_run import ImportRun
from moderation.models import ApiClient
from reviewengine.batches import in_batches

BATCH = 500
POLL_SECONDS = 0.2
STALLED_SECONDS = 30


class Command(BaseCommand):
    help = (
        "Imports FILE (JSON lines, or CSV with a header; also as .gz), waits until every item is decided, and prints a "
        "summary. Each line has the fields of POST /api/v1/content; only text is needed, other fields become metadata. "
        'With "labels", such as {"toxicity": 1, "spam": 0} (in CSV: that JSON in a column), the summary shows '
        "precision and recall. Run it again after an interruption: what is there already is not sent twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--client", default="import", help="the client the content belongs to (made if missing)")
        parser.add_argument("--no-wait", action="store_true", help="end as soon as everything is stored")

    def handle(self, *args: Any, file: str, client: str, no_wait: bool, **options: Any) -> None:
        owner, _ = ApiClient.objects.get_or_create(name=client)
        run = ImportRun(client_id=owner.pk)
        started = time.monotonic()
        try:
            with tqdm(desc="stored ", unit=" items") as bar:
                for batch in in_batches(read_rows(Path(file)), BATCH):
                    run.store(batch)
                    bar.update(len(batch))
        except ImportFault as fault:
            raise CommandError(str(fault)) from fault
        if not no_wait:
            self._wait(run)
        self.stdout.write(run.summary(seconds=time.monotonic() - started))
        if run.refused:
            raise CommandError(f"{len(run.refused)} lines were refused; mend them and run the command again.")

    def _wait(self, run: ImportRun) -> None:
        waiting, moved = run.waiting(), time.monotonic()
        with tqdm(desc="decided", unit=" items", total=len(run.ids), initial=len(run.ids) - waiting) as bar:
            while waiting:
                time.sleep(POLL_SECONDS)
                left = run.waiting()
                if left != waiting:
                    moved = time.monotonic()
                elif time.monotonic() - moved > STALLED_SECONDS:
                    raise CommandError(
                        f"Nothing was decided in {STALLED_SECONDS} seconds and {left} items wait. Is a worker running? "
                        "Everything is stored; start one (`make run`) and run this command again."
                    )
                bar.update(waiting - left)
                waiting = left
