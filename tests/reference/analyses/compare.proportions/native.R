# prop.test, binom.test, fisher.test, chisq.test; Newcombe's interval from those of prop.test; intervals of ratios from
# glm's covariance (odds) and the delta method (risks); Agresti and Coull's and Jeffreys's intervals by their formulas.
wilson <- function(k, n, level = 0.95, side = "two.sided") suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE, alternative = side))$conf.int
share_row <- function(k, n, ends) list(count = k, n = n, share = k / n, ci_lower = ends[1], ci_upper = ends[2])
pair_row <- function(k, n, level = 0.95, side = "two.sided", correct = FALSE) { s <- k / n; a <- wilson(k[1], n[1], level); b <- wilson(k[2], n[2], level); z <- qnorm((1 + level) / 2); d <- s[1] - s[2]
  m <- cbind(k, n - k); if (any(m == 0)) m <- m + 0.5; of <- rowSums(m); rr <- m[1, 1] / of[1] / (m[2, 1] / of[2]); er <- sqrt(sum(1 / m[, 1] - 1 / of)); or <- m[1, 1] * m[2, 2] / m[1, 2] / m[2, 1]; eo <- sqrt(sum(1 / m))
  list(difference = d, ci_lower = d - sqrt((s[1] - a[1])^2 + (b[2] - s[2])^2), ci_upper = d + sqrt((a[2] - s[1])^2 + (s[2] - b[1])^2), p = suppressWarnings(prop.test(k, n, alternative = side, correct = correct))$p.value,
    h = 2 * asin(sqrt(s[1])) - 2 * asin(sqrt(s[2])), risk_ratio = rr, risk_ratio_ci_lower = rr * exp(-z * er), risk_ratio_ci_upper = rr * exp(z * er),
    odds_ratio = or, odds_ratio_ci_lower = or * exp(-z * eo), odds_ratio_ci_upper = or * exp(z * eo)) }
d <- penguins[complete.cases(penguins[c("sex", "species")]), ]
t <- table(d$species, d$sex); n <- as.vector(rowSums(t)); k <- as.vector(t[, "male"]); r <- prop.test(k, n); two <- combn(3, 2)
pairs <- lapply(1:3, function(i) pair_row(k[two[, i]], n[two[, i]])); a <- p.adjust(sapply(pairs, `[[`, "p"), "holm"); pairs <- Map(function(r, p) c(r, p_adjusted = p), pairs, a)
add("three_groups", "prop.test(k, n) with missing values", penguins_file, list(outcome = "sex", group = "species"),
  list(tables = list(tests = list(list(statistic = r$statistic[[1]], df = r$parameter[[1]], p = r$p.value)), pairs = pairs, shares = lapply(1:3, function(i) share_row(k[i], n[i], wilson(k[i], n[i]))))))
# Ten of whom do what: few rows, no event in one group.
trial <- data.frame(arm = rep(c("new", "old", "none"), c(24, 31, 12)), ill = c(rep(c("yes", "no"), c(4, 20)), rep(c("yes", "no"), c(13, 18)), rep("no", 12)))
files[["trial.csv"]] <- paste(c("arm,ill", paste(trial$arm, trial$ill, sep = ",")), collapse = "\n")
files[["counts.csv"]] <- "arm,ill,n\nnew,yes,4\nnew,no,20\nold,yes,13\nold,no,18"
folder <- "tests/reference/analyses/compare.proportions/"
k <- c(4, 13); n <- c(24, 31)
for (correct in c(FALSE, TRUE)) { r <- prop.test(k, n, alternative = "less", correct = correct)
  add(if (correct) "two_corrected" else "two_less", "prop.test(k, n, alternative = 'less'), fisher.test", paste0(folder, "counts.csv"), list(outcome = "ill", event = "yes", group = "arm", weights = "n", question = "less", level = 0.9, interval = "exact", continuity = correct),
    list(tables = list(tests = list(list(statistic = -sqrt(r$statistic[[1]]), p = r$p.value), list(p = fisher.test(rbind(k, n - k), alternative = "less")$p.value)), pairs = list(pair_row(k, n, 0.9, "less", correct)),
      shares = lapply(1:2, function(i) share_row(k[i], n[i], binom.test(k[i], n[i], conf.level = 0.9)$conf.int))))) }
