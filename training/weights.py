"""What a model's folder says of its size: the heads of its safetensors files, never the weights."""

import json
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

MAX_HEAD = 100_000_000
TEXT = ("text_config", "llm_config", "language_config")  # where models of several kinds keep it


class NoModel(ValueError):
    """The folder holds no model that could be trained; the message says what is missing."""

    http_status = 422


@dataclass(frozen=True)
class Weights:
    """A model as its folder describes it."""

    n_params: int
    n_bytes: int
    shapes: Mapping[str, tuple[int, ...]]
    n_layers: int
    hidden: int
    inner: int
    vocabulary: int

    def adapted(self, targets: Sequence[str]) -> list[tuple[int, ...]]:
        """The shapes of the projections of these names."""
        return [
            shape
            for name, shape in self.shapes.items()
            if len(shape) == 2 and name.removesuffix(".weight").rpartition(".")[2] in targets
        ]

    def missing(self, targets: Sequence[str]) -> list[str]:
        """Names that no projection has."""
        return [target for target in targets if not self.adapted([target])]

    def n_trained(self, targets: Sequence[str], r: int) -> int:
        """Parameters of an adapter of rank r: two thin matrices beside each projection."""
        return sum(r * (shape[0] + shape[1]) for shape in self.adapted(targets))


def read(folder: Path) -> Weights:
    """From config.json and the heads of the safetensors files; reads no weights."""
    config = _config(folder)
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise NoModel(
            _(
                "There are no *.safetensors in %(folder)s: the weights are missing or in another "
                "form."
            )
            % {"folder": folder}
        )
    shapes = dict(each for path in files for each in _shapes(path))
    if not any((folder / name).exists() for name in ("tokenizer.json", "tokenizer_config.json")):
        raise NoModel(_("There is no tokenizer in %(folder)s.") % {"folder": folder})
    hidden = _number(config, "hidden_size")
    return Weights(
        n_params=sum(prod(shape) for shape in shapes.values()),
        n_bytes=sum(path.stat().st_size for path in files),
        shapes=shapes,
        n_layers=_number(config, "num_hidden_layers"),
        hidden=hidden,
        inner=int(config.get("intermediate_size") or 4 * hidden),
        vocabulary=_number(config, "vocab_size"),
    )


def find(name: str, *, revision: str = "", root: Path | None = None) -> Path:
    """The folder of a model: the name itself, or what the hub's cache on this machine keeps of it.

    Nothing is downloaded.
    """
    path = Path(name).expanduser()
    if (root or Path()).joinpath(path).is_dir():
        return (root or Path()).joinpath(path)
    home = os.environ.get("HF_HUB_CACHE") or Path(
        os.environ.get("HF_HOME") or Path.home() / ".cache/huggingface", "hub"
    )
    kept = Path(home) / f"models--{name.replace('/', '--')}"
    main = kept / "refs" / (revision or "main")
    commit = main.read_text("utf-8").strip() if main.is_file() else revision
    if commit and (kept / "snapshots" / commit).is_dir():
        return kept / "snapshots" / commit
    raise NoModel(
        _(
            "There is no folder %(name)s on this machine, nor a copy of it in %(home)s. Nothing is "
            "downloaded here: run `hf download %(name)s` first, or say 'base_folder' in the "
            "configuration."
        )
        % {"name": name, "home": home}
    )


def _config(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise NoModel(_("There is no folder %(folder)s on this machine.") % {"folder": folder})
    try:
        said = json.loads((folder / "config.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NoModel(_("There is no config.json in %(folder)s.") % {"folder": folder}) from None
    except (OSError, ValueError) as error:
        raise NoModel(
            _("%(folder)s cannot be read: %(error)s")
            % {"folder": folder / "config.json", "error": error}
        ) from None
    if not isinstance(said, dict):
        raise NoModel(
            _("%(folder)s holds no configuration of a model.") % {"folder": folder / "config.json"}
        )
    inside: dict[str, Any] = next(
        (dict(said[name]) for name in TEXT if isinstance(said.get(name), dict)), {}
    )
    return said | inside


def _number(config: Mapping[str, Any], name: str) -> int:
    found = config.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise NoModel(
            _("config.json says no %(name)s, so the model's size is not known.") % {"name": name}
        )
    return found


def _shapes(path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name and shape of each tensor: eight bytes of length, then JSON."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            head: dict[str, Any] = json.loads(file.read(length)) if length <= MAX_HEAD else {}
        for name, said in head.items():
            if name != "__metadata__":
                yield name, tuple(int(side) for side in said["shape"])
    except (OSError, struct.error, ValueError, AttributeError, KeyError, TypeError):
        raise NoModel(
            _("%(path)s is no whole safetensors file. Fetch it again.") % {"path": path}
        ) from None
