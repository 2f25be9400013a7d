import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.reading import BadFile, Material, Problems, Row, arrow
from corpus.reading.material import sniff


def parquet(rows: list[dict[str, Any]] | Any, **options: Any) -> io.BytesIO:
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows)
    made = io.BytesIO()
    pq.write_table(table, made, **options)
    made.seek(0)
    return made


def read(file: io.BytesIO, **options: Any) -> list[Row]:
    problems = Problems()
    rows = list(Material(file).rows(problems, **options))
    problems.raise_if_any()
    return rows


def refusal(file: io.BytesIO, **options: Any) -> str:
    with pytest.raises(BadFile) as caught:
        read(file, **options)
    return str(caught.value)


def test_rows_are_read_in_order_across_row_groups() -> None:
    rows = [{"prompt": f"Case {number}", "n": number} for number in range(1000)]
    file = parquet(rows, row_group_size=70)
    assert sniff(file) == "parquet"
    found = read(file)
    assert [row.values for row in found] == rows
    assert [row.number for row in found] == list(range(1, 1001))


def test_its_share_grows_to_all_of_it() -> None:
    material = Material(parquet([{"a": str(n)} for n in range(300)]))
    shares = [material.share for _ in material.rows(Problems())]
    assert shares == sorted(shares) and 0 < shares[0] < 0.01 and shares[-1] == 1.0


def test_lists_of_turns_stay_lists_and_other_values_become_plain() -> None:
    turns = [{"role": "user", "content": "Hi"}]
    at = datetime(2026, 3, 2, tzinfo=UTC)
    row = {"messages": turns, "at": at, "score": float("nan"), "none": None, "yes": True}
    assert read(parquet([row]))[0].values == {
        "messages": turns, "at": at.isoformat(), "score": None, "none": None, "yes": True,
    }  # fmt: skip


def test_class_labels_are_read_as_their_names() -> None:
    names = {"info": {"features": {"label": {"names": ["safe", "unsafe"], "_type": "ClassLabel"}}}}
    table = pa.table({"label": pa.array([1, 0, None])})
    import json

    table = table.replace_schema_metadata({"huggingface": json.dumps(names)})
    assert [row.values["label"] for row in read(parquet(table))] == ["unsafe", "safe", None]


def test_unknown_and_missing_columns_are_named_once() -> None:
    file = parquet([{"prompt": "a", "label": "b"}] * 5)
    said = refusal(file, required=("prompt", "response"), optional=())
    assert said.splitlines() == [
        "column 'label': The column is not known. Columns here: prompt, response.",
        "column 'response': The column is missing. Needed: prompt, response.",
    ]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[:-200], "cannot be read as Parquet"),
        (lambda data: b"PAR1" + b"\x00" * 100, "cannot be read as Parquet"),
        (lambda data: data[:40] + b"\xff" * 400 + data[440:], "damaged|cannot be read"),
    ],
)
def test_a_damaged_file_is_refused(spoil: Callable[[bytes], bytes], words: str) -> None:
    import re

    rows = [{"prompt": f"A long enough case {number * 7919}"} for number in range(200)]
    data = spoil(parquet(rows, use_dictionary=False).getvalue())
    assert re.search(words, refusal(io.BytesIO(data)))


def test_bytes_and_characters_that_no_database_stores_are_named_by_row() -> None:
    table = pa.table({"prompt": ["fine", "nul \x00"], "raw": [b"x", None]})
    lines = refusal(parquet(table)).splitlines()
    assert lines[0] == "Row 1: The row has bytes where text is needed."
    assert lines[1].startswith("Row 2: The row.prompt has a NUL character")


def test_a_file_without_rows_is_refused() -> None:
    assert "no rows" in refusal(parquet(pa.table({"prompt": pa.array([], pa.string())})))


def test_a_row_group_that_unpacks_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "MAX_GROUP", 1000)
    said = refusal(parquet([{"prompt": "x" * 5000}]))
    assert "Row group 1 unpacks to" in said and "smaller row groups" in said


def test_a_text_that_repeats_a_million_times_takes_little_memory() -> None:
    """Such a file is small: its text stands in it once."""
    table = pa.table({"prompt": pa.array(["x" * 20_000]).take(pa.array([0] * 20_000))})
    file = parquet(table)
    assert len(file.getvalue()) < 200_000
    del table
    before, most = pa.total_allocated_bytes(), 0
    for _ in Material(file).rows(Problems()):
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < 20_000_000
