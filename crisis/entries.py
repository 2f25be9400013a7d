"""What the finder knows of a service and what it says about a text. Plain values, no database."""

from dataclasses import dataclass
from enum import StrEnum

EVERYWHERE = "*"


class Channel(StrEnum):
    """How a service is reached."""

    PHONE = "phone"
    TEXT = "text"
    CHAT = "chat"
    WEB = "web"
    EMAIL = "email"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Standing(StrEnum):
    """What people have made of a row by a certain day."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    STALE = "stale"
    RETIRED = "retired"


class Kind(StrEnum):
    """What a reference looks like."""

    PHONE = "phone"
    SHORT_CODE = "short_code"
    TEXT_LINE = "text_line"
    URL = "url"
    EMAIL = "email"
    NAME = "name"


class Verdict(StrEnum):
    """Whether a person in that country may be sent there."""

    VERIFIED = "verified"
    WRONG_COUNTRY = "wrong_country"
    STALE = "stale"
    RETIRED = "retired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """One row of the directory on one day."""

    id: str
    name: str
    countries: tuple[str, ...]
    channel: str
    contact: str
    standing: str = Standing.UNVERIFIED
    alternate_names: tuple[str, ...] = ()
    keyword: str = ""
    url: str = ""

    def serves(self, country: str) -> bool:
        return EVERYWHERE in self.countries or (bool(country) and country in self.countries)


@dataclass(frozen=True)
class Finding:
    """A reference in a text; `start` and `end` count characters of the text as it was given."""

    start: int
    end: int
    passage: str
    kind: Kind
    normal: str
    verdict: Verdict
    entry: Entry | None = None
    keyword: str = ""
