# wilcox.test; shifts and their intervals from all differences (Hollander and Wolfe); exact p values with ties by
# coin; rank_biserial of effectsize; sign tests by binom.test, intervals of the median by qbinom.
use("coin"); use("effectsize")
SignTest <- function(x, mu = 0, alternative = "two.sided", level = 0.95) {
  d <- x[x != mu] - mu; n <- length(x); a <- if (alternative == "two.sided") (1 - level) / 2 else 1 - level
  k <- qbinom(a, n, 0.5); o <- sort(x); sides <- if (alternative == "two.sided") 2 else 1
  list(statistic = sum(d > 0), p.value = binom.test(sum(d > 0), length(d), alternative = alternative)$p.value,
    conf.int = structure(c(o[k], o[n + 1 - k]), conf.level = 1 - sides * pbinom(k - 1, n, 0.5)))
}
inf <- function(v) if (is.infinite(v)) (if (v > 0) "inf" else "-inf") else v
shift <- function(d, k, side) list(shift = median(d), ci_lower = inf(if (side == "less") -Inf else d[k]), ci_upper = inf(if (side == "greater") Inf else d[length(d) + 1 - k]))
effect <- function(r, e, side, tail) { reach <- qnorm(1 - tail) * e
  list(effect = r, effect_ci_lower = if (side == "less") -1 else tanh(atanh(r) - reach), effect_ci_upper = if (side == "greater") 1 else tanh(atanh(r) + reach)) }
two <- function(name, x, y, null = 0, side = "two.sided", level = 0.95, exact = NULL, correct = TRUE, p = NULL) {
  n <- as.numeric(length(x)); m <- as.numeric(length(y)); tail <- if (side == "two.sided") (1 - level) / 2 else 1 - level
  r <- suppressWarnings(wilcox.test(x, y, mu = null, alternative = side, exact = exact, correct = correct))
  is_exact <- !is.null(p) || (!identical(exact, FALSE) && n < 50 && m < 50 && !anyDuplicated(c(x - null, y)))
  k <- max(1, if (is_exact) qwilcox(tail, n, m) else floor(n * m / 2 + qnorm(tail) * sqrt(n * m * (n + m + 1) / 12)))
  e <- effectsize::rank_biserial(x - null, y)$r_rank_biserial
  c(list(outcome = name, statistic = r$statistic[[1]], p = if (is.null(p)) r$p.value else p, method = if (is_exact) "exact" else "asymptotic"),
    shift(sort(outer(x, y, "-")), k, side), effect(e, sqrt((n + m + 1) / (3 * n * m)), side, tail))
}
single <- function(name, d, null = 0, side = "two.sided", level = 0.95, exact = NULL, p = NULL) {
  tail <- if (side == "two.sided") (1 - level) / 2 else 1 - level; kept <- d[d != null]; n <- length(kept)
  r <- suppressWarnings(wilcox.test(d, mu = null, alternative = side, exact = exact))
  is_exact <- !is.null(p) || (n < 50 && n == length(d) && !anyDuplicated(abs(kept - null)))
  w <- outer(kept, kept, "+"); w <- sort(w[!lower.tri(w)] / 2)
  k <- max(1, if (is_exact) qsignrank(tail, n) else floor(n * (n + 1) / 4 + qnorm(tail) * sqrt(n * (n + 1) * (2 * n + 1) / 24)))
  e <- effectsize::rank_biserial(kept, mu = null)$r_rank_biserial
  c(list(outcome = name, statistic = r$statistic[[1]], p = if (is.null(p)) r$p.value else p, method = if (is_exact) "exact" else "asymptotic"),
    shift(w, k, side), effect(e, sqrt((2 * n^3 + 3 * n^2 + n) / 6) / (n * (n + 1) / 2), side, tail))
}
group_row <- function(x) list(n = length(x), median = median(x), q1 = quantile(x, .25)[[1]], q3 = quantile(x, .75)[[1]])
of <- function(v, by, level) { x <- penguins[[v]][penguins[[by]] %in% level]; x[!is.na(x)] }
vs <- c("body_mass_g", "bill_depth_mm")
rows <- lapply(vs, function(v) two(v, of(v, "sex", "female"), of(v, "sex", "male")))
q <- p.adjust(sapply(rows, `[[`, "p"), "BH"); rows <- Map(function(r, a) c(r, p_adjusted = a), rows, q)
add("two_groups", "wilcox.test(x, y) with ties", penguins_file, list(outcomes = arr(vs), group = "sex", correction = "bh"),
  list(tables = list(tests = rows, groups = do.call(c, lapply(vs, function(v) { x <- of(v, "sex", "female"); y <- of(v, "sex", "male"); k <- rank(c(x, y))
    list(c(group_row(x), mean_rank = mean(k[seq_along(x)])), c(group_row(y), mean_rank = mean(k[-seq_along(x)]))) })))))
