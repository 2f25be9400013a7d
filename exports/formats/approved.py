"""An approved version as formats of pairs read it. Pure."""

from typing import NamedTuple

from exports.formats.columns import Message


class Approved(NamedTuple):
    """An approved version with its place in the release."""

    messages: list[Message]
    response: str
    id: str
    version: int
    digest: str
    domain: str | None
    category: str
    strategy: str | None
    expected_action: str
    language: str
    country: str
    source: str | None
    licence: str | None
    split: str
    source_is_sample: bool | None
    author_is_sample: bool

    @property
    def answer(self) -> Message:
        """The ideal response as the last turn."""
        return {"role": "assistant", "content": self.response}
