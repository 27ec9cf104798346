"""What a start needs to know from the configuration, small enough to hand to a supervisor without Django."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class StackPlan:
    """The answers of the configuration. `own_*`: the embedded service is wanted, no URL was given for it."""

    home: str
    bind: str
    port: int
    own_postgres: bool
    own_valkey: bool
    services_only: bool
    log_level: str

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "StackPlan":
        return cls(**json.loads(text))

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the web server."""
        host = "127.0.0.1" if self.bind in ("0.0.0.0", "::", "") else self.bind  # noqa: S104
        return f"http://{host}:{self.port}"