k <- c(4, 0, 13); n <- c(24, 12, 31); r <- suppressWarnings(prop.test(k, n)); j <- function(k, n) c(if (k == 0) 0 else qbeta(.025, k + .5, n - k + .5), qbeta(.975, k + .5, n - k + .5))
add("no_event", "prop.test(k, n) with a group without the event", paste0(folder, "trial.csv"), list(outcome = "ill", event = "yes", group = "arm", interval = "jeffreys", correction = "none"),
  list(tables = list(tests = list(list(statistic = r$statistic[[1]], df = 2, p = r$p.value)), pairs = lapply(1:3, function(i) pair_row(k[two[, i]], n[two[, i]])), shares = lapply(1:3, function(i) share_row(k[i], n[i], j(k[i], n[i]))))))
f <- sum(penguins$sex %in% "female"); n <- sum(!is.na(penguins$sex)); r <- prop.test(f, n, 0.45, correct = TRUE); b <- binom.test(f, n, 0.45)
z <- qnorm(.975); p <- (f + z^2 / 2) / (n + z^2); ac <- p + c(-1, 1) * z * sqrt(p * (1 - p) / (n + z^2))
add("one", "prop.test(k, n, 0.45), binom.test(k, n, 0.45)", penguins_file, list(design = "one", outcome = "sex", event = "female", null = 0.45, continuity = TRUE, interval = "agresti_coull"),
  list(tables = list(tests = list(list(statistic = sqrt(r$statistic[[1]]), p = r$p.value), list(p = b$p.value)), shares = list(share_row(f, n, ac)))))
r <- prop.test(f, n, 0.45, correct = FALSE, alternative = "greater"); b <- binom.test(f, n, 0.45, alternative = "greater")
add("one_greater", "prop.test(k, n, 0.45, alternative = 'greater')", penguins_file, list(design = "one", outcome = "sex", event = "female", null = 0.45, question = "greater", interval = "exact"),
  list(tables = list(tests = list(list(statistic = sqrt(r$statistic[[1]]), p = r$p.value), list(p = b$p.value)), shares = list(share_row(f, n, b$conf.int)))))
fit_of <- function(o, s) { s <- s / sum(s); r <- suppressWarnings(chisq.test(o, p = s)); n <- sum(o)
  list(tables = list(tests = list(list(chi_squared = r$statistic[[1]], df = r$parameter[[1]], p = r$p.value, w = sqrt(r$statistic[[1]] / n))), fit = lapply(seq_along(o), function(i) { w <- wilson(o[i], n)
    list(observed = o[i], expected = r$expected[[i]], residual = r$residuals[[i]], share = o[i] / n, ci_lower = w[1], ci_upper = w[2], expected_share = s[i]) }))) }
add("fit", "chisq.test(x, p)", penguins_file, list(design = "fit", outcome = "species", expected = list(list(level = "Adelie", share = 2), list(level = "Chinstrap", share = 1), list(level = "Gentoo", share = 2))), fit_of(as.vector(table(penguins$species)), c(2, 1, 2)))
add("fit_even", "chisq.test(x) of years", penguins_file, list(design = "fit", outcome = "year"), fit_of(as.vector(table(penguins$year)), c(1, 1, 1)))
# Gunel and Dickey's factors from BayesFactor; of one proportion the beta integral by integrate().
use("BayesFactor")
gunel <- function(k, n, prior = 1) list(list(bf10 = exp(contingencyTableBF(cbind(k, n - k), sampleType = "indepMulti", fixedMargin = "rows", priorConcentration = prior)@bayesFactor$bf)))
d <- penguins[complete.cases(penguins[c("sex", "species")]), ]
t <- table(d$species, d$sex)
add("bayes_groups", "contingencyTableBF(sampleType = 'indepMulti'), missing values", penguins_file, list(outcome = "sex", group = "species", bayes = TRUE), list(tables = list(bayes = gunel(as.vector(t[, "male"]), as.vector(rowSums(t))))), 1e-9)
add("bayes_two", "contingencyTableBF(sampleType = 'indepMulti', priorConcentration = 2)", paste0(folder, "counts.csv"), list(outcome = "ill", event = "yes", group = "arm", weights = "n", bayes = TRUE, prior_count = 2), list(tables = list(bayes = gunel(c(4, 13), c(24, 31), 2))), 1e-9)
beta_bf <- function(k, n, null, a, low, high) { like <- function(p) exp(dbinom(k, n, p, log = TRUE) + dbeta(p, a, a, log = TRUE) - dbinom(k, n, null, log = TRUE)); m <- k / n + c(-8, 0, 8) * sqrt(k / n * (1 - k / n) / n); at <- sort(unique(pmin(pmax(c(low, m, high), low), high)))
  sum(sapply(seq_along(at)[-1], function(i) integrate(like, at[i - 1], at[i], rel.tol = 1e-12)$value)) / (pbeta(high, a, a) - pbeta(low, a, a)) }
