"""What the remote detector may be told, and what is refused on the way."""

import pytest

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.registry import build_panel
from moderation.detectors.remote.answers import request_body, system_prompt
from moderation.detectors.remote.client import Client
from moderation.detectors.remote.detector import RemoteDetector
from moderation.detectors.remote.faults import RemoteFault
from moderation.detectors.remote.options import READS, read_options
from moderation.outbound import guard

GOOD = {"base_url": "https://moderation.example/v1"}
REFUSED = {
    "nothing": ({}, "Detector remote needs 'base_url'"),
    "empty": ({"base_url": ""}, "Detector remote needs 'base_url'"),
    "typo": ({**GOOD, "modle": "x"}, "has no option 'modle'. It knows: kind, base_url, model"),
    "kind": ({**GOOD, "kind": "poem"}, "remote, kind: it has to be 'moderations' or 'chat'"),
    "no URL": ({"base_url": "moderation.example"}, "remote, base_url: The URL must begin with"),
    "password in URL": ({"base_url": "https://me:hush@moderation.example"}, "a user name or a password"),
    "query": ({"base_url": "https://moderation.example/v1?x=1"}, "holds a query"),
    "public http": ({"base_url": "http://8.8.8.8/v1"}, "http to a public address"),
    "chat without model": ({**GOOD, "kind": "chat"}, "kind chat needs a 'model'"),
    "band": ({**GOOD, "uncertain_from": 0.9}, "uncertain_from is above uncertain_to"),
    "category": ({**GOOD, "categories": ["toxicity"]}, "'toxicity' is none that can be asked for"),
    "no category": ({**GOOD, "categories": []}, "remote, categories: "),
    "time": ({**GOOD, "request_seconds": 0}, "remote, request_seconds: it has to be greater than 0"),
    "key": ({**GOOD, "api_key": "sk hush"}, "remote, api_key: it holds spaces"),
    "parameter": ({**GOOD, "parameters": {"messages": []}}, "'messages' is set by the detector itself"),
    "combine": ({**GOOD, "combine": "average"}, "it has to be 'max' or 'replace'"),
}


@pytest.mark.parametrize(("options", "words"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_option_is_refused_with_the_mend_and_without_secrets(options, words):
    with pytest.raises(DetectorConfigError) as refused:
        build_panel({"remote": {"options": options}})
    assert words in str(refused.value)
    assert "hush" not in str(refused.value)


def test_it_is_off_unless_enabled():
    assert list(build_panel({"remote": {"enabled": False}, "urls": {}}).versions) == ["urls"]


@pytest.mark.parametrize(("kind", "address"), [("moderations", "/v1/moderations"), ("chat", "/v1/chat/completions")])
def test_the_address_of_each_kind(kind, address):
    options = read_options({"base_url": "http://10.0.0.7:8000/v1/", "kind": kind, "model": "m"})
    assert (options.target.host, options.target.port, options.target.path) == ("10.0.0.7", 8000, address)


def test_a_name_that_leads_to_a_public_address_is_not_called_without_tls(monkeypatch):
    monkeypatch.setattr(guard, "system_resolve", lambda host, port: ["93.184.216.34"])
    with pytest.raises(RemoteFault, match="not_encrypted"):
        Client(read_options({"base_url": "http://moderation.example/v1"})).post(b"{}", until=float("inf"))


def test_the_thirteen_are_asked_for_and_explained():
    assert len(READS) == 13
    assert RemoteDetector.build(GOOD, ()).categories == set(READS)
    assert all(f'"{name}": ' in system_prompt(READS) for name in READS)


def test_without_a_model_none_is_named():
    assert request_body(read_options(GOOD), "x") == b'{"input":"x"}'
    assert request_body(read_options({**GOOD, "model": "m"}), "x") == b'{"model":"m","input":"x"}'
