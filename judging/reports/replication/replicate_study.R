# Alpha of each criterion in base R, from ratings.csv. Beside it the value of the report.
# Rscript replicate_study.R
ratings <- read.csv("ratings.csv", stringsAsFactors = FALSE)

# Krippendorff's alpha from the coincidences of values within items.
alpha <- function(rows, level) {
  values <- seq(rows$low[1], rows$high[1])
  q <- length(values)
  coincidences <- matrix(0, q, q)
  for (given in split(match(rows$value, values), rows$item)) {
    m <- length(given)
    if (m < 2) next
    n <- tabulate(given, q)
    coincidences <- coincidences + (outer(n, n) - diag(n, q)) / (m - 1)
  }
  n <- rowSums(coincidences)
  if (level == "ordinal") {
    middle <- cumsum(n) - n / 2
    delta <- outer(middle, middle, function(a, b) (a - b)^2)
  } else {
    delta <- 1 - diag(q)
  }
  total <- sum(n)
  observed <- sum(coincidences * delta) / total
  expected <- sum(outer(n, n) * delta) / (total * (total - 1))
  if (expected == 0) NA else 1 - observed / expected
}

for (key in unique(ratings$criterion)) {
  rows <- ratings[ratings$criterion == key, ]
  cat(key, format(alpha(rows, rows$level[1]), digits = 10), "\n")
}
