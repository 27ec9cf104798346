"""What people wrote, as the console shows it."""

import pytest

from moderation.admin import cells
from tests.factories import AuthorFactory

OVERRIDE, ISOLATE, MARK = "\u202e", "\u2066", "\u200f"


def test_what_would_turn_a_name_round_is_named():
    assert cells.foreign(f"anna{OVERRIDE}gnp.{ISOLATE}exe") == "<bdi>anna[U+202E]gnp.[U+2066]exe</bdi>"


def test_a_name_in_another_script_stays_as_it_is():
    assert cells.foreign(f"דנה{MARK} 7") == f"<bdi>דנה{MARK} 7</bdi>"


def test_what_was_written_is_no_html():
    assert cells.foreign("<b>Anna</b>") == "<bdi>&lt;b&gt;Anna&lt;/b&gt;</bdi>"


@pytest.mark.django_db
def test_no_page_of_an_author_turns_round(signed_in, admin_user, platform):
    author = AuthorFactory(client=platform, external_id="u1", display_name=f"Anna{OVERRIDE}nimda")
    browser = signed_in(admin_user)
    for path in ("/admin/moderation/author/", f"/admin/moderation/author/{author.pk}/change/"):
        page = browser.get(path).content.decode()
        assert "Anna[U+202E]nimda" in page
        assert OVERRIDE not in page
