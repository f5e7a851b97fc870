# mean, var, quantile of all nine types, mad, trimmed mean, boxplot fences, shapiro.test, nortest's ad.test.
use("nortest")
groups <- function(x, g) if (is.null(g)) list(x) else lapply(sort(unique(as.character(g[!is.na(g)])), method = "radix"), function(l) x[!is.na(g) & g == l])
more <- function(d, names, by = NULL, shares = c(0.05, 0.9), type = 7) {
  g <- if (is.null(by)) NULL else d[[by]]; moments <- quantiles <- outliers <- normality <- numbers <- list()
  for (v in names) for (x in groups(d[[v]], g)) {
    x <- x[!is.na(x)]; n <- length(x); h <- if (n > 1) qt(0.975, n - 1) * sd(x) / sqrt(n) else NA; q <- quantile(x, c(0.25, 0.75), type = type, names = FALSE)
    numbers <- c(numbers, list(list(n = n, mean = mean(x), q1 = q[1], q3 = q[2])))
    moments <- c(moments, list(list(se_mean = sd(x) / sqrt(n), ci_lower = mean(x) - h, ci_upper = mean(x) + h, sum = sum(x), variance = var(x), cv = sd(x) / abs(mean(x)), range = diff(range(x)), iqr = IQR(x, type = type),
      mad = mad(x, constant = 1), trimmed = mean(x, trim = 0.1), geometric = if (min(x) > 0) exp(mean(log(x))) else NA)))
    z <- quantile(x, shares, type = type, names = FALSE); quantiles <- c(quantiles, list(setNames(as.list(z), paste0("q_", seq_along(shares)))))
    lo <- q[1] - 1.5 * diff(q); hi <- q[2] + 1.5 * diff(q); outliers <- c(outliers, list(list(low_fence = lo, high_fence = hi, below = sum(x < lo), above = sum(x > hi), far = sum(x < q[1] - 3 * diff(q) | x > q[2] + 3 * diff(q)))))
    s <- if (n <= 5000) shapiro.test(x) else list(statistic = NA, p.value = NA); a <- ad.test(x); normality <- c(normality, list(list(w = s$statistic[[1]], w_p = s$p.value, a = a$statistic[[1]], a_p = a$p.value)))
  }
  list(tables = list(numbers = numbers, moments = moments, quantiles = quantiles, outliers = outliers, normality = normality))
}
add("all_measures", "var, quantile(type = 6), mad, mean(trim = 0.1), shapiro.test, nortest::ad.test by island", penguins_file,
  list(columns = arr(c("body_mass_g", "bill_depth_mm")), by = "island", moments = TRUE, quantiles = "5, 90", outliers = TRUE, normality = TRUE, quantile_type = 6), more(penguins, c("body_mass_g", "bill_depth_mm"), "island", type = 6), tolerance = 1e-9, loose = list(w = 1e-8, w_p = 1e-6, a_p = 1e-6))
loans <- read("loans.csv")
for (type in c(1, 2, 3, 4, 5, 8, 9))
  add(paste0("quantiles_type_", type), paste0("quantile(type = ", type, ")"), "../shared/data/loans.csv",
    list(columns = arr(c("debt_to_income", "annual_income", "total_credit_lines")), moments = TRUE, quantiles = "1; 33.3; 50%; 99", outliers = TRUE, normality = TRUE, quantile_type = type),
    more(loans, c("debt_to_income", "annual_income", "total_credit_lines"), shares = c(0.01, 0.333, 0.5, 0.99), type = type), tolerance = 1e-9, loose = list(w = 1e-8, w_p = 1e-6, a_p = 1e-6))
# Weights that count rows: the rows repeated; of counts that are not whole the same formulas, quantiles of Hmisc's wtd.quantile.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv"); long <- w[rep(seq_len(nrow(w)), w$count), ]
use("Hmisc")
m <- more(long, c("body_mass_g", "bill_depth_mm"), "species", type = 6)$tables
skew <- function(x) { x <- x[!is.na(x)]; n <- length(x); z <- x - mean(x); g1 <- mean(z^3) / mean(z^2)^1.5; g2 <- mean(z^4) / mean(z^2)^2 - 3; list(skewness = g1 * sqrt(n * (n - 1)) / (n - 2), kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))) }
shapes <- unlist(lapply(c("body_mass_g", "bill_depth_mm"), function(v) lapply(groups(long[[v]], long$species), skew)), recursive = FALSE)
m$numbers <- Map(c, m$numbers, shapes)
top <- function(x) { t <- sort(table(x), decreasing = TRUE); list(n = sum(t), missing = sum(is.na(x)), distinct = length(t), top = names(t)[1], top_n = t[[1]], top_share = t[[1]] / sum(t)) }
m$categories <- lapply(groups(factor(long$sex), long$species), top)
add("counted", "mean, var, quantile(type = 6), shapiro.test, ad.test of the rows repeated by count, by species", weighted,
  list(columns = arr(c("body_mass_g", "bill_depth_mm", "sex")), by = "species", moments = TRUE, quantiles = "5, 90", outliers = TRUE, normality = TRUE, quantile_type = 6, weights = "count", weighting = "frequency"),
  list(tables = m), tolerance = 1e-9, loose = list(w = 1e-8, w_p = 1e-6, a_p = 1e-6))
