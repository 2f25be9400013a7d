"""Label Studio: tasks to import, people as annotations and judges as predictions.

Values are of the tag Number, several of them and strategies of Choices, words and reasons of
TextArea. Raters stand in `meta` of each result: `completed_by` would have to name an account of the
Label Studio that imports it. `config` is the labelling interface for these tasks.
"""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import quoteattr

from exports.formats.columns import Row, columns
from exports.formats.rated import Criterion, Rated
from exports.formats.ratings import NONE, VALUE, Asked, Said

COLUMNS = columns(data="json", annotations="json", predictions="json")


def row(it: Rated) -> Row:
    """The answer as a task."""
    data = {
        "conversation": it.messages,
        "answer": it.text,
        **{name: getattr(it.shown, name) for name in ("study", "item", "prompt", "completion")},
        "model": it.shown.model,
        "condition": it.shown.condition,
    }
    annotations = [{"result": _results(said, rater)} for rater, said in it.people]
    predictions = [
        {"model_version": judge, "result": _results(said, judge)} for judge, said in it.judges
    ]
    return (data, [each for each in annotations if each["result"]], predictions)


def _results(given: Iterable[tuple[Asked, Said]], rater: str) -> list[dict[str, Any]]:
    found = []
    for asked, (answer, value, picked, words, _, rationale, _day) in given:
        if answer == VALUE:
            found.append(_result(asked.criterion, *_value(value, picked, words), rater))
        if rationale:
            found.append(
                _result(f"{asked.criterion}-reason", "textarea", {"text": [rationale]}, rater)
            )
    return found


def _value(value: float | None, picked: str, words: str) -> tuple[str, dict[str, Any]]:
    if value is not None:
        return "number", {"number": value}
    if picked:
        return "choices", {"choices": [] if picked == NONE else picked.split("|")}
    return "textarea", {"text": [words]}


def _result(name: str, kind: str, value: dict[str, Any], rater: str) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "answer",
        "type": kind,
        "value": value,
        "meta": {"text": [rater]},
    }


def config(criteria: Iterable[Criterion]) -> str:
    """The labelling interface that the tasks fit."""
    lines = [
        "<View>",
        '  <Paragraphs name="conversation" value="$conversation" layout="dialogue"'
        ' nameKey="role" textKey="content"/>',
        '  <Text name="answer" value="$answer"/>',
    ]
    for criterion in criteria:
        lines += [f"  <Header value={quoteattr(criterion.question)}/>", _control(criterion)]
        lines.append(f'  <TextArea name={quoteattr(criterion.key + "-reason")} toName="answer"/>')
    return "\n".join([*lines, "</View>", ""])


def _control(criterion: Criterion) -> str:
    name = f'name={quoteattr(criterion.key)} toName="answer"'
    if criterion.is_measured:
        low, high = criterion.scale[0], criterion.scale[-1]
        return f'  <Number {name} min="{low}" max="{high}" step="1"/>'
    if criterion.kind == "choices":
        chosen = "".join(f'<Choice value="{value}"/>' for value in criterion.scale)
        return f'  <Choices {name} choice="multiple">{chosen}</Choices>'
    return f"  <TextArea {name}/>"
