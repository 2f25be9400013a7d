"""What keeps a run from starting on this machine, found before anything is started."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from generation.actions import Refusal
from generation.models import LanguageModel
from training import machine, room, weights
from training.config import Config
from training.room import amount


class CannotStart(Refusal):
    """This machine cannot do it; nothing was started."""


def base_folder(base: LanguageModel, config: Config) -> Path:
    """Where the base model's weights lie on this machine."""
    name = config.base_folder or base.served_name
    if not name:
        raise CannotStart(
            _("Nobody knows where the weights of '%(base)s' lie: say 'base_folder' in the recipe.")
            % {"base": base}
        )
    try:
        return weights.find(name, revision=base.revision, root=Path(settings.BASE_DIR)).resolve()
    except weights.NoModel as error:
        raise CannotStart(str(error)) from None


def machine_fits(
    base: LanguageModel, config: Config, *, n_bytes_rows: int, gpus: Sequence[int]
) -> dict[str, str]:
    """What it needs and what there is, in words; refused where the one is more than the other."""
    _check_python()
    folder = base_folder(base, config)
    try:
        found = weights.read(folder)
    except weights.NoModel as error:
        raise CannotStart(str(error)) from None
    _check_targets(found, config, folder)
    needed = room.memory(found, config, on_gpu=bool(gpus), shards=machine.n_shards())
    stored = room.disk(found, config, n_bytes_rows=n_bytes_rows)
    return {
        "memory": _check_memory(base, needed, gpus),
        "disk": _check_disk(stored),
        "base_folder": str(folder),
    }


def _check_python() -> None:
    python = machine.train_python()
    remedy = _("Set TRAIN_PYTHON to the Python that has torch, trl and peft.")
    if not python.exists():
        raise CannotStart(_("There is no %(python)s. ") % {"python": python} + remedy)
    try:
        missing = machine.missing_libraries(python)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise CannotStart(
            _("%(python)s cannot be run: %(error)s. ") % {"python": python, "error": error} + remedy
        ) from None
    if missing:
        raise CannotStart(
            _("%(python)s has no %(missing)s. ") % {"python": python, "missing": ", ".join(missing)}
            + remedy
        )


def _check_targets(found: weights.Weights, config: Config, folder: Path) -> None:
    if missing := found.missing(config.targets):
        known = {
            name.removesuffix(".weight").rpartition(".")[2]
            for name, shape in found.shapes.items()
            if len(shape) == 2 and name.endswith("_proj.weight")
        }
        raise CannotStart(
            _("The model in %(folder)s has no projection %(missing)s. It has: %(known)s.")
            % {
                "folder": folder,
                "missing": ", ".join(missing),
                "known": ", ".join(sorted(known)) or _("none that ends in _proj"),
            }
        )


def _check_memory(base: LanguageModel, needed: room.Need, gpus: Sequence[int]) -> str:
    free = machine.free_memory(gpus)
    where = _("each GPU") if gpus else _("this machine, which has no GPU")
    said = {
        "base": base,
        "needed": amount(needed.total),
        "parts": needed.words,
        "free": amount(free),
        "where": where,
    }
    if needed.total > free:
        raise CannotStart(
            _(
                "Training '%(base)s' needs about %(needed)s of memory (%(parts)s), and %(free)s is "
                "free on %(where)s. Lower batch_size or max_length, choose a smaller base model, "
                "or free memory."
            )
            % said
        )
    return _("about %(needed)s of %(free)s free on %(where)s (%(parts)s)") % said


def _check_disk(needed: room.Need) -> str:
    folder = Path(settings.TRAIN_DIR)
    free = machine.free_disk(folder)
    said = {
        "needed": amount(needed.total),
        "parts": needed.words,
        "free": amount(free),
        "folder": folder,
    }
    if needed.total > free:
        raise CannotStart(
            _(
                "The run needs %(needed)s of disk (%(parts)s), and %(free)s is free in %(folder)s. "
                "Make room, or set TRAIN_DIR to another disk."
            )
            % said
        )
    return _("%(needed)s of %(free)s free") % said
