"""Logs of Inspect as JSON (`inspect log convert --to json`): each sample's completion.

Samples that ended with an error have no answer and are left out.
"""

from pathlib import Path
from typing import Any

from generation.imports import files
from generation.imports.found import Answers, BadFile, Found

FINISH = {"max_tokens": "length", "model_length": "length"}


def read(path: Path) -> Answers:
    if path.suffix == ".eval":
        raise BadFile(
            "This is a packed log. Unpack it with: inspect log convert --to json --output-dir DIR "
            f"{path.name}"
        )
    log = files.json_document(path)
    samples = log.get("samples") if isinstance(log, dict) else None
    if not isinstance(samples, list) or not samples:
        raise BadFile("This log has no samples. Inspect leaves them out when it logs headers only.")
    for position, sample in enumerate(samples, start=1):
        if not isinstance(sample, dict) or "id" not in sample:
            raise BadFile(f"Sample {position} has no 'id'.")
        if (found := _found(f"Sample {position}", sample)) is not None:
            yield found


def _found(where: str, sample: dict[str, Any]) -> Found | None:
    output = sample.get("output") or {}
    choices = output.get("choices") or []
    if not choices:
        return None
    content = (choices[0].get("message") or {}).get("content")
    text, reasoning = _parts(content)
    kept = sample.get("attachments") or {}
    stop = str(choices[0].get("stop_reason") or "")
    return Found(
        where=where,
        keys=(str(sample["id"]),),
        text=_attached(text, kept),
        replicate=int(sample.get("epoch") or 1),
        reasoning=_attached(reasoning, kept),
        finish_reason=FINISH.get(stop, stop)[:40],
    )


def _parts(content: Any) -> tuple[str, str]:
    """Text and reasoning of a message, whose content is a string or a list of parts."""
    if not isinstance(content, list):
        return str(content or ""), ""
    parts = [part for part in content if isinstance(part, dict)]
    text = "".join(str(p.get("text") or "") for p in parts if p.get("type") == "text")
    thought = "".join(str(p.get("reasoning") or "") for p in parts if p.get("type") == "reasoning")
    return text, thought


def _attached(text: str, attachments: dict[str, Any]) -> str:
    """Long texts are kept apart, under the name that stands in their place."""
    key = text.removeprefix("attachment://")
    return str(attachments.get(key, text)) if key != text else text
