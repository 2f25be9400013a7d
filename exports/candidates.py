"""What may stand in a release, and what a release holds of a pair. Pure."""

from typing import NamedTuple


class Held(NamedTuple):
    """Of a pair in a release: what decides whether the next release changed it."""

    version: str
    digest: str
    split: str
    domain: str
    expected_action: str
    prompt: str  # the conversation's digest


class Candidate(NamedTuple):
    """An approved version, as it is read; empty text where there is nothing."""

    id: str
    pair: str
    name: str
    digest: str
    split: str
    domain: str
    domain_name: str
    expected_action: str
    prompt: str
    family: str
    source: str
    prompt_source: str
    is_sample_author: bool | str
    is_sample_source: bool | str

    @property
    def label(self) -> str:
        return self.name or self.pair

    @property
    def held(self) -> Held:
        return Held(
            self.id, self.digest, self.split, self.domain, self.expected_action, self.prompt
        )
