"""Samples of the LM Evaluation Harness (`--log_samples`): what the model wrote for each document.

There is a row for each filter over the same answers: the first one counts, as the answers are taken
before any filter. `doc_id` only counts the rows of the harness's data, so a prompt is known by an
id in the document itself, or by its words.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from corpus import conversation
from corpus.conversation import Message
from corpus.reading import Problems, Row, RowProblem
from gate.text import visible
from generation.imports.document import Document
from generation.imports.found import (
    MAX_REPLICATES,
    Found,
    answer,
    is_setting,
    key,
    mapping,
    sent_as,
)

ROW = ("doc_id", "doc", "arguments", "resps", "filtered_resps", "filter", "doc_hash", "prompt_hash")
IDS = ("id", "question_id", "prompt_id", "external_id", "qid")
SAMPLING = ("temperature", "top_p", "top_k", "max_gen_toks", "max_new_tokens", "do_sample", "seed")
MAX_CANDIDATES = 20


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    document = Document(file, problems)
    seen: dict[str, dict[str, int]] = {}
    for number in document.objects():
        try:
            row = document.some(ROW)
            if _is_new(number, row, seen):
                yield from _found(number, row)
        except RowProblem as error:
            problems.add(number, error.column, str(error))
    if not seen and not problems.total:
        problems.stop(None, _("The file is empty. It needs at least one row."))


def _is_new(number: int, row: dict[str, Any], seen: dict[str, dict[str, int]]) -> bool:
    """Whether this document was not met yet; another filter's row says nothing new."""
    place = key(row.get("doc_id"))
    if not place:
        raise RowProblem("doc_id", _("The row has none. Was it written with --log_samples?"))
    filters = seen.setdefault(place, {})
    first = filters.setdefault(key(row.get("filter")), number)
    if first != number:
        raise RowProblem(
            "doc_id",
            _("'%(place)s' stands in row %(first)s already, with this filter.")
            % {"place": place, "first": first},
        )
    return len(filters) == 1


def _found(number: int, row: dict[str, Any]) -> list[Found]:
    doc = mapping(row.get("doc"))
    ids = tuple(dict.fromkeys(filter(None, (key(doc.get(name)) for name in IDS))))
    sent, options = _sent(row.get("arguments"))
    told = {name: visible(key(row.get(name))) for name in ("doc_hash", "prompt_hash")}
    sampling = {name: options[name] for name in SAMPLING if is_setting(options.get(name))}
    return [
        Found(
            row=number,
            keys=ids or (key(row.get("doc_id")),),
            is_place=not ids,
            asked=_asked(doc, sent),
            text=answer(Row(number, {"resps": said}), "resps"),
            replicate=replicate,
            told={name: value for name, value in told.items() if value}
            | ({"sampling": sampling} if sampling else {}),
        )
        for replicate, said in enumerate(_answers(row), start=1)
    ]


def _answers(row: dict[str, Any]) -> list[str]:
    """One answer, or as many as the task was repeated."""
    given = row.get("resps", row.get("filtered_resps"))
    if not isinstance(given, list) or not given:
        raise RowProblem("resps", _("There is no answer in it."))
    if len(given) > 1:
        raise RowProblem(
            "resps",
            _("There are answers to %(n)s questions in one row; one is taken.") % {"n": len(given)},
        )
    said = given[0] if isinstance(given[0], list) else given
    if not said or not all(isinstance(each, str) for each in said):
        raise RowProblem(
            "resps",
            _(
                "There is no text in it: this task weighs given answers against each other. Only "
                "tasks that let the model write have answers to import."
            ),
        )
    if len(said) > MAX_REPLICATES:
        raise RowProblem(
            "resps",
            _("There are %(n)s answers; %(most)s are taken.")
            % {"n": len(said), "most": MAX_REPLICATES},
        )
    return said


def _sent(arguments: Any) -> tuple[list[Message], dict[str, Any]]:
    """What was sent, and how, from either shape in which the harness writes it."""
    first: Any = None
    if isinstance(arguments, dict):
        first = mapping(next(iter(arguments.values()), None))
        first = [first.get("arg_0"), first.get("arg_1")]
    elif isinstance(arguments, list) and arguments:
        first = arguments[0]
    parts = first if isinstance(first, list) else []
    sent = parts[0] if parts else None
    if isinstance(sent, list) and sent:
        sent = sent[0]
    options = mapping(parts[1]) if len(parts) > 1 else {}
    return (sent_as(sent) if isinstance(sent, str) else []), options


def _asked(doc: dict[str, Any], sent: list[Message]) -> tuple[list[Message], ...]:
    found = [sent] if sent else []
    values = [value for value in doc.values() if isinstance(value, str) and value.strip()]
    return (*found, *(conversation.single(value) for value in values[:MAX_CANDIDATES]))
