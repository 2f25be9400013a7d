"""What is wrong with a file: by row and column, the first 20 kept and all counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

KEPT = 20


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place of a file, and what would be right."""

    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        if self.row and self.column:
            said = _("Row %(row)s, column %(column)s: %(message)s")
        elif self.row:
            said = _("Row %(row)s: %(message)s")
        elif self.column:
            said = _("column %(column)s: %(message)s")
        else:
            return self.message
        return said % {"row": self.row, "column": repr(self.column), "message": self.message}


class BadFile(ValueError):
    """A file that changes nothing: its first problems, and how many there are."""

    http_status = 422

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        self.problems = list(problems)
        self.total = total or len(problems)
        more = self.total - len(self.problems)
        rest = [_("… and %(n)s more.") % {"n": f"{more:,}"}] if more > 0 else []
        super().__init__("\n".join([*map(str, self.problems), *rest]))


class RowProblem(ValueError):
    """What is wrong in one column of the row that is being read."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        super().__init__(message)


class Problems:
    """Collects the problems of one file: the first `limit` are kept, all are counted."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self.kept: list[Problem] = []
        self.total = 0

    def add(self, row: int | None, column: str, message: str) -> None:
        self.total += 1
        if len(self.kept) < self.limit:
            self.kept.append(Problem(row, column, message))

    def stop(self, row: int | None, message: str) -> NoReturn:
        """Nothing more can be read."""
        self.add(row, "", message)
        raise BadFile(self.kept, self.total)

    def raise_if_any(self) -> None:
        if self.total:
            raise BadFile(self.kept, self.total)
