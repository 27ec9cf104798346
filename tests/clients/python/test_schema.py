"""The client knows every operation of the API's description, at its address, and has the shapes of the server."""

import importlib.util
import json
from pathlib import Path

import pytest
from drf_spectacular.settings import spectacular_settings
from reviewengine_client import Client
from reviewengine_client.calls import Described, Resource

CLIENT = Path(__file__).resolve().parents[3] / "clients" / "python"
# Asked for by the vendors' own clients; ours scores through createModeration.
VENDORS = {"listModels", "getModel", "analyzeComment", "suggestCommentScore", "getDiscoveryDocument"}


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(json.dumps(spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(public=True), default=str))


def described() -> dict[str, set[tuple[str, str]]]:
    """Every operation of the client by its id, with method and path."""
    client = Client("http://127.0.0.1", key="k")
    kinds = [type(client), *(type(one) for one in vars(client).values() if isinstance(one, Resource))]
    found: dict[str, set[tuple[str, str]]] = {}
    for kind in kinds:
        for name in dir(kind):
            if isinstance(operation := getattr(kind, name), Described):
                found.setdefault(operation.operation_id, set()).add((operation.method, operation.path))
    return found


def test_every_operation_has_a_method_at_its_address(schema):
    theirs = {
        operation["operationId"]: {(method.upper(), path)}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] not in VENDORS
    }
    assert len(theirs) > 50
    assert described() == theirs


def test_the_shapes_are_those_of_the_server(schema):
    spec = importlib.util.spec_from_file_location("make_shapes", CLIENT / "make_shapes.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    written = (CLIENT / "src" / "reviewengine_client" / "shapes.py").read_text()
    assert without_layout(maker.shapes_of(schema)) == without_layout(written), "run clients/python/make_shapes.py"


def without_layout(source: str) -> str:
    """What the code says, however it is wrapped."""
    return "".join(source.split()).replace(",]", "]").replace(",}", "}").replace(",)", ")").replace('"', "'")
