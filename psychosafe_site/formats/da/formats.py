"""Numbers stand as in papers and exports, with a dot; dates as people write them."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
