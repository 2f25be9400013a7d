"""What a format is, and the rows that it gives. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from corpus import conversation, places
from corpus.conversation import BadConversation, Message
from corpus.reading import Material, Place, Problems, Row, RowProblem, choice, text
from corpus.reading.mapping import Matched
from corpus.reading.material import sniff
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
    origin: str = ""  # the collection that the file itself took the row from


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
    layout: str  # of `corpus.reading.material.LAYOUTS`, or "csv or jsonl"
    read: Callable[[Row], R]
    required: Sequence[str] = ()
    optional: Sequence[str] | None = ()
    # What the source is known by, unless the person says otherwise.
    source: str = ""
    licence: str = ""
    url: str = ""
    revision: str = ""
    expected_action: str = "refuse"
    is_ours: bool = False  # our own columns: a file with others can be matched to them
    notes: str = field(default="", compare=False)  # what its sets say of themselves

    def material(self, place: Place, split: str = "") -> Material:
        """The file or folder as this format lays it out; Parquet and folders are always known."""
        found = sniff(place)
        fixed = self.layout in ("csv", "json") and found not in ("parquet", "dataset")
        plain = found in ("csv", "json", "jsonl") and self.layout in ("jsonl", "parquet", "dataset")
        return Material(place, self.layout if fixed or plain else found, split)

    def rows(
        self, material: Material, problems: Problems, matched: Matched | None = None
    ) -> Iterator[R]:
        """Every row that can be read; the others are in `problems`."""
        required, optional = ((), None) if matched else (self.required, self.optional)
        for row in material.rows(problems, required=required, optional=optional):
            try:
                known = matched.apply(row) if matched else row
                check_names(known, self.required, self.optional)
                yield self.read(known)
            except RowProblem as error:
                column = matched.theirs(error.column) if matched else error.column
                problems.add(row.number, column, str(error))


def single(row: Row, column: str) -> list[Message]:
    """A conversation of one turn, from a column."""
    return conversation.single(text(row, column, limit=conversation.MAX_TURN))


def spoken(row: Row) -> list[Message]:
    """A conversation from `messages`, or of one turn from `prompt`."""
    if row.values.get("messages") is None:
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
