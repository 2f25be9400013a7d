import csv
import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import writers
from exports.formats.columns import columns
from gate.text import problem

COLUMNS = columns(said="messages", note="text", n="integer", is_sample="boolean")

# Any text that passes the gate, with what is hard to write made likely.
storable = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.text(st.sampled_from("=+-@＝＠'\",;\t\r\n \u2028\u2029\x85\x0b\x1c\ufeffæ😀")),
)
turns = st.lists(st.fixed_dictionaries({"role": st.just("user"), "content": storable}))
rows = st.lists(st.tuples(turns, storable, st.none() | st.integers(-9, 9), st.booleans()))


def written(to: str, given_rows: Any, of: Any = COLUMNS) -> bytes:
    file = io.BytesIO()
    assert writers.write(to, file, of, iter(given_rows)) == len(given_rows)
    return file.getvalue()


def as_dicts(given_rows: Any) -> list[dict[str, Any]]:
    return [dict(zip([c.name for c in COLUMNS], row, strict=True)) for row in given_rows]


@given(storable)
def test_the_made_texts_are_those_that_the_gate_takes(text: str) -> None:
    assert problem(text) is None


@given(rows)
def test_jsonl_holds_exactly_what_was_given(given_rows: Any) -> None:
    text = written("jsonl", given_rows).decode()
    assert [json.loads(line) for line in text.splitlines()] == as_dicts(given_rows)


@given(rows)
def test_parquet_holds_exactly_what_was_given(given_rows: Any) -> None:
    table = pq.read_table(io.BytesIO(written("parquet", given_rows)))
    assert table.to_pylist() == as_dicts(given_rows)


@given(rows)
def test_csv_holds_exactly_what_was_given_once_unguarded(given_rows: Any) -> None:
    text = written("csv", given_rows).decode()
    header, *found = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["said", "note", "n", "is_sample"]
    read = [
        (json.loads(said), writers.unguarded(note), int(n) if n else None, truth == "true")
        for said, note, n, truth in found
    ]
    assert read == given_rows


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        " =1",
        '"=1',
        "\u00a0=1",
        "\ufeff=1",
        "'=1",
        "'",
        "-",
    ],
)
def test_csv_never_lets_a_spreadsheet_run_a_cell(text: str) -> None:
    cell = writers.guarded(text)
    assert cell == f"'{text}" and writers.unguarded(cell) == text


@pytest.mark.parametrize("text", ["", "a=b", "1-2", " hello", '"quoted"', "I hear you.", "æ"])
def test_csv_leaves_plain_words_alone(text: str) -> None:
    assert writers.guarded(text) == text


def test_csv_guards_words_that_people_give_as_names() -> None:
    header = written("csv", [], of=columns(**{"=cmd": "integer"})).decode()
    assert header == "'=cmd\r\n"


@pytest.mark.parametrize("to", writers.WRITERS)
def test_equal_rows_make_equal_bytes(to: str) -> None:
    made = [([{"role": "user", "content": f"Nr {n}"}], "x", n, False) for n in range(4_500)]
    assert written(to, made) == written(to, list(made)) != written(to, made[:-1])


@pytest.mark.parametrize("to", writers.WRITERS)
def test_rows_are_asked_for_only_as_they_are_written(to: str) -> None:
    heard, asked = [], 0

    def rows() -> Any:
        nonlocal asked
        for n in range(3 * writers.BATCH):
            asked += 1
            yield ([], "x", n, False)

    def listen(n: int) -> None:
        heard.append((n, asked))

    writers.write(to, io.BytesIO(), COLUMNS, rows(), on_rows=listen)
    assert heard == [(n * writers.BATCH,) * 2 for n in (1, 2, 3)]


@pytest.mark.parametrize("to", writers.WRITERS)
def test_no_rows_make_a_file_that_opens(to: str) -> None:
    body = written(to, [])
    if to == "parquet":
        assert pq.read_table(io.BytesIO(body)).num_rows == 0
    else:
        empty = {"jsonl": "", "json": "[\n]\n", "csv": "said,note,n,is_sample\r\n"}
        assert body.decode() == empty[to]
