# t.test's intervals, cor, lm's line.
interval <- function(v) {
  v <- v[!is.na(v)]
  ci <- if (length(v) > 1) t.test(v)$conf.int else c(NA, NA)
  c(mean(v), ci[1], ci[2], length(v))
}
mark <- function(groups) {
  m <- sapply(groups, interval)
  list(mark = "intervals", centre = arr(m[1, ]), low = arr(m[2, ]), high = arr(m[3, ]), n = arr(m[4, ]))
}
p <- penguins
add("means", "t.test(body_mass_g)$conf.int by island", penguins_file, list(x = "island", y = "body_mass_g"),
  list(charts = list(means = list(marks = list(mark(split(p$body_mass_g, p$island)))))), 1e-12)
known <- p[!is.na(p$sex), ]
add("means_by_colour", "t.test(bill_length_mm)$conf.int by species, one mark a sex", penguins_file, list(x = "species", y = "bill_length_mm", color = "sex", kind = "means"),
  list(charts = list(means = list(marks = lapply(levels(p$sex), function(s) mark(split(known$bill_length_mm[known$sex == s], known$species[known$sex == s])))))), 1e-12)
loans <- read("loans.csv")
add("means_loans", "t.test(months_since_last_delinq)$conf.int by homeownership", "../shared/data/loans.csv", list(x = "homeownership", y = "months_since_last_delinq"),
  list(charts = list(means = list(marks = list(mark(split(loans$months_since_last_delinq, loans$homeownership)))))), 1e-12)

line <- function(x, y) {
  ok <- !is.na(x) & !is.na(y); f <- lm(y ~ x); ends <- range(x[ok])
  list(charts = list(scatter = list(marks = list(list(mark = "points", x = arr(x[ok]), y = arr(y[ok])),
      list(mark = "line", x = arr(ends), y = arr(unname(predict(f, data.frame(x = ends)))))))),
    sentences = list("explore.chart.correlation" = list(list(r = cor(x, y, use = "complete.obs"), n = sum(ok)))))
}
add("scatter", "cor, lm", penguins_file, list(x = "flipper_length_mm", y = "body_mass_g", trend = TRUE), line(p$flipper_length_mm, p$body_mass_g), 1e-12)
add("scatter_loans", "cor, lm", "../shared/data/loans.csv", list(x = "annual_income_joint", y = "debt_to_income_joint", trend = TRUE),
  line(loans$annual_income_joint, loans$debt_to_income_joint), 1e-11)
counts <- table(p$species, p$island)
add("bars", "table(species, island)", penguins_file, list(x = "species", color = "island", kind = "bars"),
  list(charts = list(bars = list(marks = lapply(colnames(counts), function(i) list(mark = "bars", length = arr(counts[, i])))))), 0)
sums <- tapply(p$body_mass_g, p$island, sum, na.rm = TRUE)
add("bars_of_sums", "tapply(body_mass_g, island, sum)", penguins_file, list(x = "island", y = "body_mass_g", kind = "bars"),
  list(charts = list(bars = list(marks = list(list(mark = "bars", length = arr(as.vector(sums))))))), 0)
means <- tapply(p$bill_length_mm, p$year, mean, na.rm = TRUE)
add("line", "tapply(bill_length_mm, year, mean)", penguins_file, list(x = "year", y = "bill_length_mm", kind = "line"),
  list(charts = list(line = list(marks = list(list(mark = "line", x = arr(c(2007, 2008, 2009)), y = arr(as.vector(means))))))), 1e-13)
