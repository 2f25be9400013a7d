import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading import BadFile, Problems, Row, csv_rows, json_rows, jsonl_rows
from corpus.reading.lines import MAX_ROW

Reader = Callable[[BinaryIO, Problems], Iterator[Row]]


def as_csv(file: BinaryIO, problems: Problems) -> Iterator[Row]:
    return csv_rows(file, problems, required=("a",), optional=("b",))


READERS: list[Reader] = [as_csv, jsonl_rows, json_rows]


def read(reader: Reader, data: bytes) -> list[dict[str, Any]]:
    problems = Problems()
    rows = [row.values for row in reader(io.BytesIO(data), problems)]
    problems.raise_if_any()
    return rows


def refusal(reader: Reader, data: bytes) -> str:
    with pytest.raises(BadFile) as caught:
        read(reader, data)
    return str(caught.value)


@given(
    st.sampled_from(READERS),
    st.binary(max_size=60) | st.text('a,b"\n\r{}[]:1 ', max_size=40).map(str.encode),
)
def test_any_bytes_are_rows_or_a_bad_file(reader: Reader, data: bytes) -> None:
    try:
        rows = read(reader, data)
    except BadFile as error:
        assert error.problems and str(error)
    else:
        assert all(isinstance(row, dict) for row in rows)


cells = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12
).filter(lambda cell: cell.strip() and cell == cell.replace("\r", ""))


@given(st.lists(cells, min_size=1, max_size=6), st.booleans(), st.booleans())
def test_what_a_spreadsheet_writes_is_read_back(
    texts: list[str], has_bom: bool, has_crlf: bool
) -> None:
    end = "\r\n" if has_crlf else "\n"
    lines = ["a", *('"' + text.replace('"', '""') + '"' for text in texts)]
    data = ("\ufeff" * has_bom + end.join(lines)).encode()
    assert [row["a"] for row in read(as_csv, data)] == texts


@given(st.lists(st.dictionaries(st.text("ab", max_size=2), st.integers() | cells), min_size=1))
def test_a_json_list_is_read_however_it_is_broken(values: list[dict[str, Any]]) -> None:
    assert read(json_rows, json.dumps(values).encode()) == values
    assert read(json_rows, json.dumps(values, indent=2).encode()) == values
    assert read(json_rows, "\n".join(map(json.dumps, values)).encode()) == values


def test_a_json_list_on_one_long_line_is_read() -> None:
    values = [{"text": "word " * 300, "n": n} for n in range(5000)]  # 7 MB
    assert read(json_rows, json.dumps(values).encode()) == values


def test_cells_hold_lines_and_rows_are_counted_by_record() -> None:
    data = b'a,b\r\n"one\nline\r\nmore",x\r\n\r\ntwo,y\r\n'
    rows = list(as_csv(io.BytesIO(data), Problems()))
    assert [(row.number, row.values["a"]) for row in rows] == [
        (2, "one\nline\r\nmore"),
        (4, "two"),
    ]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named_as_such(reader: Reader, data: bytes) -> None:
    assert "The file is empty" in refusal(reader, data)


def test_a_file_in_another_encoding_is_refused_at_its_byte() -> None:
    data = "a\nbl\u00e5b\u00e6r".encode("latin-1")
    assert "not UTF-8 at byte 5" in refusal(as_csv, data)
    assert "not UTF-8 at byte 70,002" in refusal(as_csv, b"a" * 70_000 + b"\n\xff")
    assert "not UTF-8 at byte 3" in refusal(as_csv, b"a\n\xc3")


def test_a_nul_is_refused_at_its_byte() -> None:
    assert "NUL character at byte 4" in refusal(as_csv, b"a\nb\x00")
    assert "NUL character at byte 5" in refusal(as_csv, "a\n\u00e5\x00".encode())


class Endless:
    """A file of one line that counts what was read of it."""

    def __init__(self, piece: bytes, start: bytes = b"") -> None:
        self.piece, self.start, self.n_read = piece, start, 0

    def read(self, size: int) -> bytes:
        data, self.start = (self.start, b"") if self.start else (self.piece * (size // 4), b"")
        self.n_read += len(data)
        return data


@pytest.mark.parametrize(
    ("reader", "start", "piece"),
    [
        (as_csv, b"a,b\n", b"aaaa"),
        (as_csv, b'a,b\n"', b"aa\na"),
        (as_csv, b"a,b\n", b'"a",'),
        (jsonl_rows, b'{"a": "', b"aaaa"),
        (json_rows, b'[{"a": "', b"aaaa"),
        (json_rows, b"[", b"{}{}"),
    ],
)
def test_a_row_without_end_is_refused_early_and_in_little_memory(
    reader: Reader, start: bytes, piece: bytes
) -> None:
    file = Endless(piece, start)
    tracemalloc.start()
    with pytest.raises(BadFile):
        list(reader(file, Problems()))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file.n_read < 3 * MAX_ROW
    assert peak < 60_000_000


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"b\nx", "column 'a': The column is missing. Needed: a."),
        (b"a,c\nx,y", "column 'c': The column is not known. Columns here: a, b."),
        (b"a,a\nx,y", "column 'a': The column stands there twice."),
    ],
)
def test_a_wrong_header_is_said_by_column(header: bytes, said: str) -> None:
    assert said in refusal(as_csv, header)


def test_a_row_with_a_missing_cell_is_said_and_the_rest_is_read() -> None:
    problems = Problems()
    rows = list(as_csv(io.BytesIO(b"a,b\n1\n2,3\n4,5,6\n"), problems))
    assert [row.values for row in rows] == [{"a": "2", "b": "3"}]
    assert [problem.row for problem in problems.kept] == [2, 4]


def test_twenty_problems_are_kept_and_all_are_counted() -> None:
    with pytest.raises(BadFile) as caught:
        read(jsonl_rows, b"[]\n" * 1000)
    assert (len(caught.value.problems), caught.value.total) == (20, 1000)
    assert str(caught.value).endswith("and 980 more.")


@pytest.mark.parametrize(
    "line", [b"{", b"NaN", b'{"a": NaN}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"7"]
)
def test_a_line_that_is_no_storable_object_is_a_problem_of_its_row(line: bytes) -> None:
    assert refusal(jsonl_rows, b'{"a": 1}\n' + line).startswith("Row 2: ")
    assert refusal(json_rows, b'[{"a": 1},' + line + b"]").startswith("Row 2: ")


def test_a_deep_value_is_refused() -> None:
    for depth in (40, 100_000):
        deep = b'{"a": ' + b"[" * depth + b"]" * depth + b"}"
        assert refusal(jsonl_rows, deep).startswith("Row 1: ")
        assert refusal(json_rows, deep).startswith("Row 1: ")


@pytest.mark.parametrize("data", [b'[{"a": 1}', b'[{"a": 1} {"a": 2}]', b"["])
def test_a_broken_list_is_refused(data: bytes) -> None:
    assert refusal(json_rows, data)
