"""What a training run is told: read from a file of YAML or JSON, checked whole, digested. Pure.

A file states what differs from its preset; the run keeps every field. What is not known is refused
by name, because a misspelt rank would train something else in silence.
"""

import difflib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import yaml

from gate.text import BadText, accept_document, digest

PRESETS = Path(__file__).parent / "presets"
METHODS = ("sft", "dpo")
SCHEDULES = ("cosine", "linear", "constant")
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
KINDS = ("refuse", "partial", "answer")
MAX_CHARS = 100_000
N = TypeVar("N", int, float)


class BadConfig(ValueError):
    """The configuration is not taken; the message names the field, what is allowed, and where."""

    http_status = 422


@dataclass(frozen=True)
class Config:
    """One run's settings. Fields stand in the order in which a file is best read."""

    method: str = "sft"
    base_model: str = ""  # the name of a registered model; empty: said beside the file
    base_folder: str = ""  # where its weights lie, if its name at the endpoint does not say it
    r: int = 8
    alpha: int = 16
    dropout: float = 0.0
    targets: tuple[str, ...] = LINEAR
    learning_rate: float = 1e-4
    schedule: str = "cosine"
    warmup_steps: int = 0
    weight_decay: float = 0.0
    epochs: float = 1.0
    max_steps: int | None = None  # ends there, whatever the epochs say
    batch_size: int = 4
    accumulation: int = 1
    max_length: int = 4096  # tokens of a whole conversation; longer ones are left out and counted
    responses_only: bool = True
    beta: float = 0.1  # of DPO: how dear it is to leave the base model
    shares: Mapping[str, float] = field(default_factory=dict)  # empty: as the release has them
    save_every: int = 100
    seed: int = 3407

    @property
    def digest(self) -> str:
        """Of the canonical form: equal settings have an equal digest, however they were written."""
        return digest(self.canonical())

    def canonical(self) -> dict[str, Any]:
        """Every field, in plain types, in the order of the class."""
        said = asdict(self)
        return said | {"targets": list(self.targets), "shares": dict(self.shares)}

    def as_yaml(self) -> str:
        return yaml.safe_dump(self.canonical(), sort_keys=False, allow_unicode=True)


# Smallest and largest, both allowed.
RANGES: dict[str, tuple[float, float]] = {
    "r": (1, 512),
    "alpha": (1, 4096),
    "dropout": (0, 0.9),
    "learning_rate": (1e-8, 1),
    "warmup_steps": (0, 1_000_000),
    "weight_decay": (0, 1),
    "epochs": (0.01, 1000),
    "max_steps": (1, 10_000_000),
    "batch_size": (1, 4096),
    "accumulation": (1, 4096),
    "max_length": (16, 1_000_000),
    "beta": (0.0001, 100),
    "save_every": (1, 1_000_000),
    "seed": (0, 2**32 - 1),
}
NAMES = tuple(each.name for each in fields(Config))
TYPES = get_type_hints(Config)


def presets() -> dict[str, str]:
    """Name -> text of each shipped preset."""
    return {path.stem: path.read_text("utf-8") for path in sorted(PRESETS.glob("*.yaml"))}


def read(text: str, *, where: str = "The configuration") -> Config:
    """The configuration that a file says, on top of the preset that it names (`preset: …`)."""
    return read_fields(_parsed(text, where), where=where)


def read_fields(said: Mapping[str, Any], *, where: str = "The configuration") -> Config:
    """The same, of fields that are parsed already."""
    fields = dict(said)
    base = _preset(fields.pop("preset"), where) if "preset" in fields else Config()
    return change(base, fields, where=where)


def preset(name: str) -> Config:
    """A shipped preset."""
    return _preset(name, "The configuration")


def change(config: Config, said: Mapping[str, Any], *, where: str = "The configuration") -> Config:
    """`config` with these fields, checked as a whole."""
    for name in said:
        if name not in NAMES:
            raise BadConfig(f"{where}: {_unknown('field', str(name), (*NAMES, 'preset'))}")
    values = {name: _value(name, value, where) for name, value in said.items()}
    made = replace(config, **values)
    _check(made, where)
    return made


