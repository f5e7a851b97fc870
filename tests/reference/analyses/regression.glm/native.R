# glm and MASS's glm.nb run to the last digits, with drop of terms by refits, profile ends by uniroot on refits
# with an offset, and Cameron and Trivedi's test from its definition.
use("MASS")
term_names <- function(fit) {
  sapply(names(coef(fit)), function(name) {
    if (name == "(Intercept)") return("Intercept")
    parts <- sapply(strsplit(name, ":", fixed = TRUE)[[1]], function(part) {
      for (v in names(fit$xlevels)) for (l in fit$xlevels[[v]]) if (part == paste0(v, l)) return(paste0(v, ": ", l))
      part
    })
    paste(parts, collapse = " × ")
  })
}
tight <- glm.control(epsilon = 1e-15, maxit = 100)
polished <- function(formula, family, data, w = NULL, offset = NULL) {
  data$.w <- if (is.null(w)) 1 else w; data$.o <- if (is.null(offset)) 0 else offset
  first <- suppressWarnings(glm(formula, family, data, weights = .w, offset = .o, control = tight))
  suppressWarnings(glm(formula, family, data, weights = .w, offset = .o, control = glm.control(epsilon = 1e-300, maxit = 40), start = coef(first)))
}
describe <- function(fit, scaled, n = nobs(fit), level = 0.95, log_link = TRUE, profile = FALSE, theta = NULL, ll = as.numeric(logLik(fit)), extra = 0) {
  x <- model.matrix(fit); y <- fit$y; w <- fit$prior.weights; off <- fit$offset; mu <- fitted(fit); rank <- fit$rank; df <- n - rank; fam <- fit$family
  pearson <- sum(w * (y - mu)^2 / fam$variance(mu)); phi <- if (scaled) pearson / df else 1
  eta <- fit$linear.predictors; info <- crossprod(x * sqrt(w * fam$mu.eta(eta)^2 / fam$variance(mu))); v <- solve(info) * phi; se <- sqrt(diag(v)); b <- coef(fit); t <- b / se
  p <- if (scaled) 2 * pt(-abs(t), df) else 2 * pnorm(-abs(t)); q <- if (scaled) qt(1 - (1 - level) / 2, df) else qnorm(1 - (1 - level) / 2)
  dev_without <- function(keep, o) suppressWarnings(glm.fit(x[, keep, drop = FALSE], y, w, offset = o, family = fam, control = tight))$deviance
  ends <- cbind(b - q * se, b + q * se)
  if (profile) ends <- t(sapply(seq_along(b), function(j) { f <- function(val) (dev_without(-j, (if (is.null(off)) 0 else off) + x[, j] * val) - deviance(fit)) / phi - q^2
    c(uniroot(f, c(b[j] - 3 * se[j], b[j]), tol = 1e-13, extendInt = "downX")$root, uniroot(f, c(b[j], b[j] + 3 * se[j]), tol = 1e-13, extendInt = "upX")$root) }))
  if (log_link) ends <- exp(ends)
  rows <- lapply(seq_along(b), function(j) { r <- list(term = term_names(fit)[[j]], estimate = b[[j]], std_error = se[[j]], p = p[[j]], ci_lower = ends[j, 1], ci_upper = ends[j, 2]); r[[if (scaled) "t" else "z"]] <- t[[j]]; if (log_link) r$ratio <- exp(b[[j]]); r })
  labels <- attr(terms(fit), "term.labels"); assigned <- attr(x, "assign")
  tests <- lapply(seq_along(labels), function(k) { d <- dev_without(assigned != k, off) - deviance(fit); m <- sum(assigned == k)
    if (scaled) list(term = gsub(":", " × ", labels[k]), f = d / m / phi, df = m, p = pf(d / m / phi, m, df, lower.tail = FALSE)) else list(term = gsub(":", " × ", labels[k]), chi_squared = d, df = m, p = pchisq(d, m, lower.tail = FALSE)) })
  null <- dev_without(1, off)
  model <- list(n = n, deviance = deviance(fit), df = df, null_deviance = null, dispersion = phi)
  if (!is.null(ll)) { k <- rank + extra; model <- c(model, list(log_likelihood = ll, aic = 2 * k - 2 * ll, bic = log(n) * k - 2 * ll)) }
  spread <- list(list(statistic = pearson, df = df, ratio = pearson / df), list(statistic = deviance(fit), df = df, ratio = deviance(fit) / df))
  if (fam$family %in% c("poisson", "quasipoisson")) { a <- ((y - mu)^2 - y) / mu; a <- rep(a, w); z <- sqrt(length(a)) * mean(a) / sd(a); spread <- c(spread, list(list(statistic = z, ratio = 1 + mean(a), p = pnorm(z, lower.tail = FALSE)))) }
  list(coefficients = rows, tests = tests, fit = list(model), dispersion = spread)
}
outputs_of <- function(fit, n_rows) { place <- as.integer(rownames(model.frame(fit))); padded <- function(v) { all <- rep(NA_real_, n_rows); all[place] <- v; all }; mu <- fitted(fit)
  list(predictions = list(n_rows = n_rows, columns = list(expected = padded(mu), pearson_residual = padded((fit$y - mu) / sqrt(fit$family$variance(mu)))))) }
