"""Small worked examples printed in the literature, typed from there."""

import numpy as np

from agreement.ratings import Ratings
from agreement.scale import Level

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", data C: four observers.
KRIPPENDORFF_C = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""
# Fleiss (1971), Table 1: how many of six psychiatrists gave each of 30 patients each diagnosis.
FLEISS_1971 = """
    00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
    10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
    00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Shrout & Fleiss (1979), Table 2: six targets rated by four judges.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
# Cohen (1968), Table 1: two judges, 200 patients, three diagnoses.
COHEN_1968 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# Fleiss, Levin & Paik, "Statistical Methods for Rates and Proportions": 100 subjects.
FLEISS_TABLE = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# Agresti (1992), after Landis & Koch: two pathologists, 118 slides, four ordered grades.
LANDIS_KOCH = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]


def krippendorff_c(level: Level = "nominal") -> Ratings:
    rows = [line.split() for line in KRIPPENDORFF_C.strip().splitlines()]
    numbers = [[np.nan if cell == "." else float(cell) for cell in row] for row in rows]
    return Ratings.from_matrix(np.array(numbers).T, level)


def fleiss_1971() -> Ratings:
    items = []
    for counts in FLEISS_1971.split():
        items.append([code + 1 for code, many in enumerate(counts) for _ in range(int(many))])
    return Ratings.from_matrix(items, "nominal")


def of_table(table: list[list[int]], level: Level = "nominal") -> Ratings:
    """The ratings of two raters whose joint counts are `table`, levels 1, 2, 3 …"""
    pairs = [
        (i + 1, j + 1) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)
    ]
    return Ratings.from_matrix(pairs, level, list(range(1, len(table) + 1)))
