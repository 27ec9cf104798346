"""Makes every shipped model anew and says how close the result is to what is shipped: `make train DATA=train.jsonl.gz`.

python -m training.train --data train.jsonl.gz --work folder --out moderation/detectors/artifacts
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from moderation.detectors.text.stack import FILE


def main() -> None:
    """Runs the four steps one after the other, each in a process of its own so that its memory is given back."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder that holds linear/ and encoder/")
    arguments = parser.parse_args()
    data = ["--data", *map(str, arguments.data)]
    encoder, stack = arguments.out / "encoder", arguments.out / "encoder" / FILE
    before = _unseen(stack)
    _step("train_linear", *data, "--out", str(arguments.out / "linear"))
    _step("train_encoder", *data, "--work", str(arguments.work))
    _step("export_encoder", "--work", str(arguments.work), "--out", str(encoder))
    _step("train_stack", *data, "--artifacts", str(arguments.out))
    _compare(before, _unseen(stack))


def _step(name: str, *arguments: str) -> None:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"training.{name}", *arguments], check=True)


def _unseen(stack: Path) -> dict[str, float]:
    """The AUPRC of each category on held-out texts, as the stack file tells it."""
    if not stack.exists():
        return {}
    stored = json.loads(stack.read_text(encoding="utf-8"))["unseen"]
    return {category: quality["auprc"] for category, quality in stored.items()}


def _compare(before: dict[str, float], after: dict[str, float]) -> None:
    print("\nAUPRC on held-out texts         before   now")
    for category, now in after.items():
        then = before.get(category)
        print(f"{category:30} {'-' if then is None else format(then, '.3f'):>7} {now:.3f}")


if __name__ == "__main__":
    main()
