"""Personal data is masked in the answer, and decides who looks at it."""

import pytest

from moderation.models import Content
from moderation.pipeline import drain
from moderation.retention import erase_contents

pytestmark = pytest.mark.django_db
CARD = "My card is 4111 1111 1111 1111, take it."


def submit(api, text):
    return api.post("/api/v1/content", {"external_id": "soup-1", "text": text, "language": "en", "mode": "sync"}).json()


def test_a_card_is_masked_and_goes_to_a_person(api):
    answer = submit(api, CARD)
    assert answer["masked_text"] == "My card is [card], take it."
    assert (answer["decision"], answer["rule"], answer["scores"]["pii"]) == ("review", "personal-data", 0.98)
    (place,) = [span for span in answer["evidence"] if span["category"] == "pii"]
    assert (CARD[place["start"] : place["end"]], place["detail"]) == ("4111 1111 1111 1111", "pii:card")


def test_an_address_for_mail_is_masked_and_approved(api):
    answer = submit(api, "The recipe? Write to ann@example.com and I send it.")
    assert answer["masked_text"] == "The recipe? Write to [email] and I send it."
    assert (answer["decision"], answer["scores"]["pii"]) == ("approve", 0.588)


def test_text_without_personal_data_has_no_masked_one(api):
    assert submit(api, "The soup needs more salt.")["masked_text"] is None


def test_sixty_addresses_are_masked_behind_much_other_evidence(api):
    answer = submit(api, "https://bit.ly/x " * 60 + "ab@example.com " * 60)
    assert "@" not in answer["masked_text"]


def test_erased_text_is_not_masked_but_gone(api):
    content_id = submit(api, CARD)["id"]
    erase_contents(contents=[Content.objects.get(pk=content_id)], actor="system", reason="asked for")
    drain()
    assert api.get(f"/api/v1/content/{content_id}").json()["masked_text"] is None
