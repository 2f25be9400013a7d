"""How much memory and disk a run needs, by a stated formula. Pure.

Memory = weights + adapter + activations + runtime, where
  weights      2 bytes a parameter on a GPU (bfloat16), 4 on a CPU; divided among GPUs that share it
  adapter      16 bytes a trained parameter: itself, its gradient and Adam's two moments, all single
  activations  batch x tokens x 2 bytes (4 on a CPU) x (layers x hidden, kept for going back
               + 8 hidden + 4 inner, of the one layer at work), all layers at once on a CPU;
               and 10 bytes x vocabulary for the scores: of at most CHUNK tokens at a time for
               SFT, which computes its loss in pieces, of all tokens for DPO, which has two
               conversations a row
  runtime      1.5 GB on a GPU, 0.8 GB on a CPU, for the libraries
It is an upper estimate within reason: rows are taken to be as long as max_length allows.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from training.config import Config
from training.weights import Weights

GB = 1_000_000_000
CHUNK = 1024
CHECKPOINTS = 3  # two are kept while a third is written
MARGIN = 200_000_000
PARTS = {
    "weights": gettext_lazy("weights %(n)s"),
    "adapter": gettext_lazy("adapter %(n)s"),
    "activations": gettext_lazy("activations %(n)s"),
    "runtime": gettext_lazy("runtime %(n)s"),
    "checkpoints": gettext_lazy("checkpoints %(n)s"),
    "rows": gettext_lazy("rows %(n)s"),
    "margin": gettext_lazy("margin %(n)s"),
}


@dataclass(frozen=True)
class Need:
    """Bytes, by what they are for."""

    parts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    @property
    def words(self) -> str:
        return ", ".join(str(PARTS[name]) % {"n": amount(n)} for name, n in self.parts.items())


def memory(weights: Weights, config: Config, *, on_gpu: bool, shards: int = 1) -> Need:
    """Of each GPU, or of the machine."""
    width = 2 if on_gpu else 4
    n_trained = weights.n_trained(config.targets, config.r)
    n_tokens = config.batch_size * config.max_length * (2 if config.method == "dpo" else 1)
    at_work = 8 * weights.hidden + 4 * weights.inner
    kept = weights.n_layers * (weights.hidden if on_gpu else at_work)
    scored = n_tokens if config.method == "dpo" else min(n_tokens, CHUNK)
    return Need(
        {
            "weights": width * weights.n_params // shards,
            "adapter": 16 * n_trained,
            "activations": width * n_tokens * (kept + at_work) + 10 * scored * weights.vocabulary,
            "runtime": GB * 3 // 2 if on_gpu else GB * 4 // 5,
        }
    )


def disk(weights: Weights, config: Config, *, n_bytes_rows: int) -> Need:
    """Of the folder that training runs are kept in."""
    n_trained = weights.n_trained(config.targets, config.r)
    return Need(
        {
            # Single precision, with Adam's two moments.
            "checkpoints": CHECKPOINTS * 12 * n_trained,
            "adapter": 4 * n_trained,
            "rows": 4 * n_bytes_rows,  # and their tokens
            "margin": MARGIN,
        }
    )


def amount(n: int) -> str:
    """Bytes for people: the two highest digits."""
    for unit, size in (("GB", GB), ("MB", 1_000_000), ("kB", 1_000)):
        if n >= size:
            return f"{n / size:.3g} {unit}" if n < 1000 * size else f"{n / size:,.0f} {unit}"
    return gettext("%(n)s bytes") % {"n": n}
