"""The form in which the columns of one file are matched to ours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corpus.actions.arriving import FORMATS, columns_seen
from corpus.models import Upload
from corpus.reading.guessing import Column, Known, meanings
from corpus.reading.mapping import FIXABLE, LEFT_OUT, OURS, WITH_MEANINGS, Matched

LABELS = {
    "prompt": _("Prompt"),
    "messages": _("Conversation"),
    "response": _("Response"),
    "id": _("Id"),
    "expected_action": _("Should it be refused?"),
    "domain": _("Risk domain"),
    "strategy": _("Strategy"),
    "category": _("Category"),
    "language": _("Language"),
    "country": _("Country"),
}
ACTIONS = [("refuse", _("Refuse")), ("partial", _("Answer in part")), ("answer", _("Answer"))]


class MatchForm(forms.Form):
    """Which of the file's columns is which of ours, what its words mean, and what all rows share.

    Built for one file: its fields are named after the places of its columns and words.
    """

    def __init__(self, upload: Upload, known: Known, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.upload, self.known = upload, known
        self.columns = columns_seen(upload)
        layout = upload.seen.get("layout", "csv")
        named = FORMATS[upload.what].items()
        others = [(name, each.label) for name, each in named if not each.is_ours]
        self.fields["format"] = self._choice(
            _("Read as"), [(layout, _("Matched columns")), *others], upload.format, is_live=True
        )
        if found := upload.seen.get("splits"):
            self.fields["split"] = self._choice(
                _("Split"), [(name, name) for name in found], upload.split, is_live=True
            )
        self.is_matched = not any(name == upload.format for name, _label in others)
        if self.is_matched:
            self._add_columns()
            self._add_words()
        self._add_fixed()

    def _choice(
        self, label: Any, choices: Any, initial: str, *, is_live: bool = False
    ) -> forms.ChoiceField:
        """A live one draws the form anew: other words and fields belong to another choice."""
        live = {
            "hx-post": self.upload.get_absolute_url(),
            "hx-trigger": "change",
            "hx-target": "#match",
            "hx-swap": "outerHTML",
        }
        return forms.ChoiceField(
            label=label,
            choices=choices,
            initial=initial,
            required=False,
            widget=forms.Select(attrs=live if is_live else {}),
        )

    def _add_columns(self) -> None:
        chosen = {theirs: ours for ours, theirs in self.upload.columns.items()}
        ours = [("", _("Leave it out")), *((n, LABELS[n]) for n in OURS[self.upload.what])]
        for place, column in enumerate(self.columns):
            self.fields[f"column-{place}"] = self._choice(
                column.name, ours, chosen.get(column.name, ""), is_live=True
            )

    def _add_words(self) -> None:
        for place, column, ours in self._matched_words():
            meant = self.upload.meanings.get(ours, {})
            for number, word in enumerate(column.words):
                self.fields[f"word-{place}-{ours}-{number}"] = self._choice(
                    word, self._words_of(ours), meant.get(word, "")
                )

    def _matched_words(self) -> list[tuple[int, Column, str]]:
        """Columns with few words, of which some are not ours."""
        chosen = {theirs: ours for ours, theirs in self.upload.columns.items()}
        return [
            (place, column, chosen[column.name])
            for place, column in enumerate(self.columns)
            if chosen.get(column.name) in WITH_MEANINGS
            and set(column.words) - set(self.known.of(chosen[column.name]))
        ]

    def _words_of(self, ours: str) -> list[tuple[str, Any]]:
        names: Any = ACTIONS if ours == "expected_action" else self.known.of(ours).items()
        return [("", _("As it stands")), (LEFT_OUT, _("Leave it empty")), *names]

    def _add_fixed(self) -> None:
        if not self.is_matched:
            if not self.upload.is_of_pairs:
                self.fields["fixed-expected_action"] = self._choice(
                    _("Should it be refused?"),
                    [("", _("As usual for the format")), *ACTIONS],
                    self.upload.expected_action,
                )
            return
        for ours in FIXABLE:
            if ours in self.upload.columns:
                continue
            names: Any = ACTIONS if ours == "expected_action" else self.known.of(ours).items()
            self.fields[f"fixed-{ours}"] = self._choice(
                LABELS[ours], [("", self._unsaid(ours)), *names], self.upload.fixed.get(ours, "")
            )

    def _unsaid(self, ours: str) -> Any:
        if ours == "language":
            return _("English, as usual")
        if ours == "expected_action" and not self.upload.is_of_pairs:
            return _("Refuse, as usual")
        return _("Not said")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        taken: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            ours = said.get(f"column-{place}")
            if ours and ours in taken:
                self.add_error(
                    f"column-{place}",
                    _("%(other)s is matched to this already.") % {"other": taken[ours]},
                )
            elif ours:
                taken[ours] = column.name
        return said

    def matched(self) -> Matched:
        """What was chosen. A column that was just chosen brings a guess at its words."""
        said = self.cleaned_data
        columns, words = {}, {}
        for place, column in enumerate(self.columns):
            ours = said.get(f"column-{place}")
            if not ours:
                continue
            columns[ours] = column.name
            if ours in WITH_MEANINGS:
                words[ours] = self._meant(place, column, ours)
        fixed = {
            ours: said[f"fixed-{ours}"]
            for ours in FIXABLE
            if said.get(f"fixed-{ours}") and ours not in columns
        }
        return Matched(columns=columns, fixed=fixed, meanings=words)

    def _meant(self, place: int, column: Column, ours: str) -> dict[str, str]:
        names = [f"word-{place}-{ours}-{number}" for number in range(len(column.words))]
        if any(name in self.data for name in names):
            given = [self.cleaned_data.get(name, "") for name in names]
            return {word: meant for word, meant in zip(column.words, given, strict=True) if meant}
        return meanings(column, ours, self.known)

    # For the page

    def of_file(self) -> list[Any]:
        """How the whole file is read."""
        return [self[name] for name in ("format", "split") if name in self.fields]

    def rows(self) -> list[tuple[Column, Any]]:
        """The file's columns with their choices."""
        return [
            (column, self[f"column-{place}"])
            for place, column in enumerate(self.columns)
            if f"column-{place}" in self.fields
        ]

    def words(self) -> list[tuple[str, Any, list[Any]]]:
        """The file's words with their choices: its column, ours, the fields."""
        return [
            (
                column.name,
                LABELS[ours],
                [self[f"word-{p}-{ours}-{n}"] for n in range(len(column.words))],
            )
            for p, column, ours in (self._matched_words() if self.is_matched else [])
        ]

    def shared(self) -> list[Any]:
        """What may stand for every row."""
        return [self[name] for name in self.fields if name.startswith("fixed-")]
