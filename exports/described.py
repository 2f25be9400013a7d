"""What is told of exported files: what they are, what they were made of, with what care. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from exports.formats.columns import Column


@dataclass(frozen=True)
class File:
    """A written file. `left_out` counts by reason what gave no row.

    Files of one `part` are a dataset; `split` says which of its splits one holds, if it has any.
    With a `key`, the file is an object and its rows stand under that key.
    """

    name: str
    n_rows: int
    n_bytes: int
    sha256: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    form: str = ""
    part: str = ""
    split: str = ""
    media_type: str = ""
    columns: Sequence[Column] = ()
    key: str = ""

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def split_name(self) -> str:
        """As `datasets` calls it: what is not split is all there is to train on."""
        return self.split or "train"

    def as_json(self) -> dict[str, Any]:
        columns = [[column.name, column.kind] for column in self.columns]
        return {**asdict(self), "left_out": dict(self.left_out), "columns": columns}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "File":
        columns = tuple(Column(name, kind) for name, kind in said["columns"])
        return cls(**{**said, "columns": columns})


@dataclass(frozen=True)
class Licence:
    """How many rows came from a source, and under which licence."""

    source: str
    licence: str
    n: int


@dataclass(frozen=True)
class Passed:
    """Something that kept the release from being made, and why a curator let it pass."""

    what: str
    n_rows: int
    reason: str
    day: str


@dataclass(frozen=True)
class About:
    """What the files were made of."""

    title: str
    facts: Sequence[tuple[str, str]]
    is_sample: bool
    has_raters: bool
    identity: str = ""  # of the release or study, so that a folder holds files of one
    version: str = ""
    description: str = ""
    made_on: str = ""
    is_release: bool = False
    licences: Sequence[Licence] = ()
    languages: Sequence[str] = ()
    protocol: Sequence[str] = ()
    agreement: Sequence[str] = ()
    judges: Sequence[str] = ()
    raters_per_item: str = ""
    passed: Sequence[Passed] = ()
