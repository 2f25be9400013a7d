"""LoRA adapters in folders: their rank, and the digest that names exactly these weights. Pure."""

import hashlib
import json
from pathlib import Path

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
        raise NoAdapter(f"There is no {CONFIG} in {folder}.") from None
    except (OSError, ValueError) as error:
        raise NoAdapter(f"{folder / CONFIG} cannot be read: {error}") from None
    found = said.get("r") if isinstance(said, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= RANKS[-1]:
        raise NoAdapter(f"{folder / CONFIG} has no rank 'r' between 1 and {RANKS[-1]}.")
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
        raise NoAdapter(f"{folder} has no weights: {PARTS[1]} is missing.")
    total = hashlib.sha256()
    for path in found:
        total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                total.update(piece)
    return total.hexdigest()
