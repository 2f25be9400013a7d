"""Results of promptfoo (`promptfoo eval --output results.json`, or `.jsonl`), of all its versions.

Its rows have no ids: an `id` among the test's variables is taken for one, else the prompt is known
by its words, as they were sent or as they stand in a variable. Grades are left alone.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext

from corpus import conversation
from corpus.conversation import Message
from corpus.reading import Problems, Row, RowProblem
from gate.text import visible
from generation.imports.document import Document
from generation.imports.found import (
    NEXT,
    Found,
    Passed,
    answer,
    count,
    key,
    mapping,
    seconds,
    sent_as,
    words,
)

ROW = (
    "provider", "prompt", "promptIdx", "testIdx", "vars", "response", "error", "latencyMs",
    "testCase", "metadata",
)  # fmt: skip
IDS = ("id", "question_id", "prompt_id", "external_id")
MAX_CANDIDATES = 20
MAX_LABEL = 80
Places = dict[tuple[int, int], int]


def read(file: BinaryIO, problems: Problems) -> Iterator[Found | Passed]:
    document, places = Document(file, problems), Places()
    n = 0
    for _ in document.objects():
        row: dict[str, Any] = {}
        if document.peek() != "{":
            problems.stop(
                document.row, gettext("There must be a JSON object, as promptfoo writes it.")
            )
        for name in document.members():
            if name in ("results", "outputs"):
                for number, found in _results(document, problems):
                    n = number
                    yield from _each(number, found, places, problems)
            elif name in ROW:  # a line of its JSON Lines is such a row itself
                row[name] = document.value(name)
        if "response" in row or "promptIdx" in row:
            n += 1
            yield from _each(n, row, places, problems)
    if not n:
        problems.stop(
            None, gettext("There are no results. Was it written with promptfoo eval --output?")
        )


def _results(document: Document, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows, which stand in `results` or one level further down, as its version has it."""
    if document.peek() == "[":
        for number in document.entries():
            document.row = number
            try:
                yield number, document.some(ROW)
            except RowProblem as error:
                problems.add(number, error.column, str(error))
        document.row = None
    elif document.peek() == "{":
        for name in document.members():
            if name in ("results", "outputs"):
                yield from _results(document, problems)


def _each(
    number: int, row: dict[str, Any], places: Places, problems: Problems
) -> Iterator[Found | Passed]:
    try:
        _check_once(number, row, places)
        yield _found(number, row)
    except RowProblem as error:
        problems.add(number, error.column, str(error))


def _check_once(number: int, row: dict[str, Any], places: Places) -> None:
    column, test = count(row.get("promptIdx")), count(row.get("testIdx"))
    if column is None or test is None:
        return
    first = places.setdefault((column, test), number)
    if first != number:
        raise RowProblem(
            "testIdx", gettext("This test stands in row %(first)s already.") % {"first": first}
        )


def _found(number: int, row: dict[str, Any]) -> Found | Passed:
    response = row.get("response")
    if isinstance(response, str):
        response = {"output": response}
    response = mapping(response)
    output = response.get("output")
    if output is None:
        return Passed(
            number, gettext("promptfoo noted an error") if row.get("error") else gettext("empty")
        )
    if not isinstance(output, str):
        raise RowProblem(
            "response",
            gettext(
                "The answer is no text: promptfoo took it apart. Write it without a transform."
            ),
        )
    usage = mapping(response.get("tokenUsage"))
    finish = words(response.get("finishReason"))
    variables = mapping(row.get("vars")) or mapping(mapping(row.get("testCase")).get("vars"))
    return Found(
        row=number,
        keys=tuple(filter(None, (key(variables.get(name)) for name in IDS))),
        asked=_asked(row, variables),
        text=answer(Row(number, {"response": output}), "response"),
        replicate=NEXT,
        finish_reason=visible(finish)[:40],
        by=_by(row),
        n_prompt_tokens=count(usage.get("prompt")),
        n_completion_tokens=count(usage.get("completion")),
        latency_s=seconds(row.get("latencyMs"), per=1000),
        told={"answered_by": visible(_provider(row)[0])} if _provider(row) else {},
    )


def _provider(row: dict[str, Any]) -> tuple[str, ...]:
    given = row.get("provider")
    told = mapping(given)
    names = (key(given), key(told.get("id")), key(told.get("label")))
    return tuple(dict.fromkeys(filter(None, names)))


def _by(row: dict[str, Any]) -> tuple[str, ...]:
    """The provider, and the provider with its template: two templates are two ways to ask."""
    names = _provider(row)
    prompt = mapping(row.get("prompt"))
    label = " ".join((words(prompt.get("label")) or words(prompt.get("display"))).split())
    if not names or not label or label == " ".join(words(prompt.get("raw")).split()):
        return names
    return (*names, f"{names[-1]} | {label[:MAX_LABEL]}")


def _asked(row: dict[str, Any], variables: dict[str, Any]) -> tuple[list[Message], ...]:
    prompt = row.get("prompt")
    sent = words(mapping(prompt).get("raw")) or words(prompt)
    found = [sent_as(sent)] if sent else []
    found += [
        conversation.single(value)
        for value in list(variables.values())[:MAX_CANDIDATES]
        if isinstance(value, str) and value.strip()
    ]
    return tuple(found)
