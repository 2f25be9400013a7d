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
from django.utils.translation import gettext as _

from gate.text import BadText, accept_document, digest
from training.config_words import A_LIST_OF_SHARES, MEANT, OF_KIND, UNKNOWN

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


def read(text: str, *, where: str = "") -> Config:
    """The configuration that a file says, on top of the preset that it names (`preset: …`)."""
    where = where or _("The configuration")
    return read_fields(_parsed(text, where), where=where)


def read_fields(said: Mapping[str, Any], *, where: str = "") -> Config:
    """The same, of fields that are parsed already."""
    fields, where = dict(said), where or _("The configuration")
    base = _preset(fields.pop("preset"), where) if "preset" in fields else Config()
    return change(base, fields, where=where)


def preset(name: str) -> Config:
    """A shipped preset."""
    return _preset(name, _("The configuration"))


def change(config: Config, said: Mapping[str, Any], *, where: str = "") -> Config:
    """`config` with these fields, checked as a whole."""
    where = where or _("The configuration")
    for name in said:
        if name not in NAMES:
            raise _unknown("field", str(name), (*NAMES, "preset"), where)
    values = {name: _value(name, value, where) for name, value in said.items()}
    made = replace(config, **values)
    _check(made, where)
    return made


def _parsed(text: str, where: str) -> dict[str, Any]:
    if len(text) > MAX_CHARS:
        raise BadConfig(
            _("%(where)s is longer than %(most)s characters.")
            % {"where": where, "most": f"{MAX_CHARS:,}"}
        )
    try:
        said = yaml.safe_load(text)  # JSON is YAML
        accept_document(said, where=where)
    except (yaml.YAMLError, BadText, RecursionError) as error:
        raise BadConfig(
            _("%(where)s is neither YAML nor JSON: %(error)s") % {"where": where, "error": error}
        ) from None
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise BadConfig(
            _("%(where)s holds no fields. Write one a line, such as 'r: 8'.") % {"where": where}
        )
    return {str(name): value for name, value in said.items()}


def _preset(name: Any, where: str) -> Config:
    known = presets()
    if not isinstance(name, str) or name not in known:
        raise _unknown("preset", str(name), tuple(known), where)
    return change(Config(), _parsed(known[name], _("The preset %(name)s") % {"name": name}))


def _unknown(what: str, name: str, known: tuple[str, ...], where: str) -> BadConfig:
    near = difflib.get_close_matches(name, known, n=1)
    said = {"where": where, "name": name, "known": ", ".join(known)}
    if near:
        return BadConfig(MEANT[what] % {**said, "near": near[0]})
    return BadConfig(UNKNOWN[what] % said)


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
    said = {"where": where, "name": name, "value": repr(value)}
    raise BadConfig(OF_KIND.get(wanted, A_LIST_OF_SHARES) % said)


def _whole(name: str, value: Any, where: str) -> int:
    number = _number(name, value, where)
    if number != int(number):
        raise BadConfig(
            _("%(where)s: '%(name)s' is a whole number, not %(value)s.")
            % {"where": where, "name": name, "value": repr(value)}
        )
    return _in_range(name, int(number), where)


def _number(name: str, value: Any, where: str) -> float:
    """YAML reads 1e-4 as text, since it has no point; people mean the number."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadConfig(
            _("%(where)s: '%(name)s' is a number, not %(value)s.")
            % {"where": where, "name": name, "value": repr(value)}
        )
    return _in_range(name, number, where)


def _in_range(name: str, number: N, where: str) -> N:
    low, high = RANGES.get(name, (0, 1))
    if not low <= number <= high:
        raise BadConfig(
            _("%(where)s: '%(name)s' is %(number)s; from %(low)s to %(high)s is allowed.")
            % {
                "where": where,
                "name": name,
                "number": f"{number:g}",
                "low": f"{low:g}",
                "high": f"{high:g}",
            }
        )
    return number


def _shares(said: Mapping[Any, Any], where: str) -> dict[str, float]:
    for kind in said:
        if kind not in KINDS:
            raise _unknown("kind in shares", str(kind), KINDS, where)
    shares = {kind: _number(f"shares.{kind}", said.get(kind, 0), where) for kind in KINDS}
    if said and abs(sum(shares.values()) - 1) > 1e-6:
        total = sum(shares.values())
        raise BadConfig(
            _("%(where)s: the shares add up to %(total)s; together they are 1.")
            % {"where": where, "total": f"{total:g}"}
        )
    return shares if said else {}


def _check(config: Config, where: str) -> None:
    """What fields say together, and words of a known few."""
    for name, known in (("method", METHODS), ("schedule", SCHEDULES)):
        if getattr(config, name) not in known:
            raise _unknown(name, getattr(config, name), known, where)
    if not config.targets:
        raise BadConfig(
            _("%(where)s: 'targets' names no projection, so nothing would be trained.")
            % {"where": where}
        )
    for target in config.targets:
        if not target.replace("_", "").replace(".", "").isalnum():
            raise BadConfig(
                _("%(where)s: '%(target)s' is no name of a projection, such as q_proj.")
                % {"where": where, "target": target}
            )
    if len(set(config.targets)) < len(config.targets):
        raise BadConfig(_("%(where)s: 'targets' names a projection twice.") % {"where": where})
    if config.method == "dpo" and not config.responses_only:
        raise BadConfig(
            _("%(where)s: DPO compares responses; 'responses_only' stays true.") % {"where": where}
        )