x <- of("bill_length_mm", "species", "Chinstrap"); y <- of("bill_length_mm", "species", "Gentoo")
add("greater_uncorrected", "wilcox.test(x, y, mu = 1, alternative = 'greater', exact = FALSE, correct = FALSE)", penguins_file,
  list(outcomes = arr("bill_length_mm"), group = "species", first = "Chinstrap", second = "Gentoo", question = "greater", null = 1, method = "asymptotic", continuity = FALSE, level = 0.9),
  list(tables = list(tests = list(two("bill_length_mm", x, y, 1, "greater", 0.9, FALSE, FALSE)))))
small <- data.frame(g = rep(c("a", "b"), c(7, 8)), score = c(3.1, 4.7, 2.2, 5.9, 4.1, 3.6, 2.9, 5.2, 6.8, 4.9, 7.3, 5.5, 3.9, 6.1, 8.0),
  tied = c(3, 4, 2, 5, 4, 3, 2, 5, 6, 4, 7, 5, 3, 6, 8), before = c(12, 15, 11, 9, 14, 10, 13, 16, 12, 8, 11, 15, 9, 13, 14), after = c(14, 15, 15, 8, 18, 15, 12, 22, 14, 10, 14, 13, 9, 19, 15))
files[["small.csv"]] <- paste(c(paste(names(small), collapse = ","), do.call(paste, c(small, sep = ","))), collapse = "\n")
here <- "tests/reference/analyses/compare.rank_test/small.csv"
x <- small$score[1:7]; y <- small$score[8:15]
add("exact", "wilcox.test(x, y), exact without ties", here, list(outcomes = arr("score"), group = "g", question = "less"),
  list(tables = list(tests = list(two("score", x, y, side = "less")))))
x <- small$tied[1:7]; y <- small$tied[8:15]
add("exact_ties", "wilcox_test(distribution = 'exact') of coin", here, list(outcomes = arr("tied"), group = "g", method = "exact"),
  list(tables = list(tests = list(two("tied", x, y, p = as.numeric(pvalue(wilcox_test(tied ~ factor(g), small, distribution = "exact"))))))))
d <- small$after - small$before; s <- SignTest(d)
add("paired", "wilcox.test(after, before, paired = TRUE) with ties and a zero", here, list(design = "paired", pairs = list(list(first = "after", second = "before")), sign = TRUE),
  list(tables = list(tests = list(single("after − before", d)), signs = list(list(n_positive = s$statistic[[1]], p = s$p.value, median = median(d), ci_lower = s$conf.int[1], ci_upper = s$conf.int[2], achieved = attr(s$conf.int, "conf.level"))))))
z <- as.numeric(pvalue(wilcoxsign_test(d ~ rep(0, 15), distribution = "exact", zero.method = "Pratt")))
add("pratt", "wilcoxsign_test(zero.method = 'Pratt', distribution = 'exact') of coin", here, list(design = "paired", pairs = list(list(first = "after", second = "before")), method = "exact", zeros = "pratt"),
  list(tables = list(tests = list(list(p = z)))))
d <- small$score
add("one_sample", "wilcox.test(x, mu = 4, alternative = 'greater')", here, list(design = "one_sample", outcomes = arr("score"), null = 4, question = "greater", sign = TRUE),
  list(tables = list(tests = list(single("score", d, 4, "greater")), signs = list({ s <- SignTest(d, mu = 4, alternative = "greater"); list(p = s$p.value, ci_lower = s$conf.int[1], ci_upper = "inf", achieved = attr(s$conf.int, "conf.level")) }))))
