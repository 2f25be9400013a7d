"""Columns and words as a command is told them: `ours=theirs`, `ours:theirs=word`."""

from collections.abc import Sequence

from django.core.management.base import CommandError, CommandParser

from corpus.reading.mapping import OURS, Matched


def add_arguments(parser: CommandParser, what: str) -> None:
    """What both imports take."""
    listed = ", ".join(OURS[what])
    parser.add_argument(
        "--columns",
        nargs="+",
        default=[],
        metavar="OURS=THEIRS",
        help=f"for files with other columns; ours are {listed}",
    )
    parser.add_argument(
        "--words",
        nargs="+",
        default=[],
        metavar="OURS:THEIRS=WORD",
        help="what a word of a matched column means, such as expected_action:unsafe=refuse",
    )
    parser.add_argument(
        "--every",
        nargs="+",
        default=[],
        metavar="OURS=VALUE",
        help="what holds for every row, such as language=da",
    )
    parser.add_argument("--split", default="", help="of a data set folder with several splits")


def matched(
    columns: Sequence[str], words: Sequence[str], every: Sequence[str], what: str
) -> Matched:
    """The match, or a `CommandError` that names the part which cannot be read."""
    chosen = dict(_pair(each, what) for each in columns)
    fixed = dict(_pair(each, what) for each in every)
    meanings: dict[str, dict[str, str]] = {}
    for each in words:
        ours, colon, rest = each.partition(":")
        theirs, equals, word = rest.rpartition("=")
        if not colon or not equals or ours not in chosen:
            raise CommandError(
                f"--words {each}: write OURS:THEIRS=WORD for one of the columns in --columns."
            )
        meanings.setdefault(ours, {})[theirs] = word
    if fixed and not chosen:
        raise CommandError("--every needs --columns: it goes with columns that are matched.")
    return Matched(columns=chosen, fixed=fixed, meanings=meanings)


def _pair(each: str, what: str) -> tuple[str, str]:
    ours, equals, theirs = each.partition("=")
    if not equals or not theirs or ours not in OURS[what]:
        raise CommandError(f"{each}: write OURS=THEIRS. Ours are: {', '.join(OURS[what])}.")
    return ours, theirs
