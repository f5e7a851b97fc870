# What R gives for NIST's sets in strd.json and anova.json, digit for digit: mean and sd; lm and summary.lm; anova.lm.
# Filip needs a smaller tolerance than lm's own, or a column is dropped.
#     Rscript r.R > r.json
library(jsonlite)
sets <- fromJSON("strd.json", simplifyVector = TRUE)
full <- function(v) I(sprintf("%.17g", v))
univariate <- lapply(sets$univariate, function(s) list(mean = full(mean(s$data)), sd = full(sd(s$data))))
linear <- lapply(sets$linear, function(s) {
  x <- if (is.matrix(s$columns)) t(s$columns) else sapply(s$columns, identity)
  fit <- lm(s$y ~ x - 1, tol = 1e-14); r <- summary(fit)
  list(estimates = full(coef(fit)), standard_errors = full(r$coefficients[, 2]), residual_sum_of_squares = full(sum(residuals(fit)^2)))
})
sets <- fromJSON("anova.json", simplifyVector = FALSE)
variance <- lapply(sets, function(s) {
  groups <- if (is.null(s$whole)) lapply(s$groups, function(g) as.numeric(unlist(g))) else
    lapply(s$tenths, function(t) as.numeric(paste0(s$whole, ".", strsplit(t, "")[[1]])))
  a <- anova(lm(unlist(groups) ~ factor(rep(seq_along(groups), lengths(groups)))))
  list(between = full(a[1, 2]), within = full(a[2, 2]), f = full(a[1, 4]))
})
cat(toJSON(list(version = R.version.string, univariate = univariate, linear = linear, variance = variance), auto_unbox = TRUE, pretty = TRUE), "\n")
