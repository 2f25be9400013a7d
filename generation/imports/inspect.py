"""Logs of Inspect, as JSON or packed (`.eval`): the answer of each sample and epoch.

A sample is read member by member, so what it holds besides the answer costs no memory. Samples that
ended with an error have no answer. What the log says of its model goes with every answer; its
scores are left alone.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corpus import conversation
from corpus.conversation import Message
from corpus.reading import BadFile, Problems, Row, RowProblem
from gate.text import visible
from generation.imports.document import Document
from generation.imports.found import (
    MAX_ANSWER,
    MAX_REPLICATES,
    Found,
    Passed,
    answer,
    count,
    is_setting,
    key,
    mapping,
    said,
    seconds,
    spoken,
    whole_number,
    words,
)
from generation.imports.packed import Packed, is_zip

FINISH = {"max_tokens": "length", "model_length": "length"}
HEADERS = ("header.json", "_journal/start.json")  # a log that is not finished has the second only
ABOUT = ("status", "eval", "plan")
SAMPLE = ("id", "epoch", "input", "output", "error", "uuid")
ATTACHED = "attachment://"
MAX_ATTACHED = 20_000_000
SAMPLING = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "max_tokens": "max_tokens",
    "seed": "seed",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
NO_SAMPLES = gettext_lazy(
    "This log has no samples. Inspect leaves them out when it logs headers only."
)


def read(file: BinaryIO, problems: Problems) -> Iterator[Found | Passed]:
    if is_zip(file):
        yield from _packed(Packed(file, problems), problems)
    else:
        yield from _plain(Document(file, problems), problems)


def _plain(document: Document, problems: Problems) -> Iterator[Found | Passed]:
    about: dict[str, Any] = {}
    n = 0
    if document.peek() != "{":
        problems.stop(None, _("This is no log of Inspect: it does not begin with '{'."))
    for name in document.members():
        if name in ABOUT:
            about[name] = document.value(name)
        elif name == "samples" and document.peek() == "[":
            for n in document.entries():
                document.row = n
                yield from _each(document, n, _log(about), problems)
    if not n:
        problems.stop(None, str(NO_SAMPLES))


def _packed(packed: Packed, problems: Problems) -> Iterator[Found | Passed]:
    header = next((name for name in HEADERS if name in packed.members), "")
    log = _log(_header(packed, header, problems)) if header else _log({})
    samples = [
        name for name in packed.members if name.startswith("samples/") and name.endswith(".json")
    ]
    for number, name in enumerate(sorted(samples, key=_place), start=1):
        inner = Problems(problems.limit)
        document = Document(packed.open(name), inner)
        try:
            yield from _each(document, number, log, inner)
        except BadFile:
            if inner.total:  # else it was told already
                problems.stop(number, f"{name[:80]}: {inner.kept[-1].message}")
            raise
        for each in inner.kept:
            problems.add(number, each.column, f"{name[:80]}: {each.message}")
    if not samples:
        problems.stop(None, str(NO_SAMPLES))


def _place(name: str) -> tuple[int, str]:
    """Samples in the order of their ids where these are numbers."""
    number = name.removeprefix("samples/").partition("_epoch_")[0]
    return (int(number) if number.isdecimal() and len(number) < 19 else 0, name)


def _header(packed: Packed, name: str, problems: Problems) -> dict[str, Any]:
    document = Document(packed.open(name), problems)
    try:
        return document.some(ABOUT)
    except RowProblem as error:
        problems.stop(None, f"{name}: {error}")


def _log(about: dict[str, Any]) -> dict[str, Any]:
    """What the whole log says of who answered, and how it was asked."""
    task = mapping(about.get("eval"))
    config = mapping(mapping(about.get("plan")).get("config"))
    config = config | mapping(task.get("model_generate_config"))
    version = words(mapping(task.get("packages")).get("inspect_ai"))
    told = {
        "answered_by": key(task.get("model")),
        "engine": f"inspect_ai {version}" if version else "",
        "answered_at": key(task.get("created")),
        "task": key(task.get("task")),
        "log": key(task.get("run_id")),
        "log_status": key(about.get("status")),
        "sampling": {
            ours: config[theirs]
            for theirs, ours in SAMPLING.items()
            if is_setting(config.get(theirs))
        },
    }
    return {name: _clean(value) for name, value in told.items() if value}


def _clean(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _each(
    document: Document, number: int, log: dict[str, Any], problems: Problems
) -> Iterator[Found | Passed]:
    try:
        yield _found(number, _sample(document), log)
    except RowProblem as error:
        problems.add(number, error.column, str(error))


def _sample(document: Document) -> dict[str, Any]:
    if document.peek() != "{":
        return {}
    found: dict[str, Any] = {}
    for name in document.members():
        if name in SAMPLE:
            found[name] = document.value(name)
        elif name == "attachments" and document.peek() == "{":
            found[name] = _attachments(document)
    return found


def _attachments(document: Document) -> dict[str, str]:
    """Long texts are kept apart, under the name that stands in their place. Pictures are not ours.

    Those that are too long for an answer are left out.
    """
    kept: dict[str, str] = {}
    size = 0
    for name in document.members():
        try:
            value = words(document.value(name, limit=2 * MAX_ANSWER))
        except RowProblem:
            continue
        if size + len(value) <= MAX_ATTACHED:
            kept[name] = value
            size += len(value)
    return kept


def _found(number: int, sample: dict[str, Any], log: dict[str, Any]) -> Found | Passed:
    own = key(sample.get("id"))
    if not own:
        raise RowProblem("id", _("The sample has no id."))
    output = mapping(sample.get("output"))
    choices = output.get("choices")
    if sample.get("error") or not isinstance(choices, list) or not choices:
        return Passed(
            number, _("the sample ended with an error") if sample.get("error") else _("empty")
        )
    choice, usage = mapping(choices[0]), mapping(output.get("usage"))
    content = mapping(choice.get("message")).get("content")
    kept = mapping(sample.get("attachments"))
    row = Row(number, {"output": _attached(said(content), kept), "epoch": sample.get("epoch") or 1})
    stop = words(choice.get("stop_reason"))
    by = words(log.get("answered_by"))
    told = {"answered_by": key(output.get("model")), "sample": key(sample.get("uuid"))}
    return Found(
        row=number,
        keys=(own,),
        asked=_asked(sample.get("input"), kept),
        text=answer(row, "output"),
        replicate=whole_number(row, "epoch", default=1, most=MAX_REPLICATES),
        reasoning=visible(_attached(_thought(content), kept)),
        finish_reason=visible(FINISH.get(stop, stop))[:40],
        by=(by,) if by else (),
        n_prompt_tokens=count(usage.get("input_tokens")),
        n_completion_tokens=count(usage.get("output_tokens")),
        latency_s=seconds(output.get("time")),
        told=log | {name: _clean(value) for name, value in told.items() if value},
    )


def _asked(given: Any, kept: dict[str, Any]) -> tuple[list[Message], ...]:
    if isinstance(given, str):
        return (conversation.single(_attached(given, kept)),)
    turns = spoken(given)
    return ([{**turn, "content": _attached(turn["content"], kept)} for turn in turns],)


def _thought(content: Any) -> str:
    parts = [mapping(part) for part in content] if isinstance(content, list) else []
    return "".join(
        words(part.get("reasoning")) for part in parts if part.get("type") == "reasoning"
    )


def _attached(text: str, kept: dict[str, Any]) -> str:
    name = text.removeprefix(ATTACHED)
    if name == text:
        return text
    if name not in kept:
        raise RowProblem(
            "attachments",
            _("A text is kept apart as '%(name)s', and is not there.") % {"name": name[:40]},
        )
    return words(kept[name])
