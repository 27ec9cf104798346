"""`manage.py demo_seed`: what the first start shows: a login, a key, queues and a few dozen items to decide."""

import secrets
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from moderation.enums import Scope
from moderation.in_force import active_policies
from moderation.ingest.images import take_images
from moderation.ingest.schemas import ContentIn
from moderation.ingest.store import submit_contents
from moderation.management.demo_images import picture_file
from moderation.media.banks import hashes_of
from moderation.media.store import keep_image
from moderation.models import ApiClient, ApiKey, Author, Content, HashBank, HashBankEntry, TermList
from moderation.pipeline import drain
from moderation.review.notes import add_note
from moderation.review.reports import report_content
from reviewengine import conf
from reviewengine.embedded import first_run

DEMO_FILE = Path(conf.CONFIG_DIR) / "demo" / "content.yml"
CURL = (
    "curl -s {url}/api/v1/content -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' "
    """-d '{"external_id": "hello-1", "text": "Hello, world", "mode": "sync"}'"""
)


class Command(BaseCommand):
    help = "Fills a fresh database with demo data, once: policy, people, a client with a key, and mild example content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", default="demo", help="the client that the content belongs to")

    def handle(self, *args: Any, client: str, **options: Any) -> None:
        if ApiClient.objects.filter(name=client).exists():
            self.stdout.write(f"The client '{client}' is here already; nothing was changed.")
            return
        demo = yaml.safe_load(DEMO_FILE.read_text(encoding="utf-8"))
        found = self._seed(client, demo)
        _submit_contents(client, demo["contents"])
        drain()
        for row in demo["reports"]:
            _report(client, **row)
        for row in demo["notes"]:
            _note(client, **row)
        first_run.write(conf.load().home, found)
        self.stdout.write("Demo data is in place; the login and the key are in first-run.json in the data folder.")

    @transaction.atomic
    def _seed(self, client_name: str, demo: dict[str, Any]) -> first_run.FirstRun:
        active_policies()
        for row in demo["term_lists"]:
            TermList.objects.get_or_create(name=row["name"], defaults=row)
        for row in demo["hash_banks"]:
            _make_bank(**row)
        password = _make_people(demo["people"])
        client = ApiClient.objects.create(name=client_name)
        key = ApiKey.issue(client=client, scopes=list(Scope.values))
        return first_run.FirstRun("admin", password, key, CURL.replace("{key}", key))


def _make_bank(*, name: str, pictures: list[str], **fields: str) -> None:
    bank, created = HashBank.objects.get_or_create(name=name, defaults=fields)
    for picture in pictures if created else []:
        hashes = hashes_of(picture_file(picture))
        HashBankEntry.objects.create(
            bank=bank, sha256=hashes.sha256, perceptual_hash=hashes.perceptual, note=picture, created_by="demo_seed"
        )


def _submit_contents(client_name: str, rows: list[dict[str, Any]]) -> None:
    """As clients do: the images first, then the contents that refer to them."""
    client_id = ApiClient.objects.get(name=client_name).pk
    submissions = []
    for row in rows:
        files = [keep_image(client_id=client_id, data=picture_file(name)) for name in row.pop("pictures", [])]
        row |= {"images": [{"media_id": str(file.pk)} for file in files]} if files else {}
        item = ContentIn.model_validate(row)
        submissions.append(item.submission(None, take_images(client_id, item.images)))
    submit_contents(client_id=client_id, submissions=submissions)


@transaction.atomic
def _report(client_name: str, *, content: str, **said: str) -> None:
    row = Content.objects.select_for_update().get(client__name=client_name, external_id=content)
    report_content(content=row, actor="system", **said)


def _note(client_name: str, *, author: str, writer: str, text: str) -> None:
    about = Author.objects.get(client__name=client_name, external_id=author)
    add_note(writer=User.objects.get(username=writer), text=text, author=about)


def _make_people(people: dict[str, str]) -> str:
    """The administrator, and a colleague in each role; all with one password that nobody else knows."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    if not User.objects.filter(username="admin").exists():
        User.objects.create_superuser("admin", password=password)
    for name, group in people.items():
        user, created = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if created:
            user.set_password(password)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=group))
    return password
