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
