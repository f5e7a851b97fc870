# cor.test; intervals of ranks by Fisher's z with the errors of Bonett and Wright and of Fieller; partial
# correlations of residuals of lm.
pair <- function(x, y, method, level = 0.95) {
  ok <- !is.na(x) & !is.na(y); x <- x[ok]; y <- y[ok]; n <- length(x); q <- qnorm(1 - (1 - level) / 2)
  if (method == "pearson") { c <- cor.test(x, y, conf.level = level); return(list(r = c$estimate[[1]], ci_lower = c$conf.int[1], ci_upper = c$conf.int[2], p = c$p.value, n = n)) }
  if (method == "spearman") { r <- cor(rank(x), rank(y)); t <- r * sqrt((n - 2) / (1 - r^2)); p <- 2 * pt(-abs(t), n - 2); e <- sqrt((1 + r^2 / 2) / (n - 3)) } else {
    c <- suppressWarnings(cor.test(x, y, method = "kendall", exact = FALSE)); r <- c$estimate[[1]]; p <- c$p.value; e <- sqrt(0.437 / (n - 4)) }
  list(r = r, ci_lower = tanh(atanh(r) - q * e), ci_upper = tanh(atanh(r) + q * e), p = p, n = n)
}
all_pairs <- function(d, names, method, adjust, level = 0.95) {
  ij <- t(combn(length(names), 2)); found <- lapply(seq_len(nrow(ij)), function(k) c(list(first = names[ij[k, 1]], second = names[ij[k, 2]]), pair(d[[names[ij[k, 1]]]], d[[names[ij[k, 2]]]], method, level)))
  if (adjust != "none") { a <- p.adjust(sapply(found, `[[`, "p"), if (adjust == "bh") "BH" else adjust); for (k in seq_along(a)) found[[k]]$p_adjusted <- a[k] }
  found
}
four <- c("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
add("pearson", "cor.test, p.adjust holm", penguins_file, list(columns = arr(four)), list(tables = list(pairs = all_pairs(penguins, four, "pearson", "holm"))))
add("spearman", "cor of ranks with the t test, p.adjust BH", penguins_file, list(columns = arr(c(four, "year")), method = "spearman", adjust = "bh", level = 0.9),
  list(tables = list(pairs = all_pairs(penguins, c(four, "year"), "spearman", "bh", 0.9))))
add("kendall", "cor.test(method = 'kendall', exact = FALSE)", penguins_file, list(columns = arr(c(four, "year")), method = "kendall", adjust = "none"),
  list(tables = list(pairs = all_pairs(penguins, c(four, "year"), "kendall", "none"))))
loans <- read("loans.csv"); names <- c("annual_income", "debt_to_income", "months_since_last_delinq", "interest_rate", "loan_amount")
add("loans_pairwise", "cor.test of pairs", "../shared/data/loans.csv", list(columns = arr(names), adjust = "bonferroni"), list(tables = list(pairs = all_pairs(loans, names, "pearson", "bonferroni"))))
whole <- loans[complete.cases(loans[names]), ]
add("loans_listwise", "cor.test of complete rows, Kendall", "../shared/data/loans.csv", list(columns = arr(names), missing = "listwise", method = "kendall", adjust = "holm"),
  list(tables = list(pairs = all_pairs(whole, names, "kendall", "holm"))))
partial <- function(d, names, controls, ranks, level = 0.95) {
  d <- d[complete.cases(d[c(names, controls)]), c(names, controls)]; if (ranks) d[] <- lapply(d, rank)
  e <- sapply(names, function(v) residuals(lm(reformulate(controls, v), d))); ij <- t(combn(length(names), 2)); df <- nrow(d) - 2 - length(controls); q <- qnorm(1 - (1 - level) / 2)
  found <- lapply(seq_len(nrow(ij)), function(k) { r <- cor(e[, ij[k, 1]], e[, ij[k, 2]]); s <- sqrt((1 + (if (ranks) r^2 / 2 else 0)) / (df - 1))
    list(first = names[ij[k, 1]], second = names[ij[k, 2]], r = r, ci_lower = tanh(atanh(r) - q * s), ci_upper = tanh(atanh(r) + q * s), p = 2 * pt(-abs(r * sqrt(df / (1 - r^2))), df), n = nrow(d)) })
  a <- p.adjust(sapply(found, `[[`, "p"), "holm"); for (k in seq_along(a)) found[[k]]$p_adjusted <- a[k]
  found
}
add("partial", "correlations of residuals of lm on body_mass_g and year", penguins_file, list(columns = arr(four[1:3]), controls = arr(c("body_mass_g", "year"))),
  list(tables = list(pairs = partial(penguins, four[1:3], c("body_mass_g", "year"), FALSE))))
add("partial_ranks", "correlations of residuals of ranks", penguins_file, list(columns = arr(four[1:3]), controls = arr("body_mass_g"), method = "spearman"),
  list(tables = list(pairs = partial(penguins, four[1:3], "body_mass_g", TRUE))))
use("BayesFactor")
with_bayes <- function(d, found, width) lapply(found, function(f) {
  ok <- complete.cases(d[c(f$first, f$second)])
  b <- suppressMessages(correlationBF(as.numeric(d[ok, f$first]), as.numeric(d[ok, f$second]), rscale = width)); c(f, bf10 = exp(b@bayesFactor$bf))
})
five <- c(four, "year")
add("bayes", "cor.test; correlationBF(rscale = 1)", penguins_file, list(columns = arr(five), bayes = TRUE),
  list(tables = list(pairs = with_bayes(penguins, all_pairs(penguins, five, "pearson", "holm"), 1))), 1e-6)
add("bayes_narrow", "cor.test; correlationBF(rscale = 1/3), missing values", penguins_file, list(columns = arr(five), bayes = TRUE, prior_width = 1 / 3, adjust = "none"),
  list(tables = list(pairs = with_bayes(penguins, all_pairs(penguins, five, "pearson", "none"), 1 / 3))), 1e-6)
