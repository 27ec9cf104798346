"""The remote detector in the pipeline: asked, down or too dear, content is decided or goes to a person."""

from collections.abc import Callable, Iterator

import pytest
from prometheus_client import REGISTRY

from moderation import in_force
from moderation.models import ReviewCase
from moderation.pipeline import drain
from reviewengine import conf, hints
from reviewengine.sections import DetectorOptions
from tests.factories import ContentFactory
from tests.moderation.detectors.remote import stand_in

pytestmark = pytest.mark.django_db
TEXT = "A text that no local detector of this test reads."


@pytest.fixture
def service() -> Iterator[stand_in.Server]:
    running = stand_in.Server()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def ask(service, monkeypatch) -> Iterator[Callable[..., None]]:
    """Enables the remote detector beside the rules for links: nobody else reads the text."""
    monkeypatch.setattr(hints, "_rests_until", 0.0)
    with hints.hints() as redis:
        for key in redis.keys("reviewengine:day:*"):
            redis.delete(key)

    def configure(**options: object) -> None:
        detectors = {"urls": DetectorOptions(), "remote": DetectorOptions(options={"base_url": service.url, **options})}
        changed = conf.load().model_copy(update={"detectors": detectors})
        monkeypatch.setattr(conf, "load", lambda: changed)
        in_force._panel.cache_clear()

    yield configure
    in_force._panel.cache_clear()


EVERYTHING = dict.fromkeys(
    [
        *["harassment", "harassment__threatening", "hate", "hate__threatening", "illicit", "illicit__violent"],
        *["self-harm", "self-harm__intent", "self-harm__instructions", "sexual", "sexual__minors", "violence"],
        "violence__graphic",
    ],
    0.01,
)


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_what_it_reads_decides(service, ask):
    ask()
    service.behaviour = stand_in.says(**EVERYTHING | {"sexual": 0.999})
    content = ContentFactory(text=TEXT)
    before = count("reviewengine_remote_requests_total", result="read")
    drain()
    result = content.results.get()
    assert (result.outcome, result.rule, result.scores["sexual"]) == ("reject", "obvious-sexual", 0.999)
    assert result.detectors["remote"] == "remote-1+moderations:default"
    assert count("reviewengine_remote_requests_total", result="read") == before + 1


def test_what_it_finds_harmless_is_approved(service, ask):
    ask()
    service.behaviour = stand_in.says(**EVERYTHING)
    content = ContentFactory(text=TEXT)
    drain()
    assert content.results.get().outcome == "approve"


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [(stand_in.is_slow, "timeout"), (stand_in.sends(b"", 500), "status_500"), (stand_in.closes, "not_reached")],
)
def test_what_only_it_reads_goes_to_a_person_when_it_is_down(service, ask, behaviour, kind):
    ask(request_seconds=0.3)
    service.behaviour = behaviour
    content = ContentFactory(text=TEXT)
    drain()
    result = content.results.get()
    assert (result.outcome, result.failures) == ("review", {"remote": kind})
    assert {reason["code"] for reason in result.reasons} == {"reading_unavailable"}
    assert ReviewCase.objects.get().content == content


def test_the_day_s_budget_is_shared_and_then_people_decide(service, ask):
    ask(daily_requests=3)
    service.behaviour = stand_in.says(**EVERYTHING)
    contents = [ContentFactory(text=f"{TEXT} Number {number}.") for number in range(2)]
    drain()
    in_force._panel.cache_clear()  # as in another process
    contents += [ContentFactory(text=f"{TEXT} Number {number}.") for number in range(2, 4)]
    drain()
    results = [content.results.get() for content in contents]
    assert sorted(result.outcome for result in results) == ["approve"] * 3 + ["review"]
    assert [result.failures for result in results if result.failures] == [{"remote": "budget_spent"}]
    assert len(service.asked) == 3


def test_an_open_circuit_shows(service, ask):
    ask(failures_to_open=1)
    service.behaviour = stand_in.sends(b"", 500)
    in_force.detector_panel().detect([TEXT])
    assert count("reviewengine_remote_circuit_open") == 1.0
    in_force._panel.cache_clear()
    in_force.detector_panel()
    assert count("reviewengine_remote_circuit_open") == 0.0
