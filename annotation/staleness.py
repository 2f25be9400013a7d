"""What differs between two versions of a rubric, and which ratings lose their meaning. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotation.sheets import Asked, Sheet, When

Runs = list[tuple[str, str]]

SEVERITY = "severity"
SAME, CHANGED, ADDED, REMOVED, MOVED = "same", "changed", "added", "removed", "moved"


@dataclass(frozen=True)
class Text:
    """A text of a criterion as it was and as it is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A criterion in two versions. `texts` are those that differ."""

    key: str
    label: str
    what: str
    texts: tuple[Text, ...] = ()

    @property
    def makes_stale(self) -> bool:
        """Ratings of the earlier version do not answer what the later one asks.

        A criterion that was only moved is read as before; one that is gone leaves its ratings
        without a question. Severities are for curators alone.
        """
        is_read = any(not text.name.startswith(SEVERITY) for text in self.texts)
        return self.what == REMOVED or (self.what == CHANGED and is_read)


def between(old: Sheet, new: Sheet) -> list[Change]:
    """Each criterion of either version, in the order of the later one; what is gone stands last."""
    common = [asked.key for asked in old.criteria if asked.key in new.by_key]
    order = [asked.key for asked in new.criteria if asked.key in old.by_key]
    moved = {key for key, before in zip(order, common, strict=True) if key != before}
    changes = [_change(old.by_key.get(asked.key), asked, moved) for asked in new.criteria]
    gone = [asked for asked in old.criteria if asked.key not in new.by_key]
    return changes + [
        Change(asked.key, asked.label, REMOVED, _texts(asked, None)) for asked in gone
    ]


def around(old: Sheet, new: Sheet) -> tuple[Text, ...]:
    """The title and the introduction, where they differ."""
    pairs = (Text("title", old.title, new.title), Text("intro", old.intro, new.intro))
    return tuple(each for each in pairs if each.before != each.after)


def _change(old: Asked | None, new: Asked, moved: set[str]) -> Change:
    if old is None:
        return Change(new.key, new.label, ADDED, _texts(None, new))
    texts = _texts(old, new)
    what = CHANGED if texts else MOVED if new.key in moved else SAME
    return Change(new.key, new.label, what, texts)


def _texts(old: Asked | None, new: Asked | None) -> tuple[Text, ...]:
    before, after = (dict(_said(each)) if each else {} for each in (old, new))
    names = [*after, *(name for name in before if name not in after)]
    pairs = (Text(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(each for each in pairs if each.before != each.after)


def _said(asked: Asked) -> Iterator[tuple[str, str]]:
    """Everything that a rater reads or is asked, by name."""
    yield "label", asked.label
    yield "question", asked.question
    yield "hint", asked.hint
    yield "kind", asked.kind
    yield "about", asked.about
    yield "scale", f"{asked.scale[0]} to {asked.scale[-1]}" if asked.scale else ""
    yield "asked", when_in_words(asked.ask_when)
    yield "reason", "asked for" if asked.asks_rationale else ""
    for point in asked.points:
        yield (
            f"point {point.value}",
            "\n".join(filter(None, (point.label, point.anchor, point.example))),
        )
        if point.severity:
            yield f"{SEVERITY} of {point.value}", point.severity


def when_in_words(when: When | None) -> str:
    return f"after {', '.join(map(str, when.values))} for {when.criterion}" if when else "always"
