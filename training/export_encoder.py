"""Writes a trained encoder as the int8 ONNX file and the tokenizer that the product reads, and compares the two.

python -m training.export_encoder --work folder --out moderation/detectors/artifacts/encoder

The weights are an average over the stages: the last knows our own sentences best, the earlier ones the public texts.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model

from moderation.detectors.normalise import normalise
from training.corpus_reader import corpus_texts
from training.encoder_model import WIDTH, Encoder, base_folder, tokenizer
from training.encoder_rows import HEADS
from training.train_encoder import checkpoint

_LEAST_CORRELATION = 0.995  # of the logits in eight bits with those in full: the stack is fitted on what is served
_CHECKED = 256
SHARES = {1: 0.1, 2: 0.2, 3: 0.7}  # of each stage in the average
_OPSET = 17


def main() -> None:
    """Exports, fuses, quantises, checks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder of the artifact")
    arguments = parser.parse_args()
    model = Encoder(len(HEADS))
    model.load_state_dict(_averaged(arguments.work))
    export(model.eval(), arguments.out)


def _averaged(work: Path) -> dict[str, torch.Tensor]:
    stages = {stage: torch.load(checkpoint(work, stage), weights_only=True) for stage in SHARES}
    return {
        name: sum(SHARES[stage] * weights[name] for stage, weights in stages.items())
        if value.is_floating_point()
        else value
        for name, value in stages[max(SHARES)].items()
    }


def export(model: Encoder, folder: Path) -> None:
    """Writes ``model.onnx``, ``tokenizer.json`` and ``heads.json``. Raises SystemExit when eight bits say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        _write_plain(model, plain)
        options = FusionOptions("bert")
        options.enable_embed_layer_norm = False  # or the word embeddings stay in full precision: 36 MB more
        graph = optimize_model(
            str(plain), model_type="bert", num_heads=12, hidden_size=WIDTH, optimization_options=options, opt_level=0
        )
        print("fused:", {name: count for name, count in graph.get_fused_operator_statistics().items() if count})
        graph.save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            folder / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention", "Gather"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # fused operators are not in ONNX's own list
        )
        _check(plain, folder / "model.onnx")
    shutil.copy(base_folder() / "tokenizer.json", folder / "tokenizer.json")
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("model.onnx", "tokenizer.json")}
    about = {"heads": list(HEADS), "sha256": sums}
    (folder / "heads.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(f"{(folder / 'model.onnx').stat().st_size / 1e6:.1f} MB written to {folder}")


def _write_plain(model: Encoder, path: Path) -> None:
    model.body.set_attn_implementation("eager")
    ids = torch.ones((2, 8), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["ids", "mask"],
            output_names=["embedding", "logits"],
            dynamic_axes={name: {0: "n", 1: "tokens"} for name in ("ids", "mask")}
            | {name: {0: "n"} for name in ("embedding", "logits")},
            opset_version=_OPSET,
            dynamo=False,
        )


def _check(plain: Path, small: Path) -> None:
    """Compares the logits of our own sentences, one by one, as they are served most."""
    read = tokenizer()
    texts = [normalise(row.text).text for row in corpus_texts(seed=1)]
    exact, served = (
        np.concatenate([_logits(str(path), read.encode(text).ids) for text in texts[:: len(texts) // _CHECKED]])
        for path in (plain, small)
    )
    difference = np.abs(exact - served)
    correlation = np.corrcoef(exact.ravel(), served.ravel())[0, 1]
    print(
        f"a logit in eight bits differs by {difference.mean():.3f} on average, {difference.max():.3f} at most,"
        f" where the spread is {exact.std():.1f}; correlation {correlation:.4f}"
    )
    if not correlation > _LEAST_CORRELATION:
        raise SystemExit("Eight bits change too much: the artifact must not ship.")


@cache
def _session(path: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def _logits(path: str, tokens: list[int]) -> np.ndarray:
    ids = np.array([tokens], dtype=np.int64)
    return np.asarray(_session(path).run(["logits"], {"ids": ids, "mask": np.ones_like(ids)})[0])


if __name__ == "__main__":
    main()
