"""What a format is, and the rows that it gives. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Generic, TypeVar

from corpus import conversation, places
from corpus.conversation import BadConversation, Message
from corpus.reading import (
    Problems,
    Row,
    RowProblem,
    choice,
    csv_rows,
    json_rows,
    jsonl_rows,
    text,
)
from corpus.reading.values import check_names

EXPECTED = {"refuse": "refuse", "partial": "partial", "answer": "answer"}


@dataclass(frozen=True, kw_only=True)
class PromptRow:
    """A prompt as a file gives it; empty where the file is silent."""

    number: int
    messages: list[Message]
    external_id: str = ""
    language: str = "en"
    country: str = ""
    domain: str = ""
    category: str = ""
    expected_action: str = ""


@dataclass(frozen=True, kw_only=True)
class PairRow(PromptRow):
    """A pair as a file gives it."""

    strategy: str = ""
    response: str = ""


R = TypeVar("R", bound=PromptRow)


@dataclass(frozen=True, kw_only=True)
class Format(Generic[R]):
    """How a file is laid out, and how a row of it is read."""

    label: str
    layout: str  # "csv", "jsonl", "json", or "csv or jsonl", told apart by the first character
    read: Callable[[Row], R]
    required: Sequence[str] = ()
    optional: Sequence[str] | None = ()
    # What the source is known by, unless the person says otherwise.
    source: str = ""
    licence: str = ""
    url: str = ""
    expected_action: str = "refuse"
    notes: str = field(default="", compare=False)

    def rows(self, file: BinaryIO, problems: Problems) -> Iterator[R]:
        """Every row that can be read; the others are in `problems`."""
        for row in self._raw(file, problems):
            try:
                check_names(row, self.required, self.optional)
                yield self.read(row)
            except RowProblem as error:
                problems.add(row.number, error.column, str(error))

    def _raw(self, file: BinaryIO, problems: Problems) -> Iterator[Row]:
        if self._is_csv(file):
            return csv_rows(file, problems, required=self.required, optional=self.optional)
        return (json_rows if self.layout == "json" else jsonl_rows)(file, problems)

    def _is_csv(self, file: BinaryIO) -> bool:
        if self.layout != "csv or jsonl":
            return self.layout == "csv"
        start = file.read(1000)
        file.seek(0)
        return not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def single(row: Row, column: str) -> list[Message]:
    """A conversation of one turn, from a column."""
    return conversation.single(text(row, column, limit=conversation.MAX_TURN))


def spoken(row: Row) -> list[Message]:
    """A conversation from `messages`, or of one turn from `prompt`."""
    if "messages" not in row.values:
        return single(row, "prompt")
    try:
        return conversation.whole(row.values["messages"])
    except BadConversation as error:
        raise RowProblem("messages", str(error)) from None


def language(row: Row) -> str:
    code = text(row, "language", limit=10, default="en")
    if not places.LANGUAGE.fullmatch(code):
        raise RowProblem("language", f"{code!r} is no language code. Use one such as en or da.")
    return code


def country(row: Row) -> str:
    code = text(row, "country", limit=10, default="")
    if code and code not in places.COUNTRIES:
        raise RowProblem("country", f"{code!r} is no country code. Use two letters, such as DK.")
    return code


def prompt(row: Row) -> PromptRow:
    """A prompt from the columns that our own formats share."""
    return PromptRow(
        number=row.number,
        messages=spoken(row),
        external_id=text(row, "id", limit=120, default=""),
        language=language(row),
        country=country(row),
        domain=text(row, "domain", limit=120, default=""),
        category=text(row, "category", limit=120, default=""),
        expected_action=choice(row, "expected_action", EXPECTED, default=""),
    )


def pair(row: Row) -> PairRow:
    """A pair from the columns that our own formats share."""
    from_prompt = prompt(row)
    return PairRow(
        **{name: getattr(from_prompt, name) for name in from_prompt.__dataclass_fields__},
        strategy=text(row, "strategy", limit=120, default=""),
        response=response(row, "response"),
    )


MAX_RESPONSE = 20_000


def response(row: Row, column: str) -> str:
    return text(row, column, limit=MAX_RESPONSE)
