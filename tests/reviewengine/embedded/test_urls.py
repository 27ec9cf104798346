"""Where the embedded services live is computed from the home alone."""

from pathlib import Path

import dj_database_url
import pytest

from reviewengine.embedded import urls


def test_a_home_without_a_password_yet_has_a_url(tmp_path):
    found = dj_database_url.parse(urls.database_url(tmp_path))

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("reviewengine", "reviewengine", "")
    assert found["OPTIONS"] == {"host": str(urls.socket_dir(tmp_path))}


def test_the_password_of_the_home_is_in_its_url(home):
    password = urls.password_file(home.root).read_text().strip()

    assert len(password) == 32
    assert dj_database_url.parse(home.database_url)["PASSWORD"] == password


def test_a_short_home_holds_its_sockets():
    assert urls.socket_dir(Path("/srv/review")) == Path("/srv/review/run")
    assert urls.redis_url(Path("/srv/review")) == "unix:///srv/review/run/valkey.sock"


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_long_home_has_its_sockets_in_a_short_folder_of_its_own(name):
    long, other = Path("/srv") / ("long" * 30) / name, Path("/srv") / ("long" * 30) / "other"

    assert len(str(urls.socket_dir(long) / urls.POSTGRES_SOCKET)) < urls.LONGEST_SOCKET_PATH
    assert urls.socket_dir(long) == urls.socket_dir(long)
    assert urls.socket_dir(long) != urls.socket_dir(other)


def test_a_blank_in_the_path_is_quoted():
    assert urls.redis_url(Path("/srv/my data")) == "unix:///srv/my%20data/run/valkey.sock"
    assert dj_database_url.parse(urls.database_url(Path("/srv/my data")))["OPTIONS"] == {"host": "/srv/my data/run"}
