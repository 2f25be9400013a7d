"""A ratings file is read, or refused with file, row, column and what is allowed."""

import pytest

from agreement.table import Row, TableError, read


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes):
        path = tmp_path / "ratings.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_columns_may_come_in_any_order_beside_others(written):
    path = written("note,Rater,Value,item,criterion\nx,A,1,i,tone\n,B,,i,tone\n")
    assert read(path, "ordinal") == [Row("i", "A", "1", "tone"), Row("i", "B", None, "tone")]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfitem,rater,value\r\ni,A,1\r\n\r\n",
        b"item;rater;value\ni;A;1\n",
        b"item\trater\tvalue\ni\tA\t1\n",
        b'"item","rater","value"\n"i","A","1"\n',
    ],
)
def test_what_spreadsheets_write_is_understood(written, content):
    assert read(written(content), "ordinal") == [Row("i", "A", "1")]


def test_a_line_break_in_a_cell_does_not_shift_the_row_number(written):
    path = written('item,rater,value\n"i\nj",A,1\nk,A,x\n')
    with pytest.raises(TableError, match="row 3, column value: 'x' is not a number"):
        read(path, "interval")


@pytest.mark.parametrize(
    ("content", "level", "scale", "said"),
    [
        ("item,value\n", "nominal", None, "row 1: column rater is missing. Found: item, value"),
        ("", "nominal", None, "row 1: column item, rater, value is missing. Found: nothing"),
        ("item,rater,value,value\n", "nominal", None, "column value appears 2 times"),
        ("item,rater,value\ni,A\n", "nominal", None, "row 2, has 2 cells where the header has 3"),
        ("item,rater,value\n,A,1\n", "nominal", None, "row 2, column item: is empty"),
        ("item,rater,value\ni,A,9\n", "ordinal", "123", "row 2, column value: '9' .* 1, 2, 3"),
        ("item,rater,value\ni,A,1,5\n", "ordinal", None, "row 2, has 4 cells"),
        ('item,rater,value\ni,A,"1,5"\n', "interval", None, "'1,5' is not a number. .* decimal"),
        ("item,rater,value\ni,A,nan\n", "interval", None, "leave the cell empty"),
        ("item,rater,value\ni,A,low\n", "ordinal", None, "Or declare the order of the levels"),
        ("item,rater,value\ni,A,-2\n", "ratio", None, "allows 0 and above"),
        ("item,rater,value\ni,A,1\nj,A,1\ni,A,2\n", "nominal", None, "row 4, .* 'i' in row 2"),
        ("item,rater,value\ni,A,1\n", "interval", "ab", "The scale: 'a' is not a number"),
        (b"item,rater,value\n\xff\xfe,A,1\n", "nominal", None, "is not UTF-8 text"),
        ('item,rater,value\n"i,A,1\n', "nominal", None, "is not a CSV file"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_is_allowed(written, content, level, scale, said):
    with pytest.raises(TableError, match=said) as raised:
        read(written(content), level, list(scale) if scale else None)
    assert "ratings.csv" in str(raised.value) or "The scale" in str(raised.value)


def test_all_faults_are_counted_and_ten_are_shown(written):
    path = written("item,rater,value\n" + "".join(f"{n},A,bad\n" for n in range(14)))
    with pytest.raises(TableError) as raised:
        read(path, "interval")
    assert len(str(raised.value).splitlines()) == 11
    assert "4 more" in str(raised.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(TableError, match=r"none\.csv: cannot be opened"):
        read(tmp_path / "none.csv", "nominal")
    with pytest.raises(TableError, match="cannot be opened"):
        read(tmp_path, "nominal")
