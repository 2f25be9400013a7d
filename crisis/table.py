"""The directory as a CSV file: reading with every fault named by row and column, and writing.

Column names follow the Human Services Data Specification where one fits, and its own names for the
others are read as well; a list in one cell is separated by semicolons. `status` is for the reader
alone: a file can never verify a row.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import IO, Protocol

from django.utils.translation import gettext as _

from crisis.entries import EVERYWHERE, Channel
from gate.text import problem

STATUS = "status"
LIMITS = {"contact": 300, "url": 500, "source_url": 500, "alternate_name": 300}
LIMIT = 200
NEEDED = ("name", "countries", "channel", "contact")
SHOWN = 20
MAX_ROWS = 20_000
# What the specification calls our columns.
ALSO = {
    "organization": "organisation",
    "organization_name": "organisation",
    "service_area": "countries",
    "eligibility_description": "audience",
    "number": "contact",
    "schedule": "hours",
    "fees_description": "cost",
}


class Writable(Protocol):
    """A file, or the answer to a request."""

    def write(self, text: str, /) -> object: ...


class BadTable(Exception):
    """The file holds rows that cannot be taken; nothing was changed."""

    http_status = 422

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        n_more = len(faults) - SHOWN
        more = [_("… and %(n)s more.") % {"n": n_more}] if n_more > 0 else []
        super().__init__("\n".join([*faults[:SHOWN], *more]))


@dataclass(frozen=True)
class Details:
    """What is known of one way to reach a service; equal details are the same resource."""

    name: str
    countries: str
    channel: str
    contact: str
    alternate_name: str = ""
    organisation: str = ""
    languages: str = ""
    audience: str = ""
    domains: str = ""
    keyword: str = ""
    hours: str = ""
    cost: str = ""
    url: str = ""
    source_url: str = ""

    def faults(self) -> Iterator[tuple[str, str]]:
        """(column, what is wrong and what is allowed)."""
        for name, value in asdict(self).items():
            if name in NEEDED and not value:
                yield name, _("is empty. Fill it in.")
            if reason := problem(value, limit=LIMITS.get(name, LIMIT)):
                yield name, f"{reason}."
        if self.channel and self.channel not in list(Channel):
            yield (
                "channel",
                _("is %(channel)s. Use one of: %(channels)s.")
                % {"channel": repr(self.channel), "channels": ", ".join(Channel)},
            )
        for country in split(self.countries):
            if country != EVERYWHERE and not re.fullmatch(r"[A-Z]{2}", country):
                yield (
                    "countries",
                    _("has %(country)s. Use two capital letters as in DK, or *.")
                    % {"country": repr(country)},
                )
        for name in ("url", "source_url"):
            if (value := getattr(self, name)) and not re.match(r"https?://\S+$", value):
                yield name, _("is %(url)s. Begin it with https://.") % {"url": repr(value[:80])}
        if self.channel in (Channel.PHONE, Channel.TEXT) and not re.search(r"\d", self.contact):
            yield (
                "contact",
                _("is %(contact)s. A %(channel)s line needs a number.")
                % {"contact": repr(self.contact[:80]), "channel": self.channel},
            )


COLUMNS = [
    *("name", "alternate_name", "organisation", "countries", "languages", "audience", "domains"),
    *("channel", "contact", "keyword", "hours", "cost", "url", "source_url"),
]


def split(cell: str) -> tuple[str, ...]:
    """The members of a cell that holds a list."""
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def details(values: dict[str, str]) -> Details:
    """Trimmed, with lists in one spelling."""
    plain = {name: " ".join((values.get(name) or "").split()) for name in COLUMNS}
    for name in ("countries", "languages", "domains", "alternate_name", "keyword"):
        plain[name] = ";".join(split(plain[name]))
    return Details(**plain)


def read(file: IO[str]) -> list[Details]:
    """Every row, or `BadTable` with every fault."""
    reader = csv.DictReader(file, strict=True)
    try:
        reader.fieldnames = [_named(name) for name in reader.fieldnames or []]
        given = list(islice(reader, MAX_ROWS + 1))
    except csv.Error as error:
        raise BadTable(
            [
                _("Row %(row)s: %(error)s. Save it as CSV with commas.")
                % {"row": reader.line_num, "error": error}
            ]
        ) from error
    if len(given) > MAX_ROWS:
        raise BadTable(
            [
                _("There are more than %(n)s rows. Cut the file into several.")
                % {"n": f"{MAX_ROWS:,}"}
            ]
        )
    header = reader.fieldnames
    lacking = [name for name in NEEDED if name not in header]
    strange = [name for name in header if name not in (*COLUMNS, STATUS)]
    twice = [name for name in COLUMNS if header.count(name) > 1]
    faults = [_("The column %(column)s is missing.") % {"column": repr(name)} for name in lacking]
    faults += [
        _("Column %(column)s is not known. Known: %(columns)s.")
        % {"column": repr(name), "columns": ", ".join(COLUMNS)}
        for name in strange
    ]
    faults += [
        _("The column %(column)s stands there twice. Take one away.") % {"column": repr(name)}
        for name in twice
    ]
    rows = [] if faults else [details(row) for row in given]
    for number, row in enumerate(rows, start=2):
        faults += [
            _("Row %(row)s, column %(column)s: %(fault)s")
            % {"row": number, "column": repr(name), "fault": fault}
            for name, fault in row.faults()
        ]
    if faults:
        raise BadTable(faults)
    return rows


def _named(column: str) -> str:
    """Our name for it; "organization.name" and "Fees description" are spellings of theirs."""
    plain = re.sub(r"[\s.]+", "_", column.strip().lower())
    return ALSO.get(plain, plain)


def write(rows: Iterable[tuple[Details, str]], file: Writable) -> int:
    """Rows with the status of each; how many."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, STATUS])
    lines = [[*(getattr(row, name) for name in COLUMNS), status] for row, status in rows]
    writer.writerows(lines)
    return len(lines)
