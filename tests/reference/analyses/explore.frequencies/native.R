# table, prop.table and cumsum; weighted with tapply.
freq <- function(x, w = rep(1, length(x)), by_count = FALSE, most = 40) {
  ok <- !is.na(w) & w >= 0; x <- x[ok]; w <- w[ok]
  counts <- tapply(w[!is.na(x)], x[!is.na(x)], sum); counts <- counts[!is.na(counts) & counts > 0]
  if (by_count) counts <- counts[order(-counts)]
  gone <- sum(w[is.na(x)]); valid <- sum(counts); all <- valid + gone; names <- names(counts); rest <- NULL
  if (length(counts) > most) { rest <- sum(counts[-(1:most)]); counts <- counts[1:most] }
  cum <- cumsum(counts) / valid
  out <- lapply(seq_along(counts), function(i) list(value = names(counts)[i], count = counts[[i]], percent = counts[[i]] / all, valid_percent = counts[[i]] / valid, cumulative_percent = cum[[i]]))
  if (!is.null(rest)) out <- c(out, list(list(count = rest, percent = rest / all, valid_percent = rest / valid, cumulative_percent = 1)))
  if (gone > 0) out <- c(out, list(list(count = gone, percent = gone / all)))
  c(out, list(list(count = all, percent = 1)))
}
add("penguins", "table, prop.table, cumsum of species, sex and year", penguins_file, list(columns = arr(c("species", "sex", "year"))),
  list(tables = list(frequencies_1 = freq(penguins$species), frequencies_2 = freq(penguins$sex), frequencies_3 = freq(penguins$year))))
add("weighted", "tapply of body_mass_g by island", penguins_file, list(columns = arr(c("island")), weights = "body_mass_g"),
  list(tables = list(frequencies_1 = freq(penguins$island, penguins$body_mass_g))))
loans <- read("loans.csv")
add("loans", "table of grade and loan_purpose, the most frequent first", "../shared/data/loans.csv", list(columns = arr(c("grade", "loan_purpose")), order = "count", max_values = 6),
  list(tables = list(frequencies_1 = freq(loans$grade, by_count = TRUE, most = 6), frequencies_2 = freq(loans$loan_purpose, by_count = TRUE, most = 6))))
add("gaps", "table of emp_title's missing values and of months_since_last_delinq", "../shared/data/loans.csv", list(columns = arr(c("months_since_last_delinq")), max_values = 10),
  list(tables = list(frequencies_1 = freq(loans$months_since_last_delinq, most = 10))))