f <- sum(penguins$sex %in% "female"); n <- sum(!is.na(penguins$sex))
add("bayes_one", "integrate() of the likelihood under a beta(1, 1) prior", penguins_file, list(design = "one", outcome = "sex", event = "female", null = 0.45, bayes = TRUE), list(tables = list(bayes = list(list(bf10 = beta_bf(f, n, 0.45, 1, 0, 1))))), 1e-8)
add("bayes_one_greater", "integrate() of the likelihood under a beta(2.5, 2.5) prior above the null value", penguins_file, list(design = "one", outcome = "sex", event = "female", null = 0.45, question = "greater", bayes = TRUE, prior_count = 2.5), list(tables = list(bayes = list(list(bf10 = beta_bf(f, n, 0.45, 2.5, 0.45, 1))))), 1e-8)
# Weights that count rows, and samples of a population: survey.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv"); w$flipper <- NULL
long <- w[rep(seq_len(nrow(w)), w$count), ]; long <- long[!is.na(long$sex), ]; t <- table(long$species, long$sex); n <- as.vector(rowSums(t)); k <- as.vector(t[, "male"]); r <- prop.test(k, n)
pairs <- lapply(1:3, function(i) pair_row(k[two[, i]], n[two[, i]])); a <- p.adjust(sapply(pairs, `[[`, "p"), "holm"); pairs <- Map(function(r, p) c(r, p_adjusted = p), pairs, a)
add("counted", "prop.test(k, n) of the rows repeated by count", weighted, list(outcome = "sex", group = "species", weights = "count", weighting = "frequency"),
  list(tables = list(tests = list(list(statistic = r$statistic[[1]], df = r$parameter[[1]], p = r$p.value)), pairs = pairs, shares = lapply(1:3, function(i) share_row(k[i], n[i], wilson(k[i], n[i]))))))
use("survey")
sample_of <- function(names) { d <- droplevels(w[complete.cases(w[c(names, "sample")]), ]); svydesign(ids = ~1, weights = ~sample, data = d) }
share_of <- function(design, level = 0.95) { m <- svymean(~as.numeric(is), design); s <- svyciprop(~is, design, method = "xlogit", level = level)
  list(count = sum(weights(design)[design$variables$is]), n = nrow(design), share = coef(m)[[1]], std_error = SE(m)[[1]], ci_lower = attr(s, "ci")[[1]], ci_upper = attr(s, "ci")[[2]]) }
sample_pairs <- function(design, of, level = 0.95, side = 2) {
  d <- design$variables; means <- svyby(~as.numeric(is), reformulate(of), design, svymean, covmat = TRUE); p <- coef(means); V <- vcov(means); df <- degf(design); q <- qt((1 + level) / 2, df); names <- names(p)
  lapply(combn(length(p), 2, simplify = FALSE), function(i) { x <- p[[i[1]]]; y <- p[[i[2]]]; v <- V[i, i]; error <- function(g) sqrt(drop(g %*% v %*% g)); e <- error(c(1, -1)); t <- (x - y) / e
    rr <- x / y; er <- error(c(1 / x, -1 / y)); or <- x / (1 - x) / (y / (1 - y)); eo <- error(c(1 / (x * (1 - x)), -1 / (y * (1 - y))))
    list(difference = x - y, ci_lower = x - y - q * e, ci_upper = x - y + q * e, p = if (side == 2) 2 * pt(-abs(t), df) else pt(t, df), h = 2 * asin(sqrt(x)) - 2 * asin(sqrt(y)),
      risk_ratio = rr, risk_ratio_ci_lower = rr * exp(-q * er), risk_ratio_ci_upper = rr * exp(q * er), odds_ratio = or, odds_ratio_ci_lower = or * exp(-q * eo), odds_ratio_ci_upper = or * exp(q * eo)) })
}
design <- sample_of(c("sex", "species")); design <- update(design, is = design$variables$sex == "male"); s <- svychisq(~sex + species, design, statistic = "F")
pairs <- sample_pairs(design, "species"); a <- p.adjust(sapply(pairs, `[[`, "p"), "holm"); pairs <- Map(function(r, p) c(r, p_adjusted = p), pairs, a)
g <- summary(svyglm(as.numeric(is) ~ relevel(species, "Gentoo"), design))$coefficients; stopifnot(abs(pairs[[2]]$difference - g[2, 1]) < 1e-8, abs((pairs[[2]]$ci_upper - pairs[[2]]$difference) / qt(0.975, degf(design)) - g[2, 2]) < 1e-8)
add("sampled", "svychisq(statistic = 'F'), svyby(svymean, covmat = TRUE), svyciprop(method = 'xlogit') of domains, with missing values", weighted,
  list(outcome = "sex", group = "species", weights = "sample", weighting = "sampling"),
  list(tables = list(tests = list(list(statistic = s$statistic[[1]], df = s$parameter[[1]], df2 = s$parameter[[2]], p = as.numeric(s$p.value))), pairs = pairs,
    shares = lapply(levels(design$variables$species), function(l) share_of(design[design$variables$species == l, ])))), tolerance = 1e-8)
