"""Every word of the console has its translation, and the compiled catalogue says what the written one says."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from reviewengine import catalogues


@pytest.mark.parametrize("language", catalogues.languages())
def test_a_catalogue_is_whole(language):
    state = catalogues.state_of(language)
    assert (state.missing, state.fuzzy, state.faulty, state.obsolete) == ([], [], [], [])
    assert state.compiled, "run `make messages`"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The catalogues in a folder of the test's own."""
    shutil.copytree(catalogues.FOLDER, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path / "locale")
    return tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"


def test_messages_update_keeps_what_is_translated(copied):
    before = copied.read_text()
    copied.write_text(before + '\nmsgid "Nobody says this."\nmsgstr "Das sagt niemand."\n')
    call_command("messages_update")
    assert copied.read_text() == before


def test_messages_update_check_names_what_is_missing(copied, capsys):
    copied.write_text(copied.read_text().replace('msgstr "Alle Zeiten sind UTC."', 'msgstr ""'))
    with pytest.raises(CommandError, match="make messages"):
        call_command("messages_update", "--check")
    assert "All times are UTC." in capsys.readouterr().out
