"""Makes and withdraws releases."""

from exports.actions.checking import checked
from exports.actions.cutting import cut_release
from exports.actions.refusals import (
    AlreadyWithdrawn,
    BadField,
    Hindered,
    NameTaken,
    NothingToRelease,
    Refused,
)
from exports.actions.withdrawing import withdraw

__all__ = [
    "AlreadyWithdrawn",
    "BadField",
    "Hindered",
    "NameTaken",
    "NothingToRelease",
    "Refused",
    "checked",
    "cut_release",
    "withdraw",
]
