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
# Weights that count rows: the rows repeated; of counts that are not whole cov.wt and the same formulas.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv"); long <- w[rep(seq_len(nrow(w)), w$count), ]
for (method in c("pearson", "spearman", "kendall"))
  add(paste0("counted_", method), paste0("cor.test of the rows repeated by count, ", method), weighted, list(columns = arr(c(four, "year")), method = method, weights = "count", weighting = "frequency"),
    list(tables = list(pairs = all_pairs(long, c(four, "year"), method, "holm"))))
add("counted_partial", "correlations of residuals of lm, rows repeated by count", weighted, list(columns = arr(four[1:3]), controls = arr("body_mass_g"), weights = "count", weighting = "frequency"),
  list(tables = list(pairs = partial(long, four[1:3], "body_mass_g", FALSE))))
d <- w[complete.cases(w[c(four, "amount")]), ]; n <- sum(d$amount); r <- cov.wt(d[four[c(1, 4)]], d$amount, cor = TRUE)$cor[1, 2]; q <- qnorm(0.975) / sqrt(n - 3)
add("counted_amounts", "cov.wt(wt = amount, cor = TRUE), t and Fisher's z with n = sum(amount)", weighted, list(columns = arr(four[c(1, 4)]), weights = "amount", weighting = "frequency", adjust = "none"),
  list(tables = list(pairs = list(list(r = r, ci_lower = tanh(atanh(r) - q), ci_upper = tanh(atanh(r) + q), p = 2 * pt(-abs(r * sqrt((n - 2) / (1 - r^2))), n - 2), n = n)))))
# Samples of a population: the delta method on svyvar.
use("survey")
of_sample <- function(names, controls = NULL, level = 0.95) {
  ij <- combn(length(names), 2, simplify = FALSE); found <- lapply(ij, function(i) {
    used <- c(names[i], controls); d <- w[complete.cases(w[c(if (is.null(controls)) used else c(names, controls), "sample")]), ]; design <- svydesign(ids = ~1, weights = ~sample, data = d)
    v <- svyvar(reformulate(used), design); k <- length(used); at <- function(a, b) as.vector(unclass(v))[(b - 1) * k + a]; V <- attr(v, "var")
    s <- as.vector(unclass(v)); z <- function(s) { m <- matrix(s, k); m <- (m + t(m)) / 2; if (k == 3) { r <- cov2cor(m); x <- (r[1, 2] - r[1, 3] * r[2, 3]) / sqrt((1 - r[1, 3]^2) * (1 - r[2, 3]^2)) } else x <- m[1, 2] / sqrt(m[1, 1] * m[2, 2]); atanh(x) }
    g <- sapply(seq_along(s), function(j) { f <- function(h) { q <- s; q[j] <- q[j] + h * abs(s[j]); z(q) }; h <- 1e-4; (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h * abs(s[j])) })
    e <- sqrt(drop(g %*% V %*% g)); df <- degf(design); q <- qt((1 + level) / 2, df)
    list(first = names[i[1]], second = names[i[2]], r = tanh(z(s)), ci_lower = tanh(z(s) - q * e), ci_upper = tanh(z(s) + q * e), p = 2 * pt(-abs(z(s) / e), df), n = nrow(d)) })
  a <- p.adjust(sapply(found, `[[`, "p"), "holm"); if (length(a) > 1 || TRUE) for (k in seq_along(a)) found[[k]]$p_adjusted <- a[k]
  found
}
add("sampled", "svyvar of svydesign(ids = ~1, weights = ~sample), delta method of atanh(r)", weighted, list(columns = arr(four), weights = "sample", weighting = "sampling", level = 0.9),
  list(tables = list(pairs = of_sample(four, level = 0.9))), tolerance = 1e-8)
add("sampled_partial", "svyvar of three columns, delta method of atanh of the partial correlation", weighted, list(columns = arr(four[1:3]), controls = arr("body_mass_g"), weights = "sample", weighting = "sampling"),
  list(tables = list(pairs = of_sample(four[1:3], "body_mass_g"))), tolerance = 1e-8)
d <- w[complete.cases(w[c(four[1:2], "sample")]), ]; ranked <- function(x) sapply(x, function(v) sum(d$sample[x < v]) + (sum(d$sample[x == v]) + 1) / 2)
add("sampled_ranks", "cov.wt of ranks of the population, no test", weighted, list(columns = arr(four[1:2]), method = "spearman", weights = "sample", weighting = "sampling", adjust = "none"),
  list(tables = list(pairs = list(list(r = cov.wt(cbind(ranked(d[[four[1]]]), ranked(d[[four[2]]])), d$sample, cor = TRUE)$cor[1, 2], ci_lower = NA, ci_upper = NA, p = NA, n = nrow(d))))))