amounts <- function(x, a) {
  ok <- !is.na(x); miss <- sum(a[!ok]); x <- x[ok]; a <- a[ok]; n <- sum(a); mu <- weighted.mean(x, a); s2 <- sum(a * (x - mu)^2) / (n - 1); h <- qt(0.975, n - 1) * sqrt(s2 / n)
  z <- x - mu; m2 <- sum(a * z^2) / n; g1 <- sum(a * z^3) / n / m2^1.5; g2 <- sum(a * z^4) / n / m2^2 - 3; q <- unname(wtd.quantile(x, round(a, 9), c(0.25, 0.5, 0.75)))
  list(numbers = list(n = n, missing = miss, mean = mu, sd = sqrt(s2), min = min(x), q1 = q[1], median = q[2], q3 = q[3], max = max(x), skewness = g1 * sqrt(n * (n - 1)) / (n - 2), kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))),
    moments = list(se_mean = sqrt(s2 / n), ci_lower = mu - h, ci_upper = mu + h, sum = sum(a * x), variance = s2, cv = sqrt(s2) / mu, range = diff(range(x)), iqr = q[3] - q[1], mad = unname(wtd.quantile(abs(x - q[2]), a, 0.5)), geometric = exp(sum(a * log(x)) / n)),
    normality = list(w = NA, w_p = NA, a = NA, a_p = NA))
}
each <- lapply(c("bill_length_mm", "body_mass_g"), function(v) amounts(w[[v]], w$amount))
add("counted_amounts", "wtd.quantile, weighted.mean and sums over sum(amount) - 1", weighted,
  list(columns = arr(c("bill_length_mm", "body_mass_g")), moments = TRUE, normality = TRUE, weights = "amount", weighting = "frequency"),
  list(tables = list(numbers = lapply(each, `[[`, "numbers"), moments = lapply(each, `[[`, "moments"), normality = lapply(each, `[[`, "normality"))), tolerance = 1e-9)

# Samples of a population: survey; groups are domains.
use("survey")
sampled <- function(v, by = NULL) {
  d <- w[!is.na(w[[v]]) & !is.na(w$sample), ]; d$x <- d[[v]]; design <- svydesign(ids = ~1, weights = ~sample, data = d)
  missing <- w[is.na(w[[v]]) & !is.na(w$sample), ]; parts <- if (is.null(by)) list(NULL) else levels(w[[by]])
  lapply(parts, function(g) {
    s <- if (is.null(g)) design else design[d[[by]] == g, ]; n <- nrow(s); m <- svymean(~x, s); h <- qt(0.975, degf(s)) * SE(m)[[1]]; q <- sapply(c(0.25, 0.5, 0.75), function(p) coef(svyquantile(~x, s, p, qrule = "school", ci = FALSE))[[1]])
    x <- s$variables$x; a <- weights(s); v2 <- coef(svyvar(~x, s))[[1]]; total <- svytotal(~x, s); stopifnot(degf(s) == n - 1)
    lo <- q[1] - 1.5 * (q[3] - q[1]); hi <- q[3] + 1.5 * (q[3] - q[1])
    list(numbers = list(n = n, missing = if (is.null(g)) nrow(missing) else sum(missing[[by]] == g), mean = coef(m)[[1]], se_mean = SE(m)[[1]], ci_lower = coef(m)[[1]] - h, ci_upper = coef(m)[[1]] + h, sd = sqrt(v2), min = min(x), q1 = q[1], median = q[2], q3 = q[3], max = max(x)),
      moments = list(sum = coef(total)[[1]], se_sum = SE(total)[[1]], variance = v2, cv = sqrt(v2) / coef(m)[[1]], range = diff(range(x)), iqr = q[3] - q[1], geometric = exp(coef(svymean(~log(x), s))[[1]])),
      outliers = list(low_fence = lo, high_fence = hi, below = sum(a[x < lo]), above = sum(a[x > hi])))
  })
}
of <- function(parts, table) lapply(parts, `[[`, table)
a <- c(sampled("body_mass_g", "species"), sampled("bill_depth_mm", "species"))
add("sampled_groups", "svymean, svyvar, svytotal, svyquantile(qrule = 'school') of the domains of species, svydesign(ids = ~1, weights = ~sample)", weighted,
  list(columns = arr(c("body_mass_g", "bill_depth_mm")), by = "species", moments = TRUE, outliers = TRUE, normality = TRUE, weights = "sample", weighting = "sampling"),
  list(tables = list(numbers = of(a, "numbers"), moments = of(a, "moments"), outliers = of(a, "outliers"))), tolerance = 1e-9)
a <- c(sampled("bill_length_mm"), sampled("flipper_length_mm"))
t <- svytable(~sex, svydesign(ids = ~1, weights = ~sample, data = w[!is.na(w$sex) & !is.na(w$sample), ])); winner <- names(t)[which.max(t)]
add("sampled", "svymean, svyvar, svytotal, svyquantile(qrule = 'school'), svytable", weighted,
  list(columns = arr(c("bill_length_mm", "flipper_length_mm", "sex")), moments = TRUE, outliers = TRUE, weights = "sample", weighting = "sampling"),
  list(tables = list(numbers = of(a, "numbers"), moments = of(a, "moments"), outliers = of(a, "outliers"),
    categories = list(list(n = sum(!is.na(w$sex) & !is.na(w$sample)), missing = sum(is.na(w$sex) & !is.na(w$sample)), distinct = 2, top = winner, top_n = max(t), top_share = max(t) / sum(t))))), tolerance = 1e-9)
