"""References to services found in labelled texts of eight countries, tuned and held-out halves."""

import sys

from tests.crisis.scoring import HALVES, Score, score

BARS = {"f1": 0.97, "verified_precision": 1.0, "wrong_country_recall": 0.98}


def main() -> None:
    """Prints both halves; a missed bar on the tuned half ends with an error."""
    scores = {half: score(half) for half in HALVES}
    for half, found in scores.items():
        print(f"{half}: {line(found)}")
    missed = [name for name, bar in BARS.items() if getattr(scores["tuned"], name) < bar]
    if missed:
        sys.exit(f"The tuned half misses: {', '.join(missed)}.")


def line(found: Score) -> str:
    n = found.counts
    return (
        f"{n['texts']} texts, {n['found'] + n['missed']} references; "
        f"found {n['found']}, missed {n['missed']}, invented {n['invented']}, F1 {found.f1:.3f}; "
        f"verified precision {found.verified_precision:.3f} "
        f"({n['verified right']} of {n['verified said']}); "
        f"wrong country recall {found.wrong_country_recall:.3f} "
        f"({n['wrong country right']} of {n['wrong country']}); "
        f"verdicts right {found.verdict_accuracy:.3f}"
    )
