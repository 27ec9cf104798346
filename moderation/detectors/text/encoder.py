"""Step 3, the transformer: reads texts whose words alone do not tell, in eight-bit integers on one thread."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from moderation.detectors.ngrams import Array

if TYPE_CHECKING:  # loaded with the model: a panel without it pays for none of this
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MOST_TOKENS = 320  # of one window: a window of 600 characters has about 130, one of single digits 300
EMBEDDING_WIDTH = 384


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the transformer says of n texts: ``embeddings`` (n, 384) and one logit a head, ``logits`` (n, heads)."""

    embeddings: Array
    logits: Array


class Encoder:
    """A fine-tuned MiniLM. ``heads`` names its logits; ``version`` is made of the weights."""

    def __init__(self, session: "InferenceSession", tokenizer: "Tokenizer", heads: Sequence[str], version: str):
        self.heads = tuple(heads)
        self.version = version
        self._session = session
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> Encoding:
        """Reads normalised texts one by one.

        The eight-bit scale of a batch depends on everything in it: together, a text would score another way in other
        company. On one thread a batch saves next to nothing.
        """
        embeddings = np.zeros((len(texts), EMBEDDING_WIDTH), dtype=np.float32)
        logits = np.zeros((len(texts), len(self.heads)), dtype=np.float32)
        for place, found in enumerate(self._tokenizer.encode_batch(list(texts))):
            ids = np.array([found.ids], dtype=np.int64)
            feed = {"ids": ids, "mask": np.ones_like(ids)}
            embeddings[place : place + 1], logits[place : place + 1] = self._session.run(["embedding", "logits"], feed)
        return Encoding(embeddings, logits)


@lru_cache(maxsize=2)
def load_encoder(folder: Path) -> Encoder:
    """Reads ``model.onnx``, ``tokenizer.json`` and ``heads.json``. Raises OSError, KeyError or ValueError."""
    import onnxruntime
    from tokenizers import Tokenizer

    about = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
    model, pieces = (_whole(folder / name, about["sha256"][name]) for name in ("model.onnx", "tokenizer.json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the processes are as many as the cores
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_str(pieces.decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return Encoder(session, tokenizer, about["heads"], about["sha256"]["model.onnx"][:8])


def _whole(path: Path, sha256: str) -> bytes:
    """A file that is what was exported: of half a one its reader would say something of protocol buffers."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"{path.name} is damaged: it is not the file that heads.json tells of")
    return content
