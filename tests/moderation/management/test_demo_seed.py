"""`demo_seed`: what a first start shows."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from moderation.models import ApiKey, Content, ContentMedia, NoteMention, ReviewCase
from reviewengine import conf
from reviewengine.embedded import first_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    call_command("demo_seed", verbosity=0)
    return first_run.read(conf.load().home)


def test_every_item_is_decided_or_waits_for_a_person(shown):
    assert Content.objects.filter(status__in=["pending", "processing"]).count() == 0
    assert Content.objects.count() >= 30
    assert 5 <= ReviewCase.objects.count() <= 20


def test_harmless_pictures_are_approved_and_a_known_one_waits_for_a_person(shown):
    with_images = Content.objects.filter(image_count__gt=0).order_by("external_id")
    assert [(content.external_id, content.decision) for content in with_images] == [
        ("photo-801", "approve"),
        ("photo-802", "approve"),
        ("photo-803", "review"),
    ]
    result = ReviewCase.objects.get(content__external_id="photo-803").result
    assert result.rule == "known-image"
    (hit,) = ContentMedia.objects.get(content=result.content).hits
    assert (hit["bank"], 1 <= hit["distance"] <= 6) == ("known-flyers", True)


def test_the_login_and_the_key_work(shown):
    assert User.objects.get(username=shown.username).check_password(shown.password)
    assert ApiKey.objects.get().digest == ApiKey.digest_of(shown.api_key)
    assert shown.api_key in shown.curl
    assert "{url}" in shown.curl


def test_there_is_a_person_in_every_role(shown):
    roles = set(User.objects.exclude(groups=None).values_list("groups__name", flat=True))
    assert roles == {"moderator", "senior", "lead", "policy admin", "auditor"}


def test_there_is_something_to_see_of_everything_a_moderator_does(shown):
    assert ReviewCase.objects.filter(source="report").count() == 1
    assert ReviewCase.objects.filter(content__author__reach=250_000).count() == 1
    assert NoteMention.objects.get().person.username == "lea"


def test_a_second_call_changes_nothing(shown):
    call_command("demo_seed", verbosity=0)
    assert ApiKey.objects.count() == 1
