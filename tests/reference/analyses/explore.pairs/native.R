# cor and cor.test of complete pairs, of all rows and of each group; bw.nrd0 and mean(dnorm) on the diagonal.
related <- function(x, y, method) {
  ok <- !is.na(x) & !is.na(y); x <- x[ok]; y <- y[ok]; n <- length(x); r <- cor(x, y, method = method); t <- r * sqrt((n - 2) / (1 - r^2))
  half <- qnorm(0.975) * sqrt((if (method == "spearman") 1 + r^2 / 2 else 1) / (n - 3))
  if (method == "pearson") { test <- cor.test(x, y); stopifnot(all.equal(c(test$conf.int), tanh(atanh(r) + c(-half, half)))) }
  list(r = r, ci_lower = tanh(atanh(r) - half), ci_upper = tanh(atanh(r) + half), p = 2 * pt(-abs(t), n - 2), n = n)
}
pairs_of <- function(d, columns, by = NULL, method = "pearson") {
  out <- list(); charts <- list(); k <- length(columns)
  for (i in seq_len(k - 1)) for (j in (i + 1):k) {
    parts <- c(list(All = d), if (!is.null(by)) split(d, d[[by]])); found <- lapply(parts, function(p) related(p[[columns[i]]], p[[columns[j]]], method))
    for (g in names(parts)) out <- c(out, list(c(list(first = columns[i], second = columns[j]), if (is.null(by)) list() else list(group = g), found[[g]])))
    charts[[paste("correlation", i, j, sep = "_")]] <- list(marks = list(list(mark = "tiles", value = arr(sapply(found, `[[`, "r")))))
  }
  list(tables = list(correlations = out), charts = charts)
}
p <- penguins; columns <- c("bill_length_mm", "bill_depth_mm", "body_mass_g")
expected <- pairs_of(p, columns, "species")
curve <- function(v) { v <- v[!is.na(v)]; h <- bw.nrd0(v); from <- min(v) - 3 * h; to <- max(v) + 3 * h
  at <- seq(from, to, length.out = max(256, trunc((to - from) / h * 8))); list(mark = "area", x = arr(at), top = arr(sapply(at, function(a) mean(dnorm(a, v, h))))) }
expected$charts$distribution_2_2 <- list(marks = unname(lapply(split(p$bill_depth_mm, p$species), curve)))
shown <- lapply(split(p, p$species), function(d) { d <- d[complete.cases(d[columns[1:2]]), ]; list(mark = "points", x = arr(d$bill_length_mm), y = arr(d$bill_depth_mm)) })
expected$charts$scatter_2_1 <- list(marks = unname(shown))
expected$sentences <- list("explore.pairs.turned" = list(list(n = 3)))
add("by_species", "cor.test, bw.nrd0, mean(dnorm)", penguins_file, list(columns = arr(columns), by = "species"), expected, 1e-9)
add("ranks_by_sex", "cor(method = spearman), t and Bonett and Wright's error", penguins_file, list(columns = arr(c("flipper_length_mm", "body_mass_g")), by = "sex", method = "spearman"),
  pairs_of(p, c("flipper_length_mm", "body_mass_g"), "sex", "spearman"), 1e-9)
loans <- read("loans.csv"); columns <- c("annual_income", "debt_to_income", "total_credit_limit", "months_since_last_delinq")
add("loans", "cor.test of 10,000 rows, many missing", "../shared/data/loans.csv", list(columns = arr(columns)), pairs_of(loans, columns), 1e-9)
