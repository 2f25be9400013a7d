"""How far an import is, on a terminal; nothing where the output is kept."""

from typing import TextIO

from django.core.management.base import OutputWrapper


class Bar:
    """Called with rows and a share from 0 to 1; draws anew with each whole percent."""

    def __init__(self, out: TextIO | OutputWrapper) -> None:
        self.out = out
        self.shown = -1

    def __call__(self, n: int, share: float) -> None:
        percent = int(100 * share)
        if self.out.isatty() and percent != self.shown:
            self.shown = percent
            self.out.write(f"\r{'#' * (percent // 4):<25} {percent:3d} % {n:,} rows ")
            self.out.flush()

    def end(self) -> None:
        """The next line begins below the bar."""
        if self.shown >= 0:
            self.out.write("\n")
