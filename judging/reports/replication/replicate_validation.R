# The judge less the mean of people, by criterion, in base R, from ratings.csv and judged.csv.
# The prompt is the cluster. Rscript replicate_validation.R
ratings <- read.csv("ratings.csv", stringsAsFactors = FALSE)
judged <- read.csv("judged.csv", stringsAsFactors = FALSE)

for (key in unique(ratings$criterion)) {
  rows <- ratings[ratings$criterion == key, ]
  if (rows$kind[1] == "choice") next
  people <- tapply(rows$value, rows$item, mean)
  values <- judged[judged$criterion == key, ]
  gaps <- values$value[match(names(people), values$item)] - people
  prompts <- rows$prompt[match(names(people), rows$item)]
  sums <- tapply(gaps - mean(gaps), prompts, sum)
  groups <- length(sums)
  if (groups < 2) next
  se <- sqrt(groups / (groups - 1) * sum(sums^2)) / length(gaps)
  reach <- qt(.975, groups - 1) * se
  cat(key, mean(gaps), mean(gaps) - reach, mean(gaps) + reach, "\n")
}
