"""A running server for the vendors' own clients, which speak HTTP and nothing else."""

import pytest


@pytest.fixture
def base_url(live_server) -> str:
    """What an operator puts in the place of OpenAI's address."""
    return f"{live_server.url}/v1"
