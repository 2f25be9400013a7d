# The paired difference of each criterion in base R, from scores.csv.
# Rscript replicate_comparison.R
scores <- read.csv("scores.csv", stringsAsFactors = FALSE)

for (source in unique(scores$source)) {
  for (key in unique(scores$criterion[scores$source == source])) {
    rows <- scores[scores$source == source & scores$criterion == key, ]
    means <- tapply(rows$score, list(rows$prompt, rows$side), mean)
    if (!all(c("a", "b") %in% colnames(means))) next
    gaps <- na.omit(means[, "b"] - means[, "a"])
    if (length(gaps) < 2) next
    reach <- qt(.975, length(gaps) - 1) * sd(gaps) / sqrt(length(gaps))
    cat(source, key, mean(gaps), mean(gaps) - reach, mean(gaps) + reach, "\n")
  }
}
