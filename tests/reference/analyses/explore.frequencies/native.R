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
# Weights that count rows: table of the rows repeated.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv"); long <- w[rep(seq_len(nrow(w)), w$count), ]
add("counted", "table of species and sex of the rows repeated by count", weighted, list(columns = arr(c("species", "sex")), weights = "count", weighting = "frequency"),
  list(tables = list(frequencies_1 = freq(long$species), frequencies_2 = freq(long$sex))))
# Samples of a population: svymean and svyciprop of the rows with a value; its logit interval without iterations.
use("survey")
sampled <- function(x, w, level = 0.95, ...) {
  out <- freq(x, w, ...); ok <- !is.na(x) & !is.na(w); d <- data.frame(x = x[ok], w = w[ok]); design <- svydesign(ids = ~1, weights = ~w, data = d)
  named <- unlist(lapply(out, function(l) l$value)); lapply(out, function(l) {
    if (is.null(l$valid_percent)) return(l)
    set <- if (is.null(l$value)) setdiff(unique(as.character(d$x)), named) else l$value
    design <- update(design, is = as.character(d$x) %in% set)
    s <- svyciprop(~is, design, method = "xlogit", level = level); fitted <- svyciprop(~is, design, level = level)
    stopifnot(all.equal(l$valid_percent, s[[1]]), all.equal(attr(s, "ci"), attr(fitted, "ci"), tolerance = 1e-5))
    c(l, list(std_error = SE(s)[[1]], ci_lower = attr(s, "ci")[[1]], ci_upper = attr(s, "ci")[[2]]))
  })
}
add("sampled", "svymean and svyciprop(method = 'xlogit') of species and sex, svydesign(ids = ~1, weights = ~sample)", weighted, list(columns = arr(c("species", "sex")), weights = "sample", weighting = "sampling"),
  list(tables = list(frequencies_1 = sampled(w$species, w$sample), frequencies_2 = sampled(w$sex, w$sample))))
add("sampled_others", "svyciprop(method = 'xlogit', level = 0.9) of flipper_length_mm, the most frequent first", weighted,
  list(columns = arr("flipper_length_mm"), weights = "sample", weighting = "sampling", order = "count", max_values = 4, level = 0.9),
  list(tables = list(frequencies_1 = sampled(w$flipper_length_mm, w$sample, 0.9, by_count = TRUE, most = 4))))
