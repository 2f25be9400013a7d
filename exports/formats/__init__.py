"""What rows look like: one module a format, each with its columns and `row(...)`. Pure."""

from dataclasses import dataclass

RELEASE, STUDY = "release", "study"


@dataclass(frozen=True)
class Format:
    """A format by name: what it is made of, and what it is good for, in words."""

    name: str
    of: str
    title: str
    words: str


FORMATS = {
    form.name: form
    for form in (
        Format(
            "sft",
            RELEASE,
            "Conversations for fine-tuning",
            "One line a pair: the conversation with the ideal response as its last turn "
            "(column messages), and where the pair comes from.",
        ),
        Format(
            "dpo",
            STUDY,
            "Preferences",
            "One line an item on which a majority of raters preferred one answer: prompt, chosen "
            "and rejected.",
        ),
        Format(
            "ratings",
            STUDY,
            "Ratings, one a line",
            "Every value that a rater, a judge or an adjudicator gave, raters under pseudonyms.",
        ),
        Format(
            "matrix",
            STUDY,
            "Reliability matrices",
            "A file for each criterion: an answer a line, a rater a column.",
        ),
    )
}


def formats_of(kind: str) -> list[Format]:
    """The formats that can be made of a release or of a study."""
    return [form for form in FORMATS.values() if form.of == kind]
