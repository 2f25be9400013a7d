"""An import's file for as long as it is read, and its refusals in a command's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from corpus import actions
from corpus.management.bar import Bar
from corpus.reading import BadFile
from gate.text import BadText


@contextmanager
def opened(path: Path, stderr: Any) -> Iterator[Bar]:
    """A progress bar on `stderr`; whatever is refused becomes a `CommandError`."""
    bar = Bar(stderr)
    try:
        yield bar
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except BadFile as error:
        raise CommandError(f"{path}: nothing was imported.\n{error}") from error
    except (actions.Refused, BadText) as error:
        raise CommandError(str(error)) from error
    finally:
        bar.end()
