"""What an import brought, in words for a terminal."""

from collections.abc import Iterable, Iterator

from corpus.actions import Imported


def lines(summary: Imported, one: str, many: str) -> Iterator[str]:
    """How many, of which kind, from where."""
    would = "would be " if summary.is_trial else ""
    noun = one if summary.n_rows == 1 else many
    yield f"{summary.n_rows:,} {noun} {would}imported from {summary.source}."
    if summary.by_action:
        yield f"Expected: {_counts(summary.by_action.items())}."
    if summary.by_domain:
        yield f"Domains: {_counts(summary.by_domain.items())}."
    if summary.n_repeated:
        yield f"{summary.n_repeated:,} say the same as an earlier row."


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name or 'not said'} {n:,}" for name, n in counts)
