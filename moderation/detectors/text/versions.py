"""Step 3, which text model is installed, told from its files without loading it: cheap enough for a web page."""

import json
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=2)
def installed_version(folder: Path) -> str:
    """The version that TextDetector states with its transformer. Raises OSError, ValueError or KeyError without one."""
    linear = json.loads((folder / "linear" / "meta.json").read_text(encoding="utf-8"))["version"]
    stack = json.loads((folder / "encoder" / "stack.json").read_text(encoding="utf-8"))["version"]
    sums = json.loads((folder / "encoder" / "heads.json").read_text(encoding="utf-8"))["sha256"]
    return f"{linear}+{stack}+{sums['model.onnx'][:8]}"
