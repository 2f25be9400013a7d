"""The labelled texts, the directory that their labels speak of, and how findings are counted.

The shipped sample is unverified. Here most of it is treated *as if* two people had verified it,
with some rows stale, retired or left unverified, so that every verdict can be told from another.
That says nothing about whether a row is right.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from crisis import table
from crisis.entries import Entry, Finding, Verdict
from crisis.finding import find
from crisis.lookup import Lookup

HERE = Path(__file__).parent / "labelled"
SAMPLE = Path(__file__).resolve().parents[2] / "crisis" / "directory.csv"
HALVES = ("tuned", "held_out")
STALE = {"0800 1111", "1300 22 4636"}
UNVERIFIED = {"0800 58 58 58", "35 36 26 00"}
CLOSED = [
    ("A line that closed", "US", "1-800-273-8255"),
    ("Another line that closed", "GB", "08457 90 90 90"),
    ("A third line that closed", "DK", "70 20 12 99"),
]


def directory() -> list[Entry]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = table.read(file)
    entries = [entry(str(number), row) for number, row in enumerate(rows)]
    return entries + [
        Entry(id=contact, name=name, countries=(country,), channel="phone", contact=contact,
              standing="retired")
        for name, country, contact in CLOSED
    ]  # fmt: skip


def entry(id_: str, row: table.Details) -> Entry:
    standing = "stale" if row.contact in STALE else "verified"
    return Entry(
        id=id_,
        name=row.name,
        countries=table.split(row.countries),
        channel=row.channel,
        contact=row.contact,
        standing="unverified" if row.contact in UNVERIFIED else standing,
        alternate_names=table.split(row.alternate_name),
        keyword=row.keyword,
        url=row.url,
    )


@dataclass
class Score:
    """Counts over a half; a reference is found if passage, place, kind and digits all agree."""

    counts: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        n = self.counts
        return 2 * n["found"] / (2 * n["found"] + n["missed"] + n["invented"])

    @property
    def verified_precision(self) -> float:
        return self.counts["verified right"] / self.counts["verified said"]

    @property
    def wrong_country_recall(self) -> float:
        return self.counts["wrong country right"] / self.counts["wrong country"]

    @property
    def verdict_accuracy(self) -> float:
        return self.counts["verdict right"] / self.counts["found"]

    def add(self, row: dict, said: list[Finding]) -> None:
        expected = {label(each): each["verdict"] for each in row["findings"]}
        got = {key(each): each.verdict for each in said}
        both = expected.keys() & got.keys()
        self.counts["texts"] += 1
        self.counts["found"] += len(both)
        self.counts["missed"] += len(expected.keys() - got.keys())
        self.counts["invented"] += len(got.keys() - expected.keys())
        self.counts["verdict right"] += sum(expected[each] == got[each] for each in both)
        for name, verdict in (("verified", Verdict.VERIFIED), ("wrong country", "wrong_country")):
            right = sum(expected.get(each) == verdict for each in got if got[each] == verdict)
            self.counts[f"{name} right"] += right
            self.counts[f"{name} said"] += sum(each == verdict for each in got.values())
            self.counts[name] += sum(each == verdict for each in expected.values())
        if {**expected} != {**got}:
            lacks = sorted(expected.items() - got.items(), key=str)
            has = sorted(got.items() - expected.items(), key=str)
            self.mistakes.append(
                f"{row['country']} {row['text']}\n    lacks {lacks}\n    has {has}"
            )


def label(each: dict) -> tuple:
    return each["start"], each["passage"], each["kind"], each["normal"]


def key(each: Finding) -> tuple:
    return each.start, each.passage, str(each.kind), each.normal


def texts(half: str) -> list[dict]:
    lines = (HERE / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def score(half: str) -> Score:
    lookup, total = Lookup(directory()), Score()
    for row in texts(half):
        total.add(row, find(row["text"], row["country"], lookup))
    return total
