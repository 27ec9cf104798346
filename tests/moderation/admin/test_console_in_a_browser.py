"""Every page of the console in Chromium, light and dark: nothing against the CSP, nothing against WCAG 2.2 AA."""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import expect

from moderation.models import ApiKey, ReviewQueue
from tests.browser import Visitor
from tests.moderation.admin.conftest import full_content

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def faults_of(visitor: Visitor, *paths: str) -> list[str]:
    """Visits the pages and answers all that the browser or axe finds wrong with them."""
    faults = []
    for path in paths:
        visitor.open(path)
        faults += [f"{path}: {fault}" for fault in (*visitor.axe_violations(), *visitor.faint_in_the_dark())]
        if too_wide := width_on_a_phone(visitor):
            faults.append(f"{path}: {too_wide} px wide on a phone")
    return faults + visitor.problems


def width_on_a_phone(visitor: Visitor) -> int:
    """How wide the page is where it should be 320 px; 0 where it fits."""
    wide = visitor.page.viewport_size
    visitor.page.set_viewport_size({"width": 320, "height": 700})
    found = visitor.page.evaluate("document.documentElement.scrollWidth")
    visitor.page.set_viewport_size(wide)
    return found if found > 320 else 0


def pages_beside_the_models(person: User) -> list[str]:
    """Every page that an app has mounted in the console and whose address has no part to fill in."""
    client = Client()
    client.force_login(person)
    console = next(part for part in get_resolver().url_patterns if getattr(part, "namespace", "") == "admin")
    mounted = [part for part in console.url_patterns if getattr(part, "app_name", "") is None]
    addresses = {
        f"/admin/{part.pattern}{page.pattern}"
        for part in mounted
        for page in part.url_patterns
        if isinstance(page, URLPattern) and page.name and not page.pattern.converters
    }
    answers = {address: client.get(address) for address in addresses}
    return sorted(
        address for address, answer in answers.items() if answer.status_code == 200 and b"<html" in answer.getvalue()
    )


def pages_of_the_models() -> list[str]:
    """The list of each model, the page of its first row, and the page that adds one."""
    pages = []
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"{name}_changelist"))
        row = model_admin.model.objects.first()
        pages += [reverse(f"{name}_change", args=[row.pk])] if row else []
        if type(model_admin).has_add_permission is admin.ModelAdmin.has_add_permission:
            pages.append(reverse(f"{name}_add"))
    return pages


def test_signing_in(visitor, groups):
    assert faults_of(visitor, reverse("admin:login")) == []


def test_every_page_that_an_app_has_mounted(visitor, boss, furnished):
    visitor.sign_in(boss)
    pages = pages_beside_the_models(boss)
    known = {reverse(f"admin:{name}") for name in ("dashboard", "playground", "review_desk", "review_live")}
    assert known <= set(pages)
    assert faults_of(visitor, reverse("admin:index"), *pages) == []


def test_every_page_of_every_model(visitor, boss, furnished):
    visitor.sign_in(boss)
    assert faults_of(visitor, *pages_of_the_models()) == []


def test_pages_with_errors_and_questions(visitor, boss, furnished):
    visitor.sign_in(boss)
    visitor.open(reverse("admin:moderation_termlist_add"))
    visitor.page.get_by_role("button", name="Save", exact=True).click()
    assert visitor.axe_violations() == []
    queue = "admin:moderation_reviewqueue"
    row = ReviewQueue.objects.first().pk
    pages = [reverse(f"{queue}_delete", args=[row]), reverse("admin:auth_user_history", args=[boss.pk])]
    pages += [f"{reverse(f'{queue}_changelist')}?q=zzz", reverse("admin:password_change")]
    assert faults_of(visitor, *pages) == []


@pytest.mark.parametrize("role", ["alice", "auditor", "policy_admin"])
def test_each_role_sees_a_whole_console(visitor, furnished, role, request):
    person = request.getfixturevalue(role)
    visitor.sign_in(person)
    assert faults_of(visitor, reverse("admin:index"), *pages_beside_the_models(person)) == []


def test_a_page_that_is_not_there(visitor, boss):
    visitor.sign_in(boss)
    visitor.open("/admin/review/nothing/")
    assert (visitor.axe_violations(), visitor.faint_in_the_dark(), width_on_a_phone(visitor)) == ([], [], 0)
    visitor.page.get_by_role("link", name="To the console").click()
    assert visitor.page.url.endswith(reverse("admin:index"))


def test_an_issued_key_is_shown_once(visitor, boss, furnished):
    visitor.sign_in(boss)
    visitor.open(reverse("admin:moderation_apikey_add"))
    visitor.page.get_by_label("Client:").select_option(label=furnished.client.name)
    visitor.page.get_by_label("Content Write").check()
    visitor.page.get_by_role("button", name="Save", exact=True).click()
    key = visitor.page.locator("#issued-key").inner_text()
    assert ApiKey.objects.filter(digest=ApiKey.digest_of(key)).exists()
    assert visitor.axe_violations() == []
    visitor.page.get_by_role("link", name="I have stored it: continue").click()
    assert key not in visitor.page.content()
    assert visitor.problems == []


def test_hostile_text_runs_no_script(visitor, boss, furnished):
    visitor.sign_in(boss)
    visitor.open(reverse("admin:moderation_content_change", args=[furnished.pk]))
    assert visitor.page.locator("pre.foreign-text").first.inner_text() == "<script>alert(1)</script> soup"
    assert visitor.problems == []


@pytest.mark.parametrize("width", [320, 768, 3840])
def test_nothing_is_cut_off_at_any_width(visitor, boss, furnished, width):
    visitor.sign_in(boss)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    for name in ("index", "dashboard", "moderation_content_changelist"):
        visitor.open(reverse(f"admin:{name}"))
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_dashboard_renews_itself_and_can_be_paused(visitor, boss, furnished):
    visitor.sign_in(boss)
    visitor.page.clock.install()
    visitor.open(reverse("admin:dashboard"))
    visitor.page.locator("main summary").first.click()
    visitor.page.locator("h1").click()
    full_content(7)
    with visitor.page.expect_response("**/dashboard/figures/"):
        visitor.page.evaluate("document.activeElement.blur()")
        visitor.page.clock.run_for(31_000)
    expect(visitor.page.locator(".card-value").nth(3)).to_have_text("2")
    assert visitor.page.locator("main details").first.get_attribute("open") is not None
    visitor.page.get_by_role("button", name="Pause updates").click()
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.clock.run_for(120_000)
    assert (asked, visitor.problems) == ([], [])


def test_screenshots_are_small_enough_to_ship():
    folder = Path("docs/screenshots")
    names = ["index-light.png", "dashboard-light.png", "dashboard-dark.png"]
    assert [name for name in names if not 0 < (folder / name).stat().st_size < 200_000] == []
