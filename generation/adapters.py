"""LoRA adapters in folders: their rank, and the digest that names exactly these weights. Pure."""

import hashlib
import json
from pathlib import Path

from django.utils.translation import gettext as _

CONFIG = "adapter_config.json"
# The files that decide what the adapter does, in the order in which they are digested.
PARTS = (CONFIG, "adapter_model.safetensors", "adapter_model.bin")
RANKS = (8, 16, 32, 64, 128, 256, 320, 512)  # what vLLM's --max-lora-rank may be
CHUNK = 1 << 20


class NoAdapter(ValueError):
    """The folder holds no adapter that a server could load; the message says why."""


def rank(folder: Path) -> int:
    """The rank of the adapter, as its configuration says."""
    try:
        said = json.loads((folder / CONFIG).read_text("utf-8"))
    except FileNotFoundError:
        raise NoAdapter(
            _("There is no %(config)s in %(folder)s.") % {"config": CONFIG, "folder": folder}
        ) from None
    except (OSError, ValueError) as error:
        raise NoAdapter(
            _("%(folder)s cannot be read: %(error)s") % {"folder": folder / CONFIG, "error": error}
        ) from None
    found = said.get("r") if isinstance(said, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= RANKS[-1]:
        raise NoAdapter(
            _("%(folder)s has no rank 'r' between 1 and %(ranks)s.")
            % {"folder": folder / CONFIG, "ranks": RANKS[-1]}
        )
    return found


def served_rank(ranks: list[int]) -> int:
    """The smallest rank that a server may be started with, so that all of these fit."""
    highest = max(ranks, default=1)
    return next(each for each in RANKS if each >= highest)


def digest(folder: Path) -> str:
    """SHA-256 over the configuration and the weights. Reads them whole, in pieces."""
    rank(folder)
    found = [folder / name for name in PARTS if (folder / name).is_file()]
    if len(found) < 2:
        raise NoAdapter(
            _("%(folder)s has no weights: %(parts)s is missing.")
            % {"folder": folder, "parts": PARTS[1]}
        )
    total = hashlib.sha256()
    for path in found:
        total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                total.update(piece)
    return total.hexdigest()
