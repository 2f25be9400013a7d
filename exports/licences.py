"""What a source's licence says about passing its material on. Pure.

Licences are free text, so this reads only what is plain: a licence that forbids, and the open ones
that data comes under. Everything else is for a person to read.
"""

import re
from enum import StrEnum

FORBIDS = re.compile(
    r"do not (?:pass|share|distribute|redistribute|publish)|no[tn]?[- ](?:re)?distribut"
    r"|not (?:to )?be (?:shared|passed|published|distributed|redistributed)"
    r"|no[- ]?deriv|\bby(?:-nc)?-nd\b|all rights reserved|proprietary|confidential"
    r"|(?:internal|personal) use|forbid|prohibit",
    re.IGNORECASE,
)
ALLOWS = re.compile(
    r"\bcc0\b|\bcc[- ]by\b|creative commons (?:zero|attribution)|public domain|\bpddl\b|\bodc-by\b"
    r"|\bodbl\b|\bcdla\b|\bmit\b|\bapache\b|\bbsd\b|\bgpl",
    re.IGNORECASE,
)


class Terms(StrEnum):
    """May what came from the source be passed on?"""

    ALLOWED = "allowed"  # on conditions that the card of a release repeats
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"  # not stated, or in words that are not known here


def read(licence: str) -> Terms:
    """A word that forbids wins over the name of an open licence."""
    if FORBIDS.search(licence):
        return Terms.FORBIDDEN
    return Terms.ALLOWED if ALLOWS.search(licence) else Terms.UNKNOWN
