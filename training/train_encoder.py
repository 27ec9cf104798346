"""Fine-tunes the encoder in three stages: the public rows first, then twice our own sentences among fewer of them.

python -m training.train_encoder --data train.jsonl.gz --work folder [--stage 1|2|3]

Each stage leaves a checkpoint in the work folder; the next begins with it. On two cores the three take about an hour.
The same seed gives the same batches; sums of floats still differ a little between machines.
"""

import argparse
import math
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from moderation.detectors.normalise import normalise
from training.attacks import attack
from training.dataset import UNKNOWN, LabelledText, label_matrix, weight_matrix
from training.encoder_model import Encoder, tokenizer
from training.encoder_rows import HEADS, held_out, own_rows, public_rows

SEED = 20261122
TOKENS_OF_A_TEXT = 96
TOKENS_OF_A_BATCH = 2048
ATTACKED = 0.2  # share of the texts whose letters are disguised, as far as the normaliser leaves it
_WARM_UP = 0.06
_LOWEST = 0.1  # where the learning rate ends, as a share of its peak
_LARGEST_BONUS = 4.0  # what a positive of a rare head may count


@dataclass(frozen=True, slots=True)
class Stage:
    """How fast one stage learns, what share of each public source it sees, and how often it sees our own sentences."""

    peak: float
    shares: Mapping[str, float]
    own_times: int


# Later stages keep what is scarce or hard, and some of the comments that are many and alike.
_SOME = {
    "civil_spans": 0.35, "civil_snlp": 0.25, "paradetox": 0.25, "madlibs": 0.2, "edos": 0.5, "jigsaw": 0.5,
    "wikidetox": 0.5, "sms_train": 0.7, "yt_spam": 0.5,
}  # fmt: skip
_FEW = {"edos": 0.3, "hatemoji": 0.7} | {source: share / 2 for source, share in _SOME.items() if source != "edos"}
STAGES = {1: Stage(1e-4, {}, 0), 2: Stage(7e-5, _SOME, 2), 3: Stage(5e-5, _FEW, 2)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded token ids, their mask, truth and weights of each head (weight 0 where unknown)."""

    ids: Tensor
    mask: Tensor
    truth: Tensor
    weights: Tensor


def main() -> None:
    """Runs the stages that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled texts, JSON lines (.gz too)")
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoints")
    parser.add_argument("--stage", type=int, choices=tuple(STAGES), help="this stage alone")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    for number in (arguments.stage,) if arguments.stage else tuple(STAGES):
        _run(number, arguments.data, arguments.work)


def checkpoint(work: Path, stage: int) -> Path:
    """Where a stage leaves its weights."""
    return work / f"encoder-stage{stage}.pt"


def _run(number: int, data: Sequence[Path], work: Path) -> None:
    torch.manual_seed(SEED + number)
    dice = random.Random(SEED + number)
    stage = STAGES[number]
    rows = [row for row in public_rows(data) if not held_out(row) and dice.random() < stage.shares.get(row.source, 1)]
    if stage.own_times:
        rows += [row for row in own_rows(SEED) if not held_out(row)] * stage.own_times
    model = Encoder.from_base(len(HEADS))
    if number > 1:
        model.load_state_dict(torch.load(checkpoint(work, number - 1), weights_only=True))
    _train(model, batches(rows, dice), stage, positive_bonus(rows))
    torch.save(model.state_dict(), checkpoint(work, number))


def positive_bonus(rows: Sequence[LabelledText]) -> Tensor:
    """How much a positive of each head counts: the rarer, the more, within bounds."""
    truth = label_matrix(rows, HEADS)
    positive, negative = (truth == 1).sum(0), (truth == 0).sum(0)
    bonus = np.sqrt(negative / np.maximum(positive, 1))
    return torch.tensor(np.clip(bonus, 1.0, _LARGEST_BONUS), dtype=torch.float32)


def batches(rows: Sequence[LabelledText], dice: random.Random) -> list[Batch]:
    """The rows, some of them disguised, in batches of texts of like length, shuffled."""
    texts = [attack(row.text, dice) if dice.random() < ATTACKED else row.text for row in rows]
    encode = tokenizer()
    encode.enable_truncation(TOKENS_OF_A_TEXT)
    ids = [found.ids for found in encode.encode_batch([normalise(text).text for text in texts])]
    truth, weights = label_matrix(rows, HEADS), weight_matrix(rows, HEADS)
    weights = np.where(truth == UNKNOWN, 0, weights)
    order = sorted(range(len(rows)), key=lambda at: (len(ids[at]), dice.random()))
    found, part = [], []
    for at in order:
        if (len(part) + 1) * len(ids[at]) > TOKENS_OF_A_BATCH:
            found.append(_batch(part, ids, truth, weights))
            part = []
        part.append(at)
    found.append(_batch(part, ids, truth, weights))
    dice.shuffle(found)
    return found


def _batch(part: Sequence[int], ids: Sequence[list[int]], truth: np.ndarray, weights: np.ndarray) -> Batch:
    longest = max(len(ids[at]) for at in part)
    padded = torch.zeros((len(part), longest), dtype=torch.long)
    mask = torch.zeros_like(padded)
    for row, at in enumerate(part):
        padded[row, : len(ids[at])] = torch.tensor(ids[at])
        mask[row, : len(ids[at])] = 1
    return Batch(padded, mask, torch.tensor(truth[part]).clamp(min=0).float(), torch.tensor(weights[part]).float())


def _train(model: Encoder, data: Sequence[Batch], stage: Stage, bonus: Tensor) -> None:
    """Masked binary cross-entropy, bfloat16 where the processor has it, cosine schedule."""
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in model.body.parameters() if p.requires_grad], "weight_decay": 0.01},
            {"params": model.heads.parameters(), "lr": 1e-3, "weight_decay": 0.0},
        ],
        lr=stage.peak,
        betas=(0.9, 0.98),
    )
    steps = len(data)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / steps))
    model.train()
    begun, running = time.monotonic(), 0.0
    for step, batch in enumerate(data):
        loss = _loss(model, batch, bonus)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        running += float(loss.detach())
        if (step + 1) % 50 == 0:
            minutes = (time.monotonic() - begun) / 60
            print(f"step {step + 1}/{steps}  loss {running / 50:.4f}  {minutes:.1f} min", flush=True)
            running = 0.0


def _rate(progress: float) -> float:
    if progress < _WARM_UP:
        return progress / _WARM_UP
    return _LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * (progress - _WARM_UP) / (1 - _WARM_UP)))


def _loss(model: Encoder, batch: Batch, bonus: Tensor) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        _, logits = model(batch.ids, batch.mask)
    each = binary_cross_entropy_with_logits(
        logits.float(), batch.truth, weight=batch.weights, pos_weight=bonus, reduction="none"
    )
    return each.sum() / batch.weights.sum().clamp(min=1)


if __name__ == "__main__":
    main()
