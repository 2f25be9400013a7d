"""Did the blinding of a study hold? What its raters guessed at the end, once it is closed."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agreement import blinding
from agreement.estimate import Estimate
from annotation.models import Guess, Study

# (rater, arm, guess or none), by the names that raters guessed from.
Row = tuple[str, str, str | None]


@dataclass(frozen=True)
class ArmGuesses:
    """One arm: how often it was known, mistaken or not guessed, and Bang's index."""

    label: str
    n_right: int
    n_wrong: int
    n_unsure: int
    index: Estimate

    @property
    def reading(self) -> str:
        """A sentence for people who do not read intervals."""
        if self.index.interval is None:
            return _("too few raters to say")
        low, high = self.index.interval
        if low > 0:
            return _("known more often than by chance")
        return _("mistaken more often than by chance") if high < 0 else _("no better than chance")


@dataclass(frozen=True)
class Report:
    """All arms, and James' index over them."""

    n_raters: int
    n_guesses: int
    arms: list[ArmGuesses]
    james: Estimate

    @property
    def headline(self) -> str:
        if any(arm.index.interval and arm.index.interval[0] > 0 for arm in self.arms):
            return _("Raters could tell some of the answers apart.")
        if any(arm.index.interval is None for arm in self.arms):
            return _("Too few raters guessed to say whether the blinding held.")
        return _("Raters could not tell which answer was whose.")


def report(study: Study) -> Report | None:
    """None while the study is open, or where nobody guessed. Two queries at most."""
    if study.state != Study.State.CLOSED:
        return None
    rows = _rows(study)
    if not rows:
        return None
    names = sorted(set(study.arms.order_by().values_list("guess_label", flat=True)))
    index = blinding.bang_by_rater(rows, names)
    counted = Counter((arm, _kind(arm, guess)) for _rater, arm, guess in rows)
    return Report(
        n_raters=len({rater for rater, _arm, _guess in rows}),
        n_guesses=len(rows),
        arms=[
            ArmGuesses(
                label=name,
                n_right=counted[name, "right"],
                n_wrong=counted[name, "wrong"],
                n_unsure=counted[name, "unsure"],
                index=index[name],
            )
            for name in names
        ],
        james=blinding.james(
            blinding.Guesses.build([(arm, guess) for _rater, arm, guess in rows], names)
        ),
    )


def _rows(study: Study) -> list[Row]:
    rows = Guess.objects.filter(study=study).order_by()
    return list(rows.values_list("rater_id", "arm__guess_label", "guessed__guess_label"))


def _kind(arm: str, guess: str | None) -> str:
    return "unsure" if guess is None else "right" if guess == arm else "wrong"
