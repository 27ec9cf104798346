"""Who may open what, and do what, over every page of the console: a table, and a test that none is missing in it."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from moderation.models import ApiKey, ContentMedia, HashBank, PolicyVersion, TermList, WebhookEndpoint
from tests import factories

pytestmark = pytest.mark.django_db
ROLES = ("moderator", "senior", "lead", "policy admin", "admin", "auditor", "nobody")
EVERYBODY = set(ROLES)
STAFF = EVERYBODY - {"nobody"}
DECIDES = {"moderator", "senior", "lead", "admin"}
SENIORS = DECIDES - {"moderator"}
LEADS = {"lead", "admin"}
READS_QUALITY = {*LEADS, "auditor"}
READS_RECORD = STAFF - {"moderator", "senior"}
RULES = {*LEADS, "policy admin"}
# Asked with GET, by who is let in. What a page then offers is for its own tests.
PAGES = {
    **dict.fromkeys(["index", "password_change", "password_change_done", "jsi18n", "second_factor"], EVERYBODY),
    **dict.fromkeys(["second_factor_set_up", "second_factor_code", "login"], EVERYBODY),
    **dict.fromkeys(["review_desk", "review_queue", "review_read", "review_palette", "review_media"], STAFF),
    **dict.fromkeys(["review_second", "review_settings", "review_break", "review_override_done"], STAFF),
    **dict.fromkeys(["dashboard", "dashboard_figures", "playground"], STAFF),
    **dict.fromkeys(["moderation_termlist_try", "moderation_hashbank_try"], STAFF),
    **dict.fromkeys(["review_next", "review_case", "review_people", "review_override", "quality_mine"], DECIDES),
    **dict.fromkeys(["review_bulk", "review_bulk_run", "review_bulk_progress", "review_second_person"], SENIORS),
    **dict.fromkeys(["review_live", "review_live_figures", "quality_golden_add"], LEADS),
    **dict.fromkeys(["quality", "quality_disagreements", "quality_disagreement", "quality_golden"], READS_QUALITY),
    **dict.fromkeys(["review_team_care", "review_person_care"], READS_QUALITY),
    "review_record": READS_RECORD,
    "auth_user_password_change": {"admin"},
}
# Posted without a form: who may not is told so before anything is looked at, others hear what is missing.
ACTS = {
    **dict.fromkeys(["choose-language", "saved_filter_save", "saved_filter_delete"], EVERYBODY),
    **dict.fromkeys(["review_mentions_seen", "review_skipped", "review_break_later"], STAFF),
    **dict.fromkeys(["review_skip", "review_release", "review_undo"], STAFF),  # the claim decides
    **dict.fromkeys(["review_renew", "review_look"], EVERYBODY),  # as above: a claim or a look of one's own
    "review_presence": STAFF,
    **dict.fromkeys(["review_decide", "review_hand_over", "review_note", "review_give_back"], DECIDES),
    **dict.fromkeys(["review_hold", "review_escalate", "review_send_back"], DECIDES),
    **dict.fromkeys(["review_bulk_work", "review_bulk_undo"], SENIORS),
    **dict.fromkeys(["review_give", "quality_golden_retire"], LEADS),
    "quality_file": READS_QUALITY,
    **dict.fromkeys(["moderation_author_suspend", "moderation_author_reinstate"], LEADS),
    **dict.fromkeys(["moderation_siteadapter_activate", "moderation_siteadapter_deactivate"], LEADS),
    "moderation_webhookevent_redeliver": LEADS,
    "moderation_policyversion_activate": RULES,
    **dict.fromkeys(["moderation_apikey_revoke", "moderation_apikey_rotate", "auth_user_access"], {"admin"}),
    **dict.fromkeys(["moderation_webhookendpoint_rotate_secret", "moderation_webhookendpoint_test"], {"admin"}),
}
# Doors that are for those who are out, and what Django answers by itself.
ELSEWHERE = {"logout", "autocomplete", "view_on_site", "app_list", "oidc-sign-in", "oidc-callback"}


def own_pages() -> dict[str, str]:
    """Name to path of every page under /admin/ that Django does not make for a model."""
    made = {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry}
    verbs = ("changelist", "add", "history", "delete", "change", "export")
    generated = {f"{model}_{verb}" for model in made for verb in verbs}
    return {name: path for name, path in _below(get_resolver(), "") if name not in generated}


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, path)
        elif isinstance(pattern, URLPattern) and pattern.name and path.startswith("admin/"):
            yield pattern.name, path


@pytest.fixture
def browsers(groups) -> dict[str, Client]:
    """A browser of a person in each role."""
    found = {}
    for role in ROLES:
        user = factories.UserFactory(
            username=role.replace(" ", "_"), is_staff=True, group_names=[role] if role != "nobody" else []
        )
        found[role] = Client()
        found[role].force_login(user)
    return found


@pytest.fixture
def address(furnished):
    """The address of a page, about rows that exist where that matters."""
    case, file = furnished.cases.get(), ContentMedia.objects.exclude(file=None).get().file
    reader = factories.UserFactory(username="reader")
    known = {
        "case_id": case.pk, "content_id": furnished.pk, "slug": case.queue.slug, "file_id": file.pk,
        "user_id": reader.pk, "person_id": reader.pk, "id": reader.pk, "name": "unlock",
        "decision_id": furnished.decisions.get().pk,
        "author_id": furnished.author_id, "key_id": ApiKey.objects.get().pk,
        "endpoint_id": WebhookEndpoint.objects.get().pk,
        "moderation_termlist_try": TermList.objects.get().pk, "moderation_hashbank_try": HashBank.objects.get().pk,
        "version_id": PolicyVersion.objects.first().pk,
    }  # fmt: skip
    unknown = {"uuid": str(case.pk), "int": "1", "path": "1", "str": "1"}

    def of(name: str) -> str:
        def filled(part: re.Match[str]) -> str:
            return str(known.get(name if part[2] == "object_id" else part[2], unknown.get(part[1] or "str")))

        return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", filled, own_pages()[name])

    return of


def test_every_page_is_in_the_table():
    """Whoever adds a page says here who may open it."""
    assert set(own_pages()) - ELSEWHERE == set(PAGES) | set(ACTS)


@pytest.mark.parametrize("table", ["pages", "acts"])
def test_who_may(browsers, address, table):
    method, rights = ("get", PAGES) if table == "pages" else ("post", ACTS)
    wrong = []
    for name, allowed in rights.items():
        url = address(name)
        for role, browser in browsers.items():
            with transaction.atomic():
                status = getattr(browser, method)(url).status_code
                transaction.set_rollback(True)
            if (status not in (401, 403)) != (role in allowed):
                wrong.append((name, role, status))
            assert status < 500, (name, role)
    assert wrong == []


def test_who_is_out_is_led_to_the_door(client, address):
    shown = [name for name in PAGES if name not in ("login", "jsi18n") and client.get(address(name)).status_code != 302]
    assert shown == []


def test_each_model_is_listed_for_whom_its_right_says(browsers):
    """The lists of the console, by the rights of the groups: what a role may view, it may open, and nothing else."""
    wrong = []
    for model in admin.site._registry:
        right = f"{model._meta.app_label}.view_{model._meta.model_name}"
        for role, browser in browsers.items():
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            user = User.objects.get(username=role.replace(" ", "_"))
            if (browser.get(url).status_code == 200) != user.has_perm(right):
                wrong.append((model.__name__, role))
    assert wrong == []
