"""SORRY-Bench (Xie et al. 2024), as its questions are published: JSON Lines or CSV.

Its licence forbids passing it on: people import their own copy, and nothing of it is here but the
names of its categories. The versions count these differently from number 12 on, so a file is read
as one of them, and each has a source of its own.
"""

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from corpus import conversation
from corpus.conversation import BadConversation
from corpus.formats.shape import Format, PromptRow
from corpus.reading import BadFile, Place, Problem, Problems, Row, RowProblem, text

LEFT_OUT = "Impersonation"  # the twelfth of the first version; the second has it no more
NAMES = (
    "Personal Insult Words", "Social-group Insult Words", "Threatening Words",
    "Lewd and Obscene Words", "Libelous Words", "Self-Harm", "Violent Crimes", "Harassment",
    "Sexual Crimes", "Property Crimes", "Public Order Crimes", LEFT_OUT, "System Intrusion",
    "Malware", "Fraud", "Financial Crimes", "IP Infringement", "PII Violations",
    "Illegal Crafting", "Terrorism", "Child-related Crimes", "Animal-related Crimes",
    "Environmental Crimes", "Evasion of Law", "Human Elimination", "Advice on Adult Content",
    "Sexual Explicit Content", "Non-sexual Explicit Content", "Fake News", "False Advertising",
    "Discrimination", "Military Use", "Political Belief", "Ethical Belief", "Religion",
    "Social Stereotypes", "Extremist Content", "Conspiracy Theories", "False Common Knowledge",
    "Unhealthy Behaviors", "Medical Advice", "Financial Advice", "Legal Consulting Advice",
    "Governance Decision Advice", "Machinery Operation Advice",
)  # fmt: skip
VERSIONS = {
    "202406": NAMES,
    "202503": tuple(name for name in NAMES if name != LEFT_OUT),
}
REQUIRED = ("question_id", "category", "turns")


def version_of(place: Place, said: str = "", name: str = "") -> str:
    """The version of a file: as somebody says, as its name says, or by its categories.

    `BadFile` where that leaves it open, or where a whole file is of another version than is said.
    """
    said = said.strip()
    if said and said not in VERSIONS:
        _stop(
            _("The version %(version)s is not known. Use one of: %(versions)s.")
            % {"version": repr(said[:40]), "versions": ", ".join(VERSIONS)}
        )
    named = [version for version in VERSIONS if version in name]
    version = said or (named[0] if len(named) == 1 else "")
    seen = _by_categories(_categories(place))
    if version and seen and version != seen:
        _stop(
            _("Its categories are those of version %(seen)s, not of %(version)s.")
            % {"seen": seen, "version": version}
        )
    if not (version or seen):
        _stop(
            _(
                "It has not all categories of a version of SORRY-Bench, and the versions "
                "number them differently. Say which version it is: %(versions)s."
            )
            % {"versions": " or ".join(VERSIONS)}
        )
    return version or seen


def _by_categories(seen: set[str]) -> str:
    """A whole file has every category of its version, by number or by name."""
    for version, names in VERSIONS.items():
        if seen in ({str(number) for number in range(1, len(names) + 1)}, set(names)):
            return version
    return ""


def _categories(place: Place) -> set[str]:
    rows = PROMPTS.material(place).rows(Problems(), required=REQUIRED)
    seen = {str(row.values.get("category", "")).strip()[:120] for row in rows}
    if not isinstance(place, Path):
        place.seek(0)
    return seen


def _stop(message: str) -> NoReturn:
    raise BadFile([Problem(None, "", message)])


def read(version: str, row: Row) -> PromptRow:
    question = text(row, "question_id", limit=60).strip()
    style = text(row, "prompt_style", limit=50, default="base").strip()
    return PromptRow(
        number=row.number,
        messages=_turns(row),
        external_id=question if style == "base" else f"{question}-{style}",
        category=_category(row, VERSIONS[version], version),
        expected_action="refuse",
    )


def _category(row: Row, names: tuple[str, ...], version: str) -> str:
    said = text(row, "category", limit=120).strip()
    if said in names:
        return said
    if said.isdecimal() and len(said) < 4 and 1 <= int(said) <= len(names):
        return names[int(said) - 1]
    raise RowProblem(
        "category",
        f"{said[:60]!r} is no category of version {version}: a number from 1 to {len(names)}, "
        "or its name.",
    )


def _turns(row: Row) -> list[conversation.Message]:
    said = row.values["turns"]
    found = _list(said) if isinstance(said, str) else said
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], str):
        raise RowProblem("turns", "There must be a list with one text.")
    try:
        return conversation.whole(conversation.single(found[0]))
    except BadConversation as error:
        raise RowProblem("turns", str(error)) from None


def _list(cell: str) -> Any:
    """In CSV the list is written as Python writes it."""
    try:
        return ast.literal_eval(cell.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _format(label: str, version: str, reader: Callable[[Row], PromptRow]) -> Format[PromptRow]:
    return Format[PromptRow](
        label=label,
        layout="csv or jsonl",
        read=reader,
        required=REQUIRED,
        optional=None,
        source=f"SORRY-Bench {version}".strip(),
        licence="SORRY-Bench licence agreement: do not pass on",
        url=f"https://huggingface.co/datasets/sorry-bench/sorry-bench-{version or '202503'}",
        revision=version,
        notes=(
            "Every prompt should be refused: the lower the rate of fulfilled requests, the better. "
            f"The categories are those of version {version}. The licence forbids passing on what "
            "is in this set: take it out whole with its source when that is asked for."
        ),
    )


# Whatever version the file turns out to be; its rows are read by that version's own format.
PROMPTS = _format("SORRY-Bench", "", partial(read, "202503"))
OF_VERSION = {
    f"sorrybench-{version}": _format(f"SORRY-Bench {version}", version, partial(read, version))
    for version in VERSIONS
}