churn <- read("telecom_churn.csv"); churn$churn <- factor(churn$churn, c("no", "yes"))
file <- "../shared/data/telecom_churn.csv"
fit <- polished(number_customer_service_calls ~ churn + total_day_minutes + area_code, poisson, churn)
add("calls", "glm(number_customer_service_calls ~ churn + total_day_minutes + area_code, poisson)", file,
  list(outcome = "number_customer_service_calls", predictors = arr(c("churn", "total_day_minutes", "area_code"))), list(tables = describe(fit, FALSE)), tolerance = 1e-8, loose = list(p = 1e-6))
fit <- polished(total_intl_calls ~ churn + international_plan + churn:international_plan, quasipoisson, churn, offset = log(churn$account_length))
add("rate", "glm(total_intl_calls ~ churn * international_plan, quasipoisson, offset = log(account_length))", file,
  list(outcome = "total_intl_calls", family = "quasi_poisson", predictors = arr(c("churn", "international_plan")), interactions = list(arr(c("churn", "international_plan"))), exposure = "account_length", level = 0.9),
  list(tables = describe(fit, TRUE, level = 0.9, ll = NULL)), tolerance = 1e-8, loose = list(p = 1e-6))
p <- penguins; p$nests <- (seq_len(nrow(p)) * 7) %% 11 %/% 2 + ifelse(p$species == "Gentoo", 3, 0) + ifelse(seq_len(nrow(p)) %% 9 == 0, 14, 0); p$w <- seq_len(nrow(p)) %% 3 + 1; p$nests[seq(3, nrow(p), 37)] <- NA
files[["penguins_nests.csv"]] <- paste(c(paste(names(p), collapse = ","), do.call(paste, c(lapply(p, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
nests <- "tests/reference/analyses/regression.glm/penguins_nests.csv"
nb <- suppressWarnings(glm.nb(nests ~ species + body_mass_g + sex, p, control = glm.control(epsilon = 1e-15, maxit = 200)))
theta <- nb$theta
for (i in 1:60) { f <- polished(nests ~ species + body_mass_g + sex, negative.binomial(theta), p); theta <- as.numeric(theta.ml(f$y, fitted(f), eps = 1e-14, limit = 200)) }
f <- polished(nests ~ species + body_mass_g + sex, negative.binomial(theta), p); l <- sum(dnbinom(f$y, size = theta, mu = fitted(f), log = TRUE))
d <- describe(f, FALSE, ll = l, extra = 1, profile = TRUE); d$fit[[1]]$theta <- theta; d$fit[[1]]$theta_se <- attr(theta.ml(f$y, fitted(f), eps = 1e-14, limit = 200), "SE")
add("negative_binomial", "MASS::glm.nb(nests ~ species + body_mass_g + sex), iterated to the end; profile ends at that theta", nests,
  list(outcome = "nests", family = "negative_binomial", predictors = arr(c("species", "body_mass_g", "sex")), intervals = "profile"), list(tables = d, outputs = outputs_of(f, nrow(p))), tolerance = 1e-8, loose = list(p = 1e-6))
fit <- polished(nests ~ species + flipper_length_mm, poisson, p, w = p$w); y <- fit$y
add("frequencies", "glm(nests ~ species + flipper_length_mm, poisson, weights = w), n = sum(w)", nests,
  list(outcome = "nests", predictors = arr(c("species", "flipper_length_mm")), weights = "w"),
  list(tables = describe(fit, FALSE, n = sum(fit$prior.weights), ll = sum(fit$prior.weights * dpois(fit$y, fitted(fit), log = TRUE)))), tolerance = 1e-8, loose = list(p = 1e-6))
fit <- polished(body_mass_g ~ flipper_length_mm + sex + species, Gamma(link = "log"), penguins)
add("gamma", "glm(body_mass_g ~ flipper_length_mm + sex + species, Gamma(link = 'log'))", penguins_file,
  list(outcome = "body_mass_g", family = "gamma", predictors = arr(c("flipper_length_mm", "sex", "species")), intervals = "profile"), list(tables = describe(fit, TRUE, profile = TRUE, extra = 1), outputs = outputs_of(fit, nrow(penguins))), tolerance = 1e-8, loose = list(p = 1e-6))
fit <- polished(bill_length_mm ~ flipper_length_mm + island, Gamma, penguins)
add("gamma_inverse", "glm(bill_length_mm ~ flipper_length_mm + island, Gamma)", penguins_file,
  list(outcome = "bill_length_mm", family = "gamma_inverse", predictors = arr(c("flipper_length_mm", "island"))), list(tables = describe(fit, TRUE, log_link = FALSE, extra = 1)), tolerance = 1e-8, loose = list(p = 1e-6))

# Marginal means, their ratios and slopes: emmeans with equal weights, every number at its mean, offsets at zero, and
# the degrees of freedom of the fit where its dispersion is estimated.
use("emmeans")
ends_of <- function(s, turn = identity) list(ci_lower = turn(s[[attr(s, "clNames")[1]]]), ci_upper = turn(s[[attr(s, "clNames")[2]]]))
by_row <- function(l) lapply(seq_along(l[[1]]), function(i) lapply(l, function(v) v[[i]]))
means_of <- function(fit, names, level, ...) {
  s <- summary(emmeans(fit, rev(names), cov.keep = character(0), ...), infer = TRUE, level = level, type = "response")
  by_row(c(setNames(lapply(names, function(n) as.character(s[[n]])), paste0("level_", seq_along(names))), list(mean = s[[attr(s, "estName")]], std_error = s$SE), ends_of(s)))
}
pairs_of <- function(fit, names, adjust, level, statistic, name = "ratio", ...) {
  s <- summary(contrast(emmeans(fit, rev(names), cov.keep = character(0), ...), "pairwise"), infer = TRUE, level = level, adjust = adjust, type = "response")
  by_row(c(setNames(list(s[[attr(s, "estName")]], s$SE, s[[paste0(statistic, ".ratio")]], s$p.value), c(name, "std_error", statistic, "p_adjusted")), ends_of(s)))
}
slopes_of <- function(fit, name, by, level, statistic, log_link = TRUE, at = list(), ...) {
  e <- emmeans(fit, c(name, by), at = c(setNames(list(c(0, 1)), name), at), cov.keep = character(0), ...)
  s <- summary(contrast(e, "revpairwise", by = by), infer = TRUE, level = level, adjust = "none", by = NULL)
  out <- setNames(list(s$estimate, s$SE, s[[paste0(statistic, ".ratio")]], s$p.value), c("slope", "std_error", statistic, "p"))
  if (log_link) out$ratio <- exp(s$estimate)
  by_row(c(out, ends_of(s, if (log_link) exp else identity)))
}
loose <- list(p = 1e-5, p_adjusted = 1e-4)
full <- function(formula, family, data) glm(formula, family, data, control = glm.control(epsilon = 1e-15, maxit = 100))

fit <- full(number_customer_service_calls ~ churn + international_plan + total_day_minutes + churn:international_plan + churn:total_day_minutes, poisson, churn)
two <- c("churn", "international_plan")
add("means_poisson", "emmeans of glm(number_customer_service_calls ~ churn * (international_plan + total_day_minutes), poisson); ratios by Holm; level 0.9", file,
  list(outcome = "number_customer_service_calls", predictors = arr(c(two, "total_day_minutes")), interactions = list(arr(two), arr(c("churn", "total_day_minutes"))), level = 0.9,
    means = list(list(columns = arr(two), compare = "holm"), list(columns = arr("churn"), compare = "none")), slopes = list(list(column = "total_day_minutes", by = "churn"))),
  list(tables = list(means_1 = means_of(fit, two, 0.9), pairs_1 = pairs_of(fit, two, "holm", 0.9, "z"), means_2 = means_of(fit, "churn", 0.9), slopes_1 = slopes_of(fit, "total_day_minutes", "churn", 0.9, "z"))), tolerance = 1e-7, loose = loose)

fit <- glm(total_intl_calls ~ churn + area_code + total_intl_minutes, quasipoisson, churn, offset = log(account_length), control = glm.control(epsilon = 1e-15, maxit = 100))
df <- df.residual(fit)
add("means_rate", "emmeans(offset = 0, df = df.residual) of glm(total_intl_calls ~ churn + area_code + total_intl_minutes, quasipoisson, offset = log(account_length)); ratios by Tukey", file,
  list(outcome = "total_intl_calls", family = "quasi_poisson", predictors = arr(c("churn", "area_code", "total_intl_minutes")), exposure = "account_length",
    means = list(list(columns = arr("area_code"), compare = "tukey")), slopes = list(list(column = "total_intl_minutes"))),
  list(tables = list(means_1 = means_of(fit, "area_code", 0.95, df = df, offset = 0), pairs_1 = pairs_of(fit, "area_code", "tukey", 0.95, "t", df = df, offset = 0), slopes_1 = slopes_of(fit, "total_intl_minutes", NULL, 0.95, "t", df = df, offset = 0))), tolerance = 1e-7, loose = loose)

# The fit that was iterated to the end above; emmeans finds its data by the call.
nb <- full(nests ~ species + body_mass_g + sex, negative.binomial(theta), p)
nb_vcov <- vcov(nb) / summary(nb)$dispersion
add("means_negative_binomial", "emmeans of MASS::glm.nb(nests ~ species + body_mass_g + sex), theta iterated to the end; ratios by Bonferroni", nests,
  list(outcome = "nests", family = "negative_binomial", predictors = arr(c("species", "body_mass_g", "sex")), means = list(list(columns = arr("species"), compare = "bonferroni"), list(columns = arr("sex"), compare = "unadjusted"))),
  list(tables = list(means_1 = means_of(nb, "species", 0.95, df = Inf, vcov. = nb_vcov), pairs_1 = pairs_of(nb, "species", "bonferroni", 0.95, "z", df = Inf, vcov. = nb_vcov), pairs_2 = pairs_of(nb, "sex", "none", 0.95, "z", df = Inf, vcov. = nb_vcov))), tolerance = 1e-7, loose = loose)

fit <- full(bill_length_mm ~ flipper_length_mm + island + flipper_length_mm:island, Gamma, penguins)
add("means_inverse", "emmeans of glm(bill_length_mm ~ flipper_length_mm * island, Gamma), means turned back, differences and slopes of 1 / mean", penguins_file,
  list(outcome = "bill_length_mm", family = "gamma_inverse", predictors = arr(c("flipper_length_mm", "island")), interactions = list(arr(c("flipper_length_mm", "island"))), means = list(list(columns = arr("island"), compare = "tukey")), slopes = list(list(column = "flipper_length_mm", by = "island"))),
  list(tables = list(means_1 = means_of(fit, "island", 0.95), pairs_1 = pairs_of(fit, "island", "tukey", 0.95, "t", name = "difference"), slopes_1 = slopes_of(fit, "flipper_length_mm", "island", 0.95, "t", log_link = FALSE))), tolerance = 1e-7, loose = loose, floor = 1e-12) # ptukey's last digits

# Samples of a population: survey.
use("survey")
sampled <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv")
of <- function(columns) svydesign(ids = ~1, weights = ~sample, data = droplevels(w[complete.cases(w[c(columns, "sample")]), ]))
sample_rows <- function(fit, ratio = TRUE, level = 0.95) { b <- coef(fit); se <- SE(fit); df <- fit$df.residual; q <- qt((1 + level) / 2, df); turn <- if (ratio) exp else identity
  lapply(seq_along(b), function(j) c(list(estimate = b[j], std_error = se[j], t = b[j] / se[j], p = 2 * pt(-abs(b[j] / se[j]), df)), if (ratio) list(ratio = exp(b[j])), list(ci_lower = turn(b[j] - q * se[j]), ci_upper = turn(b[j] + q * se[j])))) }
sample_tests <- function(fit, terms) lapply(terms, function(t) { r <- regTermTest(fit, t); list(f = r$Ftest[[1]], df = r$df, p = r$p[[1]]) })
design <- of(c("count", "body_mass_g", "flipper_length_mm", "species"))
fit <- svyglm(count ~ flipper_length_mm + species + offset(log(body_mass_g)), design, family = quasipoisson, control = glm.control(epsilon = 1e-14, maxit = 100))
add("sampled_counts", "svyglm(count ~ flipper_length_mm + species + offset(log(body_mass_g)), quasipoisson, svydesign(ids = ~1, weights = ~sample)); regTermTest", sampled,
  list(outcome = "count", family = "poisson", predictors = arr(c("flipper_length_mm", "species")), exposure = "body_mass_g", weights = "sample", weighting = "sampling"),
  list(tables = list(coefficients = sample_rows(fit), tests = sample_tests(fit, c("flipper_length_mm", "species")), fit = list(list(n = nrow(design), deviance = fit$deviance)))), tolerance = 1e-8, loose = loose)
design <- of(c("body_mass_g", "flipper_length_mm", "sex"))
fit <- svyglm(body_mass_g ~ flipper_length_mm + sex, design, family = Gamma(link = "log"), control = glm.control(epsilon = 1e-14, maxit = 100))
add("sampled_gamma", "svyglm(body_mass_g ~ flipper_length_mm + sex, Gamma(log), svydesign(ids = ~1, weights = ~sample)), level 0.9", sampled,
  list(outcome = "body_mass_g", family = "gamma", predictors = arr(c("flipper_length_mm", "sex")), weights = "sample", weighting = "sampling", intervals = "profile", level = 0.9),
  list(tables = list(coefficients = sample_rows(fit, TRUE, 0.9), tests = sample_tests(fit, c("flipper_length_mm", "sex")))), tolerance = 1e-8, loose = loose)
design <- of(c("body_mass_g", "flipper_length_mm", "species"))
fit <- svyglm(body_mass_g ~ flipper_length_mm + species, design, family = Gamma, start = coef(glm(body_mass_g ~ flipper_length_mm + species, Gamma, w)), control = glm.control(epsilon = 1e-14, maxit = 100))
add("sampled_gamma_inverse", "svyglm(body_mass_g ~ flipper_length_mm + species, Gamma, svydesign(ids = ~1, weights = ~sample))", sampled,
  list(outcome = "body_mass_g", family = "gamma_inverse", predictors = arr(c("flipper_length_mm", "species")), weights = "sample", weighting = "sampling"),
  list(tables = list(coefficients = sample_rows(fit, FALSE), tests = sample_tests(fit, c("flipper_length_mm", "species")))), tolerance = 1e-7, loose = loose, floor = 1e-13)
