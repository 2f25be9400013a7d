"""Reads ratings that were made elsewhere, a module for each format. Pure: no database."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from annotation.imports import argilla, labelstudio, long_table, psychosafe, xstest
from annotation.imports.found import Found
from corpus.reading import Problems

Reader = Callable[[BinaryIO, Problems], Iterator[Found]]

FORMATS: dict[str, Reader] = {
    "csv": long_table.read,
    "xstest": xstest.read,
    "psychosafe": psychosafe.read,
    "labelstudio": labelstudio.read,
    "argilla": argilla.read,
}
