"""What the client takes from its caller: files in every form, and many objects in lots."""

import io

import pytest
from reviewengine_client import Client
from reviewengine_client.sending import bytes_of, lots


@pytest.fixture
def client():
    with Client("http://127.0.0.1:1", key="k", retries=0) as made:
        yield made


@pytest.mark.parametrize("file", [io.StringIO("text"), 3, None, ["a.jpg"]])
def test_what_is_no_file_is_refused(client, file):
    with pytest.raises(TypeError, match="sent as bytes, by its path, or as a file that is open in binary mode"):
        client.media.upload(file)


def test_a_file_that_is_not_there_is_told(client, tmp_path):
    with pytest.raises(FileNotFoundError):
        client.media.upload(str(tmp_path / "none.jpg"))


def test_a_file_is_read_from_where_it_stands():
    assert bytes_of(io.BytesIO(b"GIF89a")) == b"GIF89a"


@pytest.mark.parametrize("one", ["a text", b"bytes", {"external_id": "c1"}])
def test_one_is_not_taken_for_several(client, one):
    for call in (client.score_many, client.content.submit_many, client.content.stream):
        with pytest.raises(TypeError, match="several are sent in a list"):
            call(one)


def test_lots_keep_to_both_limits():
    assert list(lots("abcde", most=2, most_bytes=100)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(lots(["aaaa", "b", "c" * 20, "d"], most=9, most_bytes=9)) == [["aaaa", "b"], ["c" * 20], ["d"]]
    assert list(lots([], most=2, most_bytes=9)) == []