polled <- data.frame(a = rep(c("new", "old"), c(31, 40)), b = rep(c("bought", "left", "bought", "left"), c(9, 22, 19, 21)), w = 0.5 + ((1:71 * 29) %% 23) / 4); polled$w[c(9, 40)] <- NA
files[["polled.csv"]] <- paste(c("a,b,w", paste(polled$a, polled$b, ifelse(is.na(polled$w), "", polled$w), sep = ",")), collapse = "\n")
d <- polled[!is.na(polled$w), ]; design <- update(svydesign(ids = ~1, weights = ~w, data = d), is = d$b == "bought"); s <- svychisq(~a + b, design, statistic = "F"); pairs <- sample_pairs(design, "a", 0.9, 1)
of_two <- (pairs[[1]]$ci_upper - pairs[[1]]$difference) / qt(0.95, degf(design))
add("sampled_two", "svyby(svymean, covmat = TRUE), t of the difference with degf(design), one-sided; svychisq", paste0(folder, "polled.csv"),
  list(outcome = "b", event = "bought", group = "a", weights = "w", weighting = "sampling", question = "less", level = 0.9),
  list(tables = list(tests = list(list(statistic = pairs[[1]]$difference / of_two, df = degf(design), p = pairs[[1]]$p), list(statistic = s$statistic[[1]], df = s$parameter[[1]], df2 = s$parameter[[2]], p = as.numeric(s$p.value))), pairs = pairs,
    shares = lapply(c("new", "old"), function(l) share_of(design[d$a == l, ], 0.9)))), tolerance = 1e-8)
design <- sample_of("sex"); design <- update(design, is = design$variables$sex == "female"); row <- share_of(design, 0.9); t <- (row$share - 0.45) / row$std_error; row$ci_upper <- 1
add("sampled_one", "svymean, t = (share - 0.45) / SE with degf(design); svyciprop(method = 'xlogit', level = 0.9), its lower end", weighted,
  list(design = "one", outcome = "sex", event = "female", null = 0.45, question = "greater", weights = "sample", weighting = "sampling"),
  list(tables = list(tests = list(list(statistic = t, df = degf(design), p = pt(t, degf(design), lower.tail = FALSE))), shares = list(row))), tolerance = 1e-8)
design <- sample_of("species"); share <- c(2, 1, 2) / 5; f <- svygofchisq(~species, p = share, design); scale <- f$parameter[["scale"]]; t <- svytotal(~species, design); n <- sum(weights(design))
satterthwaite <- pchisq(f$statistic[[1]] / scale, f$parameter[["df"]], lower.tail = FALSE)
add("sampled_fit", "svygofchisq(~species, p, design), its p by Satterthwaite's approximation; svymean, svyciprop(method = 'xlogit')", weighted,
  list(design = "fit", outcome = "species", expected = list(list(level = "Adelie", share = 2), list(level = "Chinstrap", share = 1), list(level = "Gentoo", share = 2)), weights = "sample", weighting = "sampling"),
  list(tables = list(tests = list(list(chi_squared = f$statistic[[1]] / scale, df = f$parameter[["df"]], p = satterthwaite, w = sqrt(f$statistic[[1]] / n))),
    fit = lapply(1:3, function(i) { row <- share_of(update(design, is = design$variables$species == levels(design$variables$species)[i]))
      list(observed = coef(t)[[i]], expected = n * share[i], residual = (row$share - share[i]) / row$std_error, share = row$share, ci_lower = row$ci_lower, ci_upper = row$ci_upper, expected_share = share[i]) }))), tolerance = 1e-8)
cat(sprintf("svygofchisq p %g, Satterthwaite %g\n", f$p.value, satterthwaite), file = stderr())
