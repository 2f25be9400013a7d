"""Agreement between raters: statistics from NumPy and SciPy, usable without the rest of the site.

One module per statistic (`from agreement import krippendorff`). Whatever cannot be computed is an
`Estimate` without a value and with the reason in words: never NaN, a false 0 or an exception.
"""
