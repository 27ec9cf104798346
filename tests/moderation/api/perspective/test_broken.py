"""When something of ours breaks, the door says so in its vendor's words and in none of the text's."""

import pytest
from django.db import OperationalError

from moderation.models import ApiKey
from moderation.scoring import Busy
from tests.moderation.api.perspective.conftest import ANALYZE, error_of

pytestmark = pytest.mark.django_db
BODY = {"comment": {"text": "The soup was warm."}, "requestedAttributes": {"TOXICITY": {}}}


@pytest.fixture
def broken(monkeypatch):
    """``broken(error)``: the detectors raise it."""

    def use(error: Exception) -> None:
        def raises(*_):
            raise error

        monkeypatch.setattr("moderation.api.perspective.scores.read_texts", raises)

    return use


@pytest.mark.parametrize("error", [OperationalError("connection refused"), Busy()])
def test_what_passes_is_worth_another_try(broken, keyless, score_key, error):
    broken(error)
    answer = keyless.post(f"{ANALYZE}?key={score_key}", BODY)
    assert (answer.status_code, error_of(answer)["status"]) == (503, "UNAVAILABLE")
    assert int(answer["Retry-After"]) > 0


def test_what_nobody_expected_is_told_without_its_words(broken, keyless, score_key, caplog):
    broken(ValueError("The soup was warm."))
    answer = keyless.post(f"{ANALYZE}?key={score_key}", BODY)
    assert (answer.status_code, error_of(answer)["status"]) == (500, "INTERNAL")
    assert "soup" not in answer.content.decode()
    assert "api.failed" in caplog.text


def test_a_key_bound_to_another_network_is_refused(keyless, platform):
    key = ApiKey.issue(client=platform, scopes=["score"], allowed_networks=["192.0.2.0/24"])
    answer = keyless.post(f"{ANALYZE}?key={key}", BODY)
    assert (answer.status_code, error_of(answer)["status"]) == (403, "PERMISSION_DENIED")


def test_thousands_of_parameters_are_refused(keyless, score_key):
    answer = keyless.post(f"{ANALYZE}?key={score_key}" + "&a=1" * 2000, BODY)
    assert (answer.status_code, error_of(answer)["status"]) == (400, "INVALID_ARGUMENT")
