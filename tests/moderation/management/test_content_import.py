"""`content_import`: every line stored once, and a summary of what became of it."""

import base64
import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.management.commands import content_import
from moderation.models import Content, ContentMedia
from moderation.pipeline import drain
from tests.images import photo

pytestmark = pytest.mark.django_db
LINES = [
    {"text": "The soup was warm.", "labels": {"toxicity": 0}},
    {"text": "You are a stupid idiot.", "labels": {"toxicity": 1}},
    {"text": "The rain was loud.", "external_id": "rain", "author": "u1", "source": "diary"},
]


@pytest.fixture(autouse=True)
def _worker(monkeypatch):
    """The workers of the stack: here, whenever the command waits for them."""
    monkeypatch.setattr(content_import.time, "sleep", lambda seconds: drain())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "diary.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES))
    return path


def run(*arguments) -> dict[str, str]:
    out = StringIO()
    call_command("content_import", *map(str, arguments), stdout=out)
    rows = [line.rsplit("  ", 1) for line in out.getvalue().splitlines()]
    return {name.strip(): value.strip() for name, value in rows}


def test_it_sums_up_what_became_of_every_line(file):
    summary = run(file)
    assert (summary["stored"], summary["approve"], summary["review"]) == ("3", "2 (66.7%)", "1 (33.3%)")
    assert (summary["labelled"], summary["waiting"]) == ("2 (1 harmful)", "0 (0.0%)")
    assert (summary["precision, flagged"], summary["recall, flagged"]) == ("1.000", "1.000")
    assert summary["recall, rejected"] == "0.000"


def test_ids_come_from_the_line_where_the_file_has_none(file):
    run(file)
    assert set(Content.objects.values_list("external_id", flat=True)) == {"diary.jsonl:1", "diary.jsonl:2", "rain"}
    assert Content.objects.get(external_id="rain").metadata == {"source": "diary"}


def test_a_second_run_stores_nothing_twice(file):
    run(file)
    summary = run(file)
    assert (summary["stored"], summary["known already"]) == ("0", "3")
    assert Content.objects.count() == 3


def test_csv_and_gzip_are_read_too(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text('external_id,text\na,"Two lines\nof soup"\nb,Rain\n')
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"text": "Snow"}\n'))
    assert run(table)["stored"] == "2"
    assert run(packed)["stored"] == "1"
    assert Content.objects.get(external_id="a").text == "Two lines\nof soup"


def test_faulty_lines_are_named_and_the_others_stored(file):
    file.write_text('{"text": "Snow"}\nnone\n{"text": ""}\n[]\n')
    out = StringIO()
    with pytest.raises(CommandError, match="3 lines were refused"):
        call_command("content_import", str(file), stdout=out)
    assert Content.objects.count() == 1
    assert "line 3: /text must not be empty" in out.getvalue()


def test_labels_in_csv_are_json(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text('text,labels\nSnow,"{""spam"": 0}"\n')
    assert run(table)["labelled"] == "1 (0 harmful)"


@pytest.mark.parametrize("labels", ['"spam"', '["spam"]', '{"spam": 2}', "1"])
def test_labels_of_another_form_are_refused_and_not_overlooked(file, labels):
    file.write_text(f'{{"text": "Snow", "labels": {labels}}}\n')
    with pytest.raises(CommandError, match="1 lines were refused"):
        run(file)
    assert not Content.objects.exists()


@pytest.mark.parametrize(
    ("name", "raw", "fault"),
    [
        ("none.jsonl", None, "There is no file"),
        ("x.jsonl", b"\xff\xfe\x00", "cannot be read"),
        ("x.jsonl.gz", b"not gzip", "cannot be read"),
        ("x.csv", b"a,b\n1,2\n", "column 'text'"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name, raw, fault):
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(CommandError, match=fault):
        run(tmp_path / name)


def test_it_says_so_when_no_worker_runs(file, monkeypatch):
    monkeypatch.setattr(content_import.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(content_import, "STALLED_SECONDS", 0)
    with pytest.raises(CommandError, match="Is a worker running"):
        run(file)


def test_it_need_not_wait(file, monkeypatch):
    monkeypatch.setattr(content_import.time, "sleep", lambda seconds: None)
    assert run(file, "--no-wait")["waiting"] == "3 (100.0%)"


def test_images_of_a_line_are_kept_and_a_bad_one_refuses_its_line(tmp_path):
    good, bad = ({"text": "Look.", "images": [{"data": data}]} for data in (base64.b64encode(photo()).decode(), "%%%"))
    path = tmp_path / "album.jsonl"
    path.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}")
    out = StringIO()
    with pytest.raises(CommandError, match="1 lines were refused"):
        call_command("content_import", str(path), stdout=out)
    assert "line 2: /images/0/data is not base64" in out.getvalue()
    assert [media.content.external_id for media in ContentMedia.objects.all()] == ["album.jsonl:1"]
