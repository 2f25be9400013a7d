"""A folder with tasks of one's own, as the harness reads it: which tasks, and which weigh. Pure.

Only the few fields that say so are read. A folder may hold code that the harness runs, so who may
fill it may run programs on the worker's machine.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

WEIGHING = ("multiple_choice", "loglikelihood", "loglikelihood_rolling")
MAX_FILES, MAX_BYTES, MAX_INCLUDES = 500, 1_000_000, 5


class NoTasks(ValueError):
    """The folder cannot be read as tasks; the message says why."""


class _Loader(yaml.SafeLoader):
    """Leaves code that is named in a task where it is."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def tasks_in(folder: Path) -> dict[str, bool | None]:
    """Every task and group of the folder by name; whether it weighs, None where it is not said."""
    if not folder.is_dir():
        raise NoTasks(_("There is no folder %(folder)s.") % {"folder": folder})
    found: dict[str, bool | None] = {}
    for path in _files(folder):
        said = _read(path, folder)
        name = said.get("task") if isinstance(said.get("task"), str) else said.get("group")
        if isinstance(name, str):
            kind = said.get("output_type")
            found[name] = kind in WEIGHING if isinstance(kind, str) else None
    if not found:
        raise NoTasks(
            _("%(folder)s has no task: a YAML file with the field 'task'.") % {"folder": folder}
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    paths = sorted(path for path in folder.rglob("*.y*ml") if path.is_file())
    if len(paths) > MAX_FILES:
        raise NoTasks(
            _("%(folder)s has %(n)s YAML files; at most %(most)s are read.")
            % {"folder": folder, "n": len(paths), "most": MAX_FILES}
        )
    yield from paths


def _read(path: Path, folder: Path, depth: int = 0) -> dict[str, Any]:
    """The file over the one that it includes, if that lies in the folder."""
    if path.stat().st_size > MAX_BYTES:
        raise NoTasks(_("%(file)s is too large for a task.") % {"file": path.relative_to(folder)})
    try:
        said = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  # a safe loader
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise NoTasks(
            _("%(file)s cannot be read: %(error)s")
            % {"file": path.relative_to(folder), "error": error}
        ) from None
    if not isinstance(said, dict):
        return {}
    included = said.get("include")
    if isinstance(included, str) and depth < MAX_INCLUDES:
        other = (path.parent / included).resolve()
        if other.is_file() and other.is_relative_to(folder.resolve()):
            return {**_read(other, folder.resolve(), depth + 1), **said}
    return said
