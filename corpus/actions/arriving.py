"""What a file shows when it arrives, and what its row says of how it is read."""

from typing import Any

from corpus import inbox
from corpus.actions.orders import Order, Origin
from corpus.formats import PAIR_FORMATS, PROMPT_FORMATS, recognise, settled
from corpus.models import Domain, Strategy, Upload
from corpus.reading import BadFile, Material, Problems
from corpus.reading.guessing import Column, Known, columns_of, guess
from corpus.reading.mapping import Matched
from corpus.reading.material import sniff, splits
from gate.text import digest

# A file of SORRY-Bench is one of its versions as soon as it has arrived.
FORMATS: dict[str, Any] = {
    "prompts": {name: each for name, each in PROMPT_FORMATS.items() if name != "sorrybench"},
    "pairs": PAIR_FORMATS,
}


def look(upload: Upload) -> None:
    """What the file shows: splits, columns, and what they probably are."""
    place = inbox.file(upload.pk)
    layout, problems = sniff(place), Problems()
    found = splits(place, problems) if layout == "dataset" else []
    upload.split = upload.split if upload.split in found else (found[0] if found else "")
    columns = columns_of(Material(place, layout, upload.split).rows(problems))
    if problems.total and not columns:
        raise BadFile(problems.kept, problems.total)
    upload.seen = {
        "splits": found,
        "layout": layout,
        "columns": [vars(column) for column in columns],
    }
    names = sorted(column.name for column in columns)
    upload.columns_digest = digest(names)
    upload.format = settled(
        upload.format or recognise(names, upload.what) or layout,
        place,
        revision=upload.origin_revision,
        name=upload.file_name,
    )
    _match(upload, columns)


def _match(upload: Upload, columns: list[Column]) -> None:
    """As the last file with these columns was matched, else a guess."""
    earlier = Upload.objects.like(upload).first()
    if earlier:
        keep(
            upload, Matched(columns=earlier.columns, fixed=earlier.fixed, meanings=earlier.meanings)
        )
    else:
        keep(upload, guess(columns, upload.what, known()))


def known() -> Known:
    """The words of this place. Two queries."""
    return Known(
        domains=dict(Domain.objects.values_list("slug", "name")),
        strategies=dict(Strategy.objects.values_list("slug", "name")),
    )


def keep(upload: Upload, matched: Matched) -> None:
    """Write down how the columns are matched; not saved."""
    upload.columns = dict(matched.columns)
    upload.fixed = dict(matched.fixed)
    upload.meanings = {ours: dict(words) for ours, words in matched.meanings.items()}


def columns_seen(upload: Upload) -> list[Column]:
    """The file's columns as they were seen when it arrived."""
    return [
        Column(each["name"], tuple(each["samples"]), tuple(each["words"]), each["holds"])
        for each in upload.seen.get("columns", [])
    ]


def order_of(upload: Upload) -> Order:
    """What is to be brought in, and how it is read."""
    layout = FORMATS[upload.what].get(upload.format)
    matched = Matched(columns=upload.columns, fixed=upload.fixed, meanings=upload.meanings)
    return Order(
        what=upload.what,
        by=upload.by,
        format=upload.format,
        origin=Origin(
            name=upload.origin_name,
            licence=upload.origin_licence,
            url=upload.origin_url,
            revision=upload.origin_revision,
        ),
        set_name=upload.set_name,
        expected_action=upload.expected_action,
        matched=matched if layout and layout.is_ours else Matched(),
        split=upload.split,
    )
