"""OpenAI's own Python client, unmodified, with nothing changed but the base URL and the key."""

import asyncio
import base64
import contextlib
import os
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
from openai.types import ModerationCreateResponse

from moderation.enums import Scope
from moderation.models import ApiKey
from moderation.scoring import Busy
from reviewengine import conf
from tests.images import photo

pytestmark = pytest.mark.django_db(transaction=True)
MILD = "The soup was warm and the rain was loud."
RUDE = "You are a stupid idiot and everybody hates you."


@pytest.fixture
def connect(base_url):
    """Makes clients; their connections are closed in the end, for the server's threads hold the database till then."""
    with contextlib.ExitStack() as open_ones:
        yield lambda **options: open_ones.enter_context(openai.OpenAI(**{"base_url": base_url, **options}))


@pytest.fixture
def client(connect, key) -> openai.OpenAI:
    return connect(api_key=key)


@pytest.fixture
def busy_at_first(monkeypatch):
    """The first so many calls find the service busy."""
    from moderation.api.openai import views

    calls: list[int] = []
    real = views.score_texts

    def use(times: int) -> list[int]:
        def score(texts, **options):
            calls.append(len(texts))
            if len(calls) <= times:
                raise Busy
            return real(texts, **options)

        monkeypatch.setattr(views, "score_texts", score)
        return calls

    return use


def strictly(response: ModerationCreateResponse) -> ModerationCreateResponse:
    """The client builds its types without a check; here every field must be what its type says."""
    return ModerationCreateResponse.model_validate(response.model_dump(by_alias=True))


def test_a_text(client):
    response = strictly(client.moderations.create(input=RUDE))
    (result,) = response.results
    assert (result.flagged, result.categories.harassment, result.categories.self_harm_intent) == (True, True, False)
    assert 0.7 <= result.category_scores.harassment <= 1
    assert result.category_applied_input_types.hate_threatening == ["text"]
    assert response.id.startswith("modr-")
    assert response.model == "review-engine"


def test_several_texts(client):
    response = strictly(client.moderations.create(model="omni-moderation-latest", input=[MILD, RUDE, MILD]))
    assert [result.flagged for result in response.results] == [False, True, False]


def test_text_and_image(client):
    url = "data:image/jpeg;base64," + base64.b64encode(photo()).decode()
    given = [{"type": "text", "text": MILD}, {"type": "image_url", "image_url": {"url": url}}]
    response = strictly(client.moderations.create(model="omni-moderation-2024-09-26", input=given))
    (result,) = response.results
    assert result.flagged is False
    assert result.category_applied_input_types.sexual == ["text", "image"]


def test_an_older_model(client):
    (result,) = client.moderations.create(model="text-moderation-latest", input=RUDE).results
    assert (result.flagged, result.categories.illicit, result.categories.illicit_violent) == (True, None, None)


def test_our_own_member_survives(client):
    (result,) = client.moderations.create(input=MILD).results
    assert result.model_extra["review_engine"]["decision"] == "approve"
    assert result.model_extra["review_engine"]["language"] == "en"


def test_the_request_id_is_read(client):
    answered = client.moderations.with_raw_response.create(input=MILD, extra_headers={"X-Request-ID": "order-66"})
    assert answered.headers["x-request-id"] == answered.parse()._request_id == "order-66"


def test_the_asynchronous_client(base_url, key):
    async def ask() -> list[ModerationCreateResponse]:
        async with openai.AsyncOpenAI(base_url=base_url, api_key=key) as client:
            return await asyncio.gather(*(client.moderations.create(input=text) for text in [MILD, RUDE] * 4))

    with ThreadPoolExecutor(1) as pool:  # a browser test before may have left an event loop running in this thread
        answers = pool.submit(lambda: asyncio.run(ask())).result()
    assert [response.results[0].flagged for response in answers] == [False, True] * 4


def test_settings_from_the_environment_are_enough(base_url, key, monkeypatch):
    monkeypatch.setitem(os.environ, "OPENAI_BASE_URL", base_url)
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", key)
    with openai.OpenAI() as client:
        assert client.moderations.create(input=MILD).results[0].flagged is False


def test_the_models(client):
    names = [model.id for model in client.models.list()]
    assert names[:2] == ["review-engine", "omni-moderation-latest"]
    assert client.models.retrieve("review-engine").owned_by == "review-engine"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-4o")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_a_wrong_key_is_an_authentication_error(connect):
    with pytest.raises(openai.AuthenticationError) as caught:
        connect(api_key="re_wrong").moderations.create(input=MILD)
    assert (caught.value.status_code, caught.value.code) == (401, "invalid_api_key")


def test_a_missing_scope_is_a_permission_error(connect, platform):
    key = ApiKey.issue(client=platform, scopes=[Scope.CONTENT_READ])
    with pytest.raises(openai.PermissionDeniedError) as caught:
        connect(api_key=key).moderations.create(input=MILD)
    assert (caught.value.code, caught.value.type) == ("missing_scope", "invalid_request_error")


def test_a_bad_input_is_a_bad_request_with_its_place(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.moderations.create(input=[MILD, ""])
    error = caught.value
    assert (error.code, error.param, error.type) == ("empty_string", "input[1]", "invalid_request_error")
    assert "Invalid 'input[1]': must not be empty." in error.message
    assert error.request_id


def test_what_is_not_offered_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.embeddings.create(model="x", input=MILD)
    assert caught.value.code == "not_found"


def test_a_spent_limit_is_told(connect, platform):
    key = ApiKey.issue(client=platform, scopes=[Scope.SCORE], rate_limit_requests=1)
    client = connect(api_key=key, max_retries=0)
    client.moderations.create(input=MILD)
    with pytest.raises(openai.RateLimitError) as caught:
        client.moderations.create(input=MILD)
    assert (caught.value.code, caught.value.type) == ("rate_limit_exceeded", "requests")
    assert int(caught.value.response.headers["retry-after"]) >= 1


def test_a_limit_that_is_regained_in_time_is_not_noticed(connect, platform, monkeypatch):
    """One in two seconds: the second call is refused, waits as Retry-After says, and passes."""
    current = conf.load()
    api = current.api.model_copy(update={"rate_limit_seconds": 2})
    monkeypatch.setattr(conf, "load", lambda: current.model_copy(update={"api": api}))
    key = ApiKey.issue(client=platform, scopes=[Scope.SCORE], rate_limit_requests=1)
    client = connect(api_key=key)
    first, second = (client.moderations.with_raw_response.create(input=MILD) for _ in range(2))
    assert (first.retries_taken, second.retries_taken) == (0, 1)


def test_a_busy_service_is_asked_again(client, busy_at_first):
    calls = busy_at_first(1)
    assert client.moderations.create(input=MILD).results[0].flagged is False
    assert calls == [1, 1]


def test_a_service_that_stays_busy_is_a_server_error(connect, key, busy_at_first):
    calls = busy_at_first(9)
    with pytest.raises(openai.InternalServerError) as caught:
        connect(api_key=key, max_retries=1).moderations.create(input=MILD)
    assert (caught.value.status_code, caught.value.code) == (503, "temporary")
    assert len(calls) == 2
