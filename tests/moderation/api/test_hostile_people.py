"""No input about authors, reports and decisions makes a 500."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.models import Content
from tests import factories
from tests.moderation.api.test_hostile import anything, quietly, refused_or_fine, values

pytestmark = pytest.mark.django_db
names = st.sampled_from(
    ["content_id", "external_id", "reporter", "reason", "comment", "outcome", "if_decision_id", "until",
     "duration_seconds", "trust", "display_name", "more"]
)  # fmt: skip
likely = st.sampled_from(
    ["post-1", "insult", "reject", "trusted", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 60, 10**40, -1]
)
bodies = st.dictionaries(names, values | likely, max_size=6)
wishes = st.dictionaries(
    st.sampled_from(
        ["cursor", "limit", "status", "reason", "outcome", "source", "trust", "suspended", "created_after",
         "created_before", "content_id", "external_id", "reporter", "more"]
    ),
    st.text(max_size=40),
)  # fmt: skip


@pytest.fixture
def content(platform) -> Content:
    author = factories.AuthorFactory(client=platform)
    return factories.DecidedContentFactory(client=platform, external_id="post-1", author=author)


@quietly
@given(body=bodies | values)
@pytest.mark.parametrize("path", ["reports", "decisions"])
def test_no_body_breaks_what_is_said_of_a_content(api, content, path, body):
    assert refused_or_fine(api.post(f"/api/v1/{path}", json.dumps(body)))


@quietly
@given(body=bodies | values)
def test_no_body_breaks_an_act_on_an_author(api, content, body):
    address = f"/api/v1/authors/{content.author.public_id}"
    raw = json.dumps(body)
    assert refused_or_fine(api.post(f"{address}/suspend", raw))
    changed = api.client.patch(address, raw, content_type="application/json", headers=api.headers)
    assert refused_or_fine(changed)


@quietly
@given(parameters=wishes)
@pytest.mark.parametrize("path", ["reports", "decisions", "authors"])
def test_no_parameter_breaks_a_list(api, content, path, parameters):
    assert refused_or_fine(api.get(f"/api/v1/{path}", **parameters))


@quietly
@given(cursor=st.text(max_size=60))
def test_no_cursor_breaks_a_history(api, content, cursor):
    assert refused_or_fine(api.get(f"/api/v1/authors/{content.author.public_id}/history", cursor=cursor))


@quietly
@given(name=anything.filter(lambda text: "\ud800" not in text and text.isprintable() and text and "/" not in text))
@pytest.mark.parametrize("path", ["reports", "decisions", "authors"])
def test_no_id_breaks_a_detail(api, path, name):
    answer = api.client.get(f"/api/v1/{path}/x{name}".replace("?", "").replace("#", ""), headers=api.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
