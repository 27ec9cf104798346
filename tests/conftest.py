"""Personas that every test may ask for by name."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User

from moderation import usage
from moderation.enums import Scope
from moderation.models import ApiClient, ApiKey
from tests import factories

pytest_plugins = ["tests.browser", "tests.emptying"]
# What is counted in a test is flushed by that test, or not at all.
usage.tally.in_background = False


@pytest.fixture
def platform(db) -> ApiClient:
    """The platform that sends content."""
    return factories.ApiClientFactory(name="platform")


@pytest.fixture
def stranger(db) -> ApiClient:
    """Another platform: it must never see what belongs to the first."""
    return factories.ApiClientFactory(name="stranger")


@pytest.fixture
def key(platform) -> str:
    """A key of the platform with every scope."""
    return ApiKey.issue(client=platform, scopes=list(Scope.values))


@pytest.fixture
def groups(db) -> None:
    """The groups of the migration, made again where a test with real transactions has emptied the tables."""
    if not Group.objects.filter(name="moderator").exists():
        importlib.import_module("moderation.migrations.0002_groups").make_groups(apps, None)
        importlib.import_module("moderation.migrations.0007_image_groups").grant(apps, None)
        importlib.import_module("moderation.migrations.0011_site_adapter_groups").grant(apps, None)
        importlib.import_module("moderation.migrations.0014_report_groups").grant(apps, None)
        importlib.import_module("moderation.migrations.0023_console_groups").grant(apps, None)
        importlib.import_module("moderation.migrations.0024_rejection_reasons").add_reasons(apps, None)
        importlib.import_module("moderation.migrations.0030_feedback_groups").grant(apps, None)
        importlib.import_module("moderation.migrations.0031_senior_rights").grant(apps, None)


@pytest.fixture(autouse=True)
def _groups_are_there(request) -> None:
    """Whichever test came before: every one that uses the database finds the groups."""
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    if uses_database or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("groups")


@pytest.fixture
def alice(groups) -> User:
    """A moderator."""
    return factories.ModeratorFactory(username="alice")


@pytest.fixture
def bob(groups) -> User:
    """Another moderator."""
    return factories.ModeratorFactory(username="bob")


@pytest.fixture
def senior(groups) -> User:
    """A moderator who decides what others escalate."""
    return factories.UserFactory(username="senior", is_staff=True, group_names=["senior"])


@pytest.fixture
def policy_admin(groups) -> User:
    """Writes rules and lists, and decides nothing."""
    return factories.UserFactory(username="policy_admin", is_staff=True, group_names=["policy admin"])


@pytest.fixture
def charlie(db) -> User:
    """A member of staff without any right."""
    return factories.UserFactory(username="charlie", is_staff=True)


@pytest.fixture
def lead(groups) -> User:
    """A trust-and-safety lead."""
    return factories.UserFactory(username="lead", is_staff=True, group_names=["lead"])


@pytest.fixture
def auditor(groups) -> User:
    """Reads everything, changes nothing."""
    return factories.UserFactory(username="auditor", is_staff=True, group_names=["auditor"])


@pytest.fixture
def moderator_group(groups) -> Group:
    return Group.objects.get(name="moderator")
