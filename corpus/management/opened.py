"""An import's file for as long as it is read, and its refusals in a command's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import CommandError

from corpus import actions
from corpus.management.progress import Progress
from corpus.reading import BadFile
from gate.text import BadText


@contextmanager
def opened(path: Path, stderr: Any) -> Iterator[BinaryIO]:
    """`path` with a progress bar on `stderr`; whatever is refused becomes a `CommandError`."""
    try:
        with path.open("rb") as file:
            yield cast(BinaryIO, Progress(file, path.stat().st_size, stderr))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except BadFile as error:
        raise CommandError(f"{path}: nothing was imported.\n{error}") from error
    except (actions.Refused, BadText) as error:
        raise CommandError(str(error)) from error