def _parsed(text: str, where: str) -> dict[str, Any]:
    if len(text) > MAX_CHARS:
        raise BadConfig(f"{where} is longer than {MAX_CHARS:,} characters.")
    try:
        said = yaml.safe_load(text)  # JSON is YAML
        accept_document(said, where=where)
    except (yaml.YAMLError, BadText, RecursionError) as error:
        raise BadConfig(f"{where} is neither YAML nor JSON: {error}") from None
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise BadConfig(f"{where} holds no fields. Write one a line, such as 'r: 8'.")
    return {str(name): value for name, value in said.items()}


def _preset(name: Any, where: str) -> Config:
    known = presets()
    if name not in known:
        raise BadConfig(f"{where}: {_unknown('preset', str(name), tuple(known))}")
    return change(Config(), _parsed(known[name], f"The preset {name}"))


def _unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    meant = f" Is '{near[0]}' meant?" if near else ""
    return f"the {what} '{name}' is not known.{meant} Known: {', '.join(known)}."


def _value(name: str, value: Any, where: str) -> Any:
    wanted = TYPES[name]
    if wanted == int | None and value is None:
        return None
    if wanted in (int, int | None):
        return _whole(name, value, where)
    if wanted is float:
        return _number(name, value, where)
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted is str and isinstance(value, str):
        return value.strip()
    if name == "targets" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if name == "shares" and (value is None or isinstance(value, dict)):
        return _shares(value or {}, where)
    kinds = {bool: "true or false", str: "text", tuple[str, ...]: "a list of names"}
    raise BadConfig(f"{where}: '{name}' is {kinds.get(wanted, 'a list of shares')}, not {value!r}.")


def _whole(name: str, value: Any, where: str) -> int:
    number = _number(name, value, where)
    if number != int(number):
        raise BadConfig(f"{where}: '{name}' is a whole number, not {value!r}.")
    return _in_range(name, int(number), where)


def _number(name: str, value: Any, where: str) -> float:
    """YAML reads 1e-4 as text, since it has no point; people mean the number."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadConfig(f"{where}: '{name}' is a number, not {value!r}.")
    return _in_range(name, number, where)


def _in_range(name: str, number: N, where: str) -> N:
    low, high = RANGES.get(name, (0, 1))
    if not low <= number <= high:
        raise BadConfig(f"{where}: '{name}' is {number:g}; from {low:g} to {high:g} is allowed.")
    return number


def _shares(said: Mapping[Any, Any], where: str) -> dict[str, float]:
    for kind in said:
        if kind not in KINDS:
            raise BadConfig(f"{where}: {_unknown('kind in shares', str(kind), KINDS)}")
    shares = {kind: _number(f"shares.{kind}", said.get(kind, 0), where) for kind in KINDS}
    if said and abs(sum(shares.values()) - 1) > 1e-6:
        total = sum(shares.values())
        raise BadConfig(f"{where}: the shares add up to {total:g}; together they are 1.")
    return shares if said else {}


def _check(config: Config, where: str) -> None:
    """What fields say together, and words of a known few."""
    for name, known in (("method", METHODS), ("schedule", SCHEDULES)):
        if getattr(config, name) not in known:
            raise BadConfig(f"{where}: {_unknown(name, getattr(config, name), known)}")
    if not config.targets:
        raise BadConfig(f"{where}: 'targets' names no projection, so nothing would be trained.")
    for target in config.targets:
        if not target.replace("_", "").replace(".", "").isalnum():
            raise BadConfig(f"{where}: '{target}' is no name of a projection, such as q_proj.")
    if len(set(config.targets)) < len(config.targets):
        raise BadConfig(f"{where}: 'targets' names a projection twice.")
    if config.method == "dpo" and not config.responses_only:
        raise BadConfig(f"{where}: DPO compares responses; 'responses_only' stays true.")
