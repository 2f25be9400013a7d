"""Reads files and data set folders row by row: strict UTF-8, bounded memory, problems by place.

Rows are numbered as a person counts them: in a CSV file the header is row 1, in JSON Lines every
line counts, elsewhere every entry. Pure: nothing here knows what the rows are for.
"""

from corpus.reading.material import Material, Place
from corpus.reading.problems import BadFile, Problem, Problems, RowProblem
from corpus.reading.records import json_rows, jsonl_rows
from corpus.reading.tables import csv_rows
from corpus.reading.values import Row, choice, text

__all__ = [
    "BadFile",
    "Material",
    "Place",
    "Problem",
    "Problems",
    "Row",
    "RowProblem",
    "choice",
    "csv_rows",
    "json_rows",
    "jsonl_rows",
    "text",
]
