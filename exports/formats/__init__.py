"""What rows look like: one module a format, each with its columns and `row(...)`. Pure."""

from dataclasses import dataclass

RELEASE, STUDY = "release", "study"
# What raters said can be had of a study, and of a release that holds studies.
BOTH = (STUDY, RELEASE)
TABLES = ("jsonl", "csv", "parquet")


@dataclass(frozen=True)
class Format:
    """A format by name: what it is made of, what it is good for, and which files it can be."""

    name: str
    of: tuple[str, ...]
    title: str
    words: str
    to: tuple[str, ...] = TABLES


FORMATS = {
    form.name: form
    for form in (
        Format(
            "sft",
            (RELEASE,),
            "Conversations for fine-tuning",
            "One line a pair: the conversation with the ideal response as its last turn "
            "(column messages), and where the pair comes from. A file for each split.",
        ),
        Format(
            "dpo",
            BOTH,
            "Preferences",
            "One line an item on which raters were clear which answer is better: prompt, chosen "
            "and rejected, and how it was decided.",
        ),
        Format(
            "ratings",
            BOTH,
            "Ratings, one a line",
            "Every value that a rater, a judge or an adjudicator gave, raters under pseudonyms.",
        ),
        Format(
            "matrix",
            BOTH,
            "Reliability matrices",
            "A file for each criterion: an answer a line, a rater a column.",
        ),
    )
}


def formats_of(kind: str) -> list[Format]:
    """The formats that can be made of a release or of a study."""
    return [form for form in FORMATS.values() if kind in form.of]
