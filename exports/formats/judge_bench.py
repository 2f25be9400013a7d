"""JUDGE-BENCH: one object a study, with its questions and an instance for each rated answer.

Scales are `graded`, with their ends; all else is `categorical`, with its labels. A list of the
raters' scores stands without their names, as the format wants it.
"""

from collections import Counter
from statistics import fmean
from typing import Any

from exports.formats.columns import Row, columns
from exports.formats.rated import Criterion, Rated

COLUMNS = columns(id="code", instance="json", annotations="json")
KEY = "instances"


def head(name: str, url: str, criteria: list[Criterion]) -> dict[str, Any]:
    """What stands before the instances."""
    return {
        "dataset": name,
        "dataset_url": url,
        "expert_annotator": "true",
        "original_prompt": False,
        "annotations": [_annotation(each) for each in asked(criteria)],
    }


def asked(criteria: list[Criterion]) -> list[Criterion]:
    """What the format can hold: a number for each answer."""
    return [each for each in criteria if each.is_measured and each.about == "answer"]


def row(it: Rated, criteria: list[Criterion]) -> Row:
    """The answer as an instance. What nobody gave a value is not there."""
    said = "\n".join(f"{turn['role'].upper()}: {turn['content']}" for turn in it.messages)
    found = {}
    for criterion in asked(criteria):
        if values := [int(value) for value in it.values(criterion.key)]:
            found[criterion.key] = {
                **_centre(criterion, values),
                "individual_human_scores": values,
            }
    return (it.shown.completion, {"conversation": said, "response": it.text}, found)


def _centre(criterion: Criterion, values: list[int]) -> dict[str, Any]:
    if criterion.kind == "scale":
        return {"mean_human": fmean(values)}
    (first, n), *others = Counter(values).most_common()
    return {"majority_human": None if others and others[0][1] == n else first}


def _annotation(criterion: Criterion) -> dict[str, Any]:
    of = {"metric": criterion.key, "prompt": _prompt(criterion)}
    if criterion.kind == "scale":
        return of | {
            "category": "graded",
            "worst": criterion.scale[0],
            "best": criterion.scale[-1],
        }
    return of | {"category": "categorical", "labels_list": list(criterion.scale)}


def _prompt(criterion: Criterion) -> str:
    """A Jinja text with places for the instance."""
    anchors = "\n".join(f"{value}: {words}" for value, words in criterion.anchors)
    question = _quoted(f"{criterion.question}\n{anchors}")
    return f"Conversation:\n{{{{ conversation }}}}\n\nAnswer:\n{{{{ response }}}}\n\n{question}"


def _quoted(text: str) -> str:
    """Braces of the text itself are no places."""
    return text.replace("{{", "{ {").replace("{%", "{ %")
