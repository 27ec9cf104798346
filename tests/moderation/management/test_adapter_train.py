"""`manage.py adapter_train`."""

import pytest
from django.core.management import CommandError, call_command

from moderation.models import SiteAdapter
from tests.moderation.site_adapter.conftest import configured, decided, pizza_site  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def test_it_shows_what_was_found_and_who_won(pizza_site, capsys):  # noqa: F811
    call_command("adapter_train", "--no-activate", "--by", "lead")
    first, headings, spam, last = capsys.readouterr().out.splitlines()
    assert first == "120 decided texts, 0 in the background."
    assert headings.split() == [
        "category", "rejected", "approved", "AUPRC", "adapter", "Brier", "adapter", "outcome"
    ]  # fmt: skip
    assert spam.split()[:3] == ["spam", "40", "80"]
    assert spam.split()[7].startswith("adapter")
    assert last == "Version 1 was kept and not put in force: look at it in the console."
    assert (SiteAdapter.objects.get().trained_by, SiteAdapter.objects.get().is_active) == ("lead", False)


def test_too_few_examples_change_nothing(configured, capsys):  # noqa: F811
    call_command("adapter_train")
    assert "base: too few rejected: 0 of 30" in capsys.readouterr().out
    assert not SiteAdapter.objects.exists()


def test_a_category_that_cannot_be_taught_is_refused(configured):  # noqa: F811
    with pytest.raises(CommandError, match="'soup' cannot be taught. .* Nothing was changed."):
        call_command("adapter_train", "--category", "soup")
