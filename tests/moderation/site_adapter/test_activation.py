"""A version in force and out of it: in the code, in the console, in the metrics and the checks."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from moderation.checks import check_site_adapter
from moderation.detectors.text.detector import TextDetector
from moderation.in_force import detector_panel
from moderation.models import AuditEntry, SiteAdapter
from moderation.site_adapter.activation import AdapterError, activate_adapter, deactivate_adapter, store_adapter
from moderation.site_adapter.staleness import base_version, collect

pytestmark = pytest.mark.django_db
TEXTS = ["Buy my warm soup now!", "I walked to the lighthouse.", "You are a fool and I hate your hat."]
REPORT = [
    {
        "category": "spam", "positives": 40, "negatives": 80, "won": True, "reason": "", "everywhere": True,
        "auprc": [0.41, 0.93], "brier": [0.3, 0.05, 0.2], "caught": [3, 38], "spared": [79, 80], "alarms": [0.0, 0.01],
        "wording": 0.9, "leans_on": {"spam": 0.4},
    },
    {"category": "hate", "positives": 4, "negatives": 80, "won": False, "reason": "too few rejected: 4 of 30",
     "everywhere": False},
]  # fmt: skip


def version(base: str | None = None, **changes) -> SiteAdapter:
    """A version that raises spam for everything."""
    head = {"category": "spam", "everywhere": True, "slope": 1.0, "bias": 6.0, "weights": [0.0] * 401} | changes
    return store_adapter(
        base_version=base_version() if base is None else base, heads=[head], report=REPORT, actor="user:lead"
    )


def activate(row: SiteAdapter) -> None:
    activate_adapter(adapter=row, base_version=base_version(), actor="user:lead")


def spam() -> list[float]:
    return [report.scores["spam"] for report in detector_panel().detect(TEXTS, ["en"] * len(TEXTS))]


def gauges() -> dict[str, float]:
    return {sample.name: sample.value for metric in collect() for sample in metric.samples}


def test_the_version_told_from_the_files_is_the_one_that_the_detector_states(configured):
    assert base_version() == TextDetector.build({}, ()).version


def test_out_of_force_the_scores_are_exactly_those_of_the_base_model(configured):
    before = detector_panel().detect(TEXTS)
    row = version()
    activate(row)
    assert min(spam()) > max(report.scores["spam"] for report in before)
    deactivate_adapter(adapter=row, actor="user:lead")
    assert detector_panel().detect(TEXTS) == before


def test_a_head_that_is_not_for_every_text_leaves_those_alone_that_the_model_is_sure_of(configured):
    before = spam()
    activate(version(everywhere=False))
    after = spam()
    assert after[1] == before[1]


def test_a_version_for_another_text_model_is_refused(configured):
    with pytest.raises(AdapterError, match="was made for the text model older"):
        activate(version("older"))
    assert not SiteAdapter.objects.filter(is_active=True).exists()


def test_a_version_without_a_winner_is_refused(configured):
    row = store_adapter(base_version=base_version(), heads=[], report=REPORT, actor="system")
    with pytest.raises(AdapterError, match="no category that won"):
        activate(row)


def test_a_stale_version_is_not_used_and_said_to_be_stale(configured):
    before = detector_panel().detect(TEXTS)
    row = version()
    activate(row)
    assert (gauges(), check_site_adapter(databases=["default"])) == (
        {"reviewengine_site_adapter_version": 1, "reviewengine_site_adapter_stale": 0},
        [],
    )
    SiteAdapter.objects.update(base_version="older", number=2)
    assert detector_panel().detect(TEXTS) == before
    assert gauges()["reviewengine_site_adapter_stale"] == 1
    (warning,) = check_site_adapter(databases=["default"])
    assert (warning.id, "Version 2" in warning.msg) == ("moderation.W005", True)


def test_the_database_holds_one_version_in_force(configured):
    activate(version())
    with pytest.raises(IntegrityError, match="site_adapter_one_active"), transaction.atomic():
        SiteAdapter.objects.filter(pk=version().pk).update(is_active=True)


@pytest.fixture
def browser():
    def of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return of


def page(row: SiteAdapter, verb: str = "change") -> str:
    return reverse(f"admin:moderation_siteadapter_{verb}", args=[row.pk])


def test_a_lead_is_asked_and_puts_a_version_in_force_and_out_of_it(configured, lead, browser):
    row = version()
    client = browser(lead)
    assert "Put version 1 in force" in client.get(page(row, "activate")).content.decode()
    assert not SiteAdapter.objects.get().is_active
    assert client.post(page(row, "activate")).status_code == 302
    assert SiteAdapter.objects.get().is_active
    client.post(page(row, "deactivate"))
    assert not SiteAdapter.objects.get().is_active
    entries = AuditEntry.objects.filter(subject_type="site_adapter").order_by("id").values_list("action", "actor")
    assert list(entries)[1:] == [("site_adapter.activated", "user:lead"), ("site_adapter.deactivated", "user:lead")]


@pytest.mark.parametrize("persona", ["alice", "auditor"])
def test_others_read_the_report_and_change_nothing(configured, persona, browser, request):
    row = version()
    client = browser(request.getfixturevalue(persona))
    shown = client.get(page(row)).content.decode()
    assert "0.930" in shown
    assert "base: too few rejected: 4 of 30" in shown
    assert "Put this version in force" not in shown
    assert client.post(page(row, "activate")).status_code == 403
    assert not SiteAdapter.objects.get().is_active


def test_nobody_edits_a_version(configured, lead, browser):
    row = version()
    assert browser(lead).post(page(row), {"number": 7}).status_code == 403
    assert browser(lead).post(page(row, "delete"), {"post": "yes"}).status_code == 403


def test_a_stale_version_offers_no_button_and_says_why_it_cannot_be_used(configured, lead, browser):
    row = version("older")
    client = browser(lead)
    assert "Put this version in force" not in client.get(page(row)).content.decode()
    answer = client.post(page(row, "activate"), follow=True)
    assert "was made for the text model older" in answer.content.decode()
    assert (
        "made for another text model" in client.get(reverse("admin:moderation_siteadapter_changelist")).content.decode()
    )
