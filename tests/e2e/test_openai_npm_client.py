"""OpenAI's npm client, unmodified, against a running web server."""

import base64

import pytest

from moderation.api.openai.categories import MODELS, NAMES
from moderation.enums import Scope
from moderation.models import ApiKey
from tests.e2e.npm_clients import run_script
from tests.factories import ApiClientFactory
from tests.images import photo

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MILD = "The soup was warm and the rain was loud."
RUDE = "You are a stupid idiot and everybody hates you."


@pytest.fixture
def told(web) -> dict:
    """What the client was told in one run of its script."""
    key = ApiKey.issue(client=ApiClientFactory(), scopes=[Scope.SCORE])
    image = "data:image/jpeg;base64," + base64.b64encode(photo()).decode()
    settings = {"OPENAI_BASE_URL": f"{web().url}/v1", "OPENAI_API_KEY": key}
    return run_script("openai_moderations.mjs", MILD=MILD, RUDE=RUDE, IMAGE=image, **settings)


def test_it_scores_and_hears_of_errors_as_from_openai(told):
    (result,) = told["one"]["results"]
    assert (result["flagged"], result["categories"]["harassment"], set(result["categories"])) == (True, True, {*NAMES})
    assert result["review_engine"]["decision"] == "review"
    assert len(told["requestId"]) == 32
    assert [one["flagged"] for one in told["several"]] == [False, True]
    (item,) = told["item"]
    assert item["category_applied_input_types"]["sexual"] == ["text", "image"]
    assert told["models"] == list(MODELS)
    invalid = {"type": "invalid_request_error", "param": "input[1]"}
    assert told["badInput"] == {"name": "BadRequestError", "status": 400, "code": "empty_string", **invalid}
    assert (told["wrongKey"]["name"], told["wrongKey"]["code"]) == ("AuthenticationError", "invalid_api_key")
    assert (told["unknownModel"]["name"], told["unknownModel"]["code"]) == ("NotFoundError", "model_not_found")
