"""A base model with its adapter inside, as `transformers serve` loads it: links, not copies.

It takes a folder whose files are those of a whole model, and puts an adapter that lies among them
on top. Weights stay where they are; the folder is of use on this machine alone.
"""

import shutil
from pathlib import Path

from generation.adapters import PARTS


def join(base: Path, adapter: Path, to: Path) -> Path:
    """The folder `to`, made anew, with links to the base model's files and to the adapter's."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for path in sorted(base.iterdir()):
        if path.is_file() and path.name not in PARTS:
            (to / path.name).symlink_to(path.resolve())
    for name in PARTS:
        if (adapter / name).is_file():
            (to / name).symlink_to((adapter / name).resolve())
    return to
