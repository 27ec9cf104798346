"""Step 3, which text model is installed, told from its files without loading it: cheap enough for a web page."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=2)
def installed_version(folder: Path) -> str:
    """The version that TextDetector states with its transformer. Raises OSError, ValueError or KeyError without one."""
    linear = json.loads((folder / "linear" / "meta.json").read_text(encoding="utf-8"))["version"]
    stack = json.loads((folder / "encoder" / "stack.json").read_text(encoding="utf-8"))["version"]
    with (folder / "encoder" / "model.onnx").open("rb") as model:
        encoder = hashlib.file_digest(model, "sha256").hexdigest()[:8]
    return f"{linear}+{stack}+{encoder}"
