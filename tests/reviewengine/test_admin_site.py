"""The admin site: what apps add to it, and what each person finds there."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse

from moderation.review.claims import claim_case
from reviewengine.admin import IndexPanel, ModelGroup, NavLink, ReviewEngineAdminSite
from tests import factories

site = ReviewEngineAdminSite(name="admin")
site.register_pages(
    "soup/",
    [path("", site.admin_view(lambda request: HttpResponse("soup")), name="soup")],
    link=NavLink("Soup", "admin:soup", ("auth.view_user",)),
)
urlpatterns = [path("admin/", include((site.get_urls(), "admin"), namespace="admin"))]


def request_of(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


@pytest.fixture
def cook(db):
    user = factories.UserFactory(username="cook", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_user"))
    return user


@override_settings(ROOT_URLCONF=__name__)
def test_a_registered_page_is_served_and_closed_to_strangers(cook):
    client = Client()
    assert client.get("/admin/soup/").status_code == 302
    client.force_login(cook)
    assert client.get("/admin/soup/").content == b"soup"


@override_settings(ROOT_URLCONF=__name__)
def test_a_link_is_shown_to_whoever_may_follow_it(cook, charlie):
    links = [site.each_context(request_of(user))["nav_links"] for user in (cook, charlie)]
    assert links == [[{"label": "Soup", "url": "/admin/soup/", "current": False}], []]


@override_settings(ROOT_URLCONF=__name__)
def test_a_panel_that_answers_none_is_not_shown(cook):
    own = ReviewEngineAdminSite()
    own.register_index_panel(IndexPanel("a.html", lambda request: {"soup": 3}))
    own.register_index_panel(IndexPanel("b.html", lambda request: None))
    assert own.index(request_of(cook)).context_data["panels"] == [{"template": "a.html", "soup": 3}]


def test_models_are_listed_by_group_and_the_rest_by_app(rf, admin_user):
    own = ReviewEngineAdminSite()
    own._registry = dict(admin.site._registry)
    own.register_model_group(ModelGroup("People", ("auth.group", "auth.user", "no.such")))
    listed = own.get_app_list(request_of(admin_user))
    assert [model["object_name"] for model in listed[0]["models"]] == ["Group", "User"]
    assert "auth" not in {app["app_label"] for app in listed}
    assert "moderation" in {app["app_label"] for app in listed}


def test_the_console_leaves_no_model_without_a_group(admin_user):
    assert {app["app_label"] for app in admin.site.get_app_list(request_of(admin_user))} == {"group"}


def test_the_index_says_who_is_signed_in_and_as_what(alice):
    client = Client()
    client.force_login(alice)
    page = client.get(reverse("admin:index")).content.decode()
    assert "Signed in as <strong>alice</strong> (moderator)" in page
    assert f'href="{reverse("admin:review_desk")}">Start reviewing</a>' in page


def test_staff_without_rights_see_an_empty_console(charlie):
    client = Client()
    client.force_login(charlie)
    page = client.get(reverse("admin:index")).content.decode()
    assert "You don’t have permission to view or edit anything." in page
    assert "Start reviewing" not in page


def test_an_auditor_is_not_invited_to_review(auditor):
    client = Client()
    client.force_login(auditor)
    page = client.get(reverse("admin:index")).content.decode()
    assert "Waiting for a person" in page
    assert "Start reviewing" not in page


def test_what_waits_is_one_figure_wherever_it_stands(admin_user, client):
    free, held = factories.CaseFactory(), factories.CaseFactory()
    claim_case(case_id=held.pk, moderator=admin_user)
    assert free.queue == held.queue
    client.force_login(admin_user)
    page = client.get(reverse("admin:index")).content.decode()
    figures = re.findall(r"<dt>(Waiting[^<]*)</dt>\s*<dd[^>]*>(?:<[^>]*>)?(\d+)", page)
    assert dict(figures) == {"Waiting in your queues": "1", "Waiting for a person": "1"}


def test_every_answer_of_the_console_carries_the_strict_policy(alice):
    client = Client()
    client.force_login(alice)
    policy = client.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
