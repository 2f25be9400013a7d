"""Logs of Inspect as JSON (`inspect log convert --to json`): each sample's completion.

Samples that ended with an error have no answer and are left out. Rows are samples.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings

from corpus.reading import Problems, Row, RowProblem
from gate.text import BadText, accept_document
from generation.imports.found import Found, answer, whole_number

FINISH = {"max_tokens": "length", "model_length": "length"}


def read(file: BinaryIO, problems: Problems) -> Iterator[Found]:
    log = _document(file, problems)
    samples = log.get("samples") if isinstance(log, dict) else None
    if not isinstance(samples, list) or not samples:
        problems.stop(
            None, "This log has no samples. Inspect leaves them out when it logs headers only."
        )
    for number, sample in enumerate(samples, start=1):
        try:
            if (found := _found(number, sample)) is not None:
                yield found
        except RowProblem as error:
            problems.add(number, error.column, str(error))


def _document(file: BinaryIO, problems: Problems) -> Any:
    """The whole log. NaN, which Inspect writes for what was not scored, becomes null."""
    raw = file.read(settings.MAX_IMPORT_BYTES + 1)
    if len(raw) > settings.MAX_IMPORT_BYTES:
        problems.stop(None, f"The file is larger than {settings.MAX_IMPORT_BYTES:,} bytes.")
    if raw.startswith(b"PK"):
        problems.stop(
            None,
            "This is a packed log. Unpack it with: inspect log convert --to json --output-dir DIR",
        )
    try:
        document = json.loads(raw, parse_constant=lambda _: None)
        return accept_document(document, where="The log", depth=100)
    except BadText as error:
        problems.stop(None, str(error))
    except (ValueError, RecursionError) as error:
        problems.stop(None, f"The file is not JSON: {error}.")


def _found(number: int, sample: Any) -> Found | None:
    if not isinstance(sample, dict) or not str(sample.get("id") or "").strip():
        raise RowProblem("id", "The sample has no id.")
    choices = _dict(sample.get("output")).get("choices")
    if not isinstance(choices, list) or not choices:
        return None
    choice = _dict(choices[0])
    said, thought = _parts(_dict(choice.get("message")).get("content"))
    kept = _dict(sample.get("attachments"))
    row = Row(number, {"text": _attached(said, kept), "epoch": sample.get("epoch") or 1})
    stop = str(choice.get("stop_reason") or "")
    return Found(
        row=number,
        keys=(str(sample["id"]),),
        text=answer(row, "text"),
        replicate=whole_number(row, "epoch", default=1, most=100),
        reasoning=_attached(thought, kept),
        finish_reason=FINISH.get(stop, stop)[:40],
    )


def _parts(content: Any) -> tuple[str, str]:
    """Text and reasoning of a message, whose content is a string or a list of parts."""
    if not isinstance(content, list):
        return str(content or ""), ""
    parts = [part for part in content if isinstance(part, dict)]
    said = "".join(str(p.get("text") or "") for p in parts if p.get("type") == "text")
    thought = "".join(str(p.get("reasoning") or "") for p in parts if p.get("type") == "reasoning")
    return said, thought


def _attached(said: str, attachments: dict[str, Any]) -> str:
    """Long texts are kept apart, under the name that stands in their place."""
    key = said.removeprefix("attachment://")
    return str(attachments.get(key, said)) if key != said else said


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
