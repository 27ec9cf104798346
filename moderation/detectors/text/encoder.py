"""Step 3, the transformer: reads texts whose words alone do not tell, in eight-bit integers on one thread."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from moderation.detectors.ngrams import Array

SHIPPED = Path(__file__).parents[1] / "artifacts" / "encoder"
MOST_TOKENS = 160  # of one window; a window of 600 characters has about 130
_TOKENS_OF_A_PASS = 2_048  # bounds the memory of one pass, padding included
EMBEDDING_WIDTH = 384


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the transformer says of n texts: ``embeddings`` (n, 384) and one logit a head, ``logits`` (n, heads)."""

    embeddings: Array
    logits: Array


class Encoder:
    """A fine-tuned MiniLM. ``heads`` names its logits; ``version`` is made of the weights."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, heads: Sequence[str], version: str):
        self.heads = tuple(heads)
        self.version = version
        self._session = session
        self._tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> Encoding:
        """Reads normalised texts, in passes of like length; the answer is in the order of ``texts``."""
        embeddings = np.zeros((len(texts), EMBEDDING_WIDTH), dtype=np.float32)
        logits = np.zeros((len(texts), len(self.heads)), dtype=np.float32)
        tokens = [found.ids for found in self._tokenizer.encode_batch(list(texts))]
        for places in _passes([len(ids) for ids in tokens]):
            ids, mask = _padded([tokens[place] for place in places])
            embeddings[places], logits[places] = self._session.run(["embedding", "logits"], {"ids": ids, "mask": mask})
        return Encoding(embeddings, logits)


@lru_cache(maxsize=2)
def load_encoder(folder: Path = SHIPPED) -> Encoder:
    """Reads ``model.onnx``, ``tokenizer.json`` and ``heads.json``. Raises OSError or ValueError naming the fault."""
    heads = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
    model = (folder / "model.onnx").read_bytes()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the processes are as many as the cores
    options.enable_cpu_mem_arena = False  # an arena keeps the memory of the largest batch ever seen
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return Encoder(session, tokenizer, heads, hashlib.sha256(model).hexdigest()[:8])


def _passes(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, at most _TOKENS_OF_A_PASS together."""
    part: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if part and (len(part) + 1) * lengths[place] > _TOKENS_OF_A_PASS:
            yield part
            part = []
        part.append(place)
    if part:
        yield part


def _padded(tokens: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, own in enumerate(tokens):
        ids[row, : len(own)] = own
        mask[row, : len(own)] = 1
    return ids, mask
