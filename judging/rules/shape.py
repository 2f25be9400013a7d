"""What a rule reads. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """An answer, with what is known of the person who wrote; an empty field is not known."""

    text: str
    language: str = ""
    country: str = ""
