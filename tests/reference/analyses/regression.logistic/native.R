# glm (binomial) run to the last digits; intervals of the profile likelihood by uniroot on refits with an
# offset; average marginal effects and their errors from their definition; pROC for the area;
# Firth's penalised likelihood from its definition (Heinze and Schemper 2002), maximised by scoring.
use("pROC")
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
tight <- glm.control(epsilon = 1e-15, maxit = 50)
more <- glm.control(epsilon = 1e-300, maxit = 12)
logit <- function(formula, data, w = NULL) {
  data$.w <- if (is.null(w)) 1 else w
  first <- suppressWarnings(glm(formula, binomial, data, weights = .w, control = tight))
  # Standard errors are those of the step before the last: a few more steps bring them to the end.
  suppressWarnings(glm(formula, binomial, data, weights = .w, control = more, start = coef(first)))
}
profile_ends <- function(fit, level) {
  x <- model.matrix(fit); y <- fit$y; w <- fit$prior.weights; q <- qchisq(level, 1); se <- sqrt(diag(vcov(fit)))
  t(sapply(seq_len(ncol(x)), function(j) {
    off <- function(v) suppressWarnings(glm.fit(x[, -j, drop = FALSE], y, w, offset = x[, j] * v, family = binomial(), control = tight))$deviance - deviance(fit) - q
    b <- coef(fit)[j]
    c(uniroot(off, c(b - 4 * se[j], b), tol = 1e-13, extendInt = "downX")$root, uniroot(off, c(b, b + 4 * se[j]), tol = 1e-13, extendInt = "upX")$root)
  }))
}
coefficients_of <- function(fit, level = 0.95, ends = NULL) {
  s <- summary(fit)$coefficients; b <- coef(fit); z <- qnorm(1 - (1 - level) / 2)
  if (is.null(ends)) ends <- cbind(s[, 1] - z * s[, 2], s[, 1] + z * s[, 2])
  lapply(seq_along(b), function(j) list(term = term_names(fit)[[j]], estimate = b[[j]], std_error = s[j, 2], z = s[j, 3], p = s[j, 4],
    odds_ratio = exp(b[[j]]), ci_lower = exp(ends[j, 1]), ci_upper = exp(ends[j, 2])))
}
tests_of <- function(fit) {
  labels <- attr(terms(fit), "term.labels"); assigned <- attr(model.matrix(fit), "assign"); x <- model.matrix(fit)
  lapply(seq_along(labels), function(k) {
    less <- suppressWarnings(glm.fit(x[, assigned != k, drop = FALSE], fit$y, fit$prior.weights, family = binomial(), control = tight))
    chi <- less$deviance - deviance(fit); df <- sum(assigned == k)
    list(term = gsub(":", " × ", labels[k]), chi_squared = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE))
  })
}
fit_of <- function(fit) {
  w <- fit$prior.weights; n <- sum(w); ll <- -deviance(fit) / 2; l0 <- -fit$null.deviance / 2; p <- fitted(fit); y <- fit$y; k <- fit$rank
  cs <- 1 - exp(2 * (l0 - ll) / n)
  list(list(n = n, events = sum(w * y), log_likelihood = ll, aic = 2 * k - 2 * ll, bic = log(n) * k - 2 * ll, chi_squared = 2 * (ll - l0), df = k - 1,
    p = pchisq(2 * (ll - l0), k - 1, lower.tail = FALSE), mcfadden = 1 - ll / l0, cox_snell = cs, nagelkerke = cs / (1 - exp(2 * l0 / n)),
    tjur = weighted.mean(p[y == 1], w[y == 1]) - weighted.mean(p[y == 0], w[y == 0])))
}
# The derivative of the mean probability by a number (by central differences of order four), or the difference
# from the reference level; the delta method with the derivative of each mean by the coefficients.
effects_of <- function(fit, data, level = 0.95) {
  w <- fit$prior.weights; w <- w / sum(w); data <- data[rownames(model.frame(fit)), ]; tt <- delete.response(terms(fit))
  b <- coef(fit); v <- vcov(fit); out <- list(); q <- qnorm(1 - (1 - level) / 2)
  # The mean probability of changed data, and behind it its derivatives by the coefficients.
  mean_and_slopes <- function(d) { x <- model.matrix(tt, model.frame(tt, d, xlev = fit$xlevels)); p <- plogis(drop(x %*% b)); c(sum(w * p), drop(crossprod(x, w * p * (1 - p)))) }
  four <- function(f, h) (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
  for (name in all.vars(tt)) {
    x <- data[[name]]
    effects <- if (is.numeric(x)) setNames(list(four(function(d) { e <- data; e[[name]] <- x + d; mean_and_slopes(e) }, sd(x) * 2e-3)), name) else {
      lv <- fit$xlevels[[name]]; at <- function(l) { e <- data; e[[name]] <- factor(l, lv); mean_and_slopes(e) }
      setNames(lapply(lv[-1], function(l) at(l) - at(lv[1])), paste0(name, ": ", lv[-1]))
    }
    for (label in names(effects)) {
      est <- effects[[label]][1]; g <- effects[[label]][-1]; se <- sqrt(drop(g %*% v %*% g))
      out[[length(out) + 1]] <- list(term = label, effect = est, std_error = se, z = est / se, p = 2 * pnorm(-abs(est / se)), ci_lower = est - q * se, ci_upper = est + q * se)
    }
  }
  out
}
scores_of <- function(fit, level = 0.95) {
  p <- fitted(fit); y <- fit$y; n <- rep(seq_along(y), fit$prior.weights); p <- p[n]; y <- y[n]
  r <- roc(y, p, quiet = TRUE, direction = "<"); se <- sqrt(var(r, method = "delong")); q <- qnorm(1 - (1 - level) / 2)
  list(auc = as.numeric(auc(r)), auc_se = se, auc_ci_lower = as.numeric(auc(r)) - q * se, auc_ci_upper = min(1, as.numeric(auc(r)) + q * se), brier = mean((p - y)^2))
}
hosmer <- function(fit) {
  p <- fitted(fit); y <- fit$y; g <- cut(p, unique(quantile(p, 0:10 / 10)), include.lowest = TRUE)
  o <- tapply(y, g, sum); e <- tapply(p, g, sum); n <- tapply(y, g, length); chi <- sum((o - e)^2 / e + (o - e)^2 / (n - e)); df <- nlevels(g) - 2
  list(hl_chi_squared = chi, hl_df = df, hl_p = pchisq(chi, df, lower.tail = FALSE))
}
calibration_of <- function(fit) {
  p <- fitted(fit); y <- fit$y; g <- cut(p, unique(quantile(p, 0:10 / 10)), include.lowest = TRUE)
  lapply(levels(g), function(l) { i <- g == l; ci <- prop.test(sum(y[i]), sum(i), correct = FALSE)$conf.int
    list(n = sum(i), predicted = mean(p[i]), events = sum(y[i]), observed = mean(y[i]), ci_lower = ci[1], ci_upper = ci[2]) })
}
cutoffs_of <- function(fit) {
  p <- fitted(fit); y <- fit$y
  r <- roc(y, p, quiet = TRUE, direction = "<"); k <- r$thresholds; s <- r$sensitivities + r$specificities
  best <- min(p[p > max(k[s == max(s)])])
  lapply(sort(c(1:9 / 10, best)), function(c) { tp <- sum(p >= c & y == 1); fp <- sum(p >= c & y == 0); fn <- sum(p < c & y == 1); tn <- sum(p < c & y == 0)
    list(cutoff = c, sensitivity = tp / (tp + fn), specificity = tn / (tn + fp), precision = if (tp + fp) tp / (tp + fp) else NA, npv = if (tn + fn) tn / (tn + fn) else NA,
      accuracy = (tp + tn) / length(y), f1 = 2 * tp / (2 * tp + fp + fn)) })
}
rows_of <- function(fit, n_rows) {
  place <- match(rownames(model.frame(fit)), rownames(eval(fit$call$data, environment(formula(fit)))))
  padded <- function(v) { all <- rep(NA_real_, n_rows); all[as.integer(rownames(model.frame(fit)))] <- v; all }
  list(probability = padded(fitted(fit)), pearson_residual = padded((fit$y - fitted(fit)) / sqrt(fitted(fit) * (1 - fitted(fit)))),
    deviance_residual = padded(ifelse(fit$y == 1, sqrt(-2 * log(fitted(fit))), -sqrt(-2 * log1p(-fitted(fit))))))
}
loose <- list(p = 1e-8, auc_se = 1e-9)

fit <- logit(sex ~ body_mass_g + bill_depth_mm + species, penguins)
add("penguins", "glm(sex ~ body_mass_g + bill_depth_mm + species, binomial)", penguins_file,
  list(outcome = "sex", predictors = arr(c("body_mass_g", "bill_depth_mm", "species"))),
  list(tables = list(coefficients = coefficients_of(fit), tests = tests_of(fit), fit = fit_of(fit), marginal_effects = effects_of(fit, penguins),
      scores = list(c(scores_of(fit), hosmer(fit))), calibration = calibration_of(fit), cutoffs = cutoffs_of(fit)),
    outputs = list(predictions = list(n_rows = nrow(penguins), columns = rows_of(fit, nrow(penguins))))), tolerance = 1e-8, loose = list(p = 1e-7))

p <- penguins; p$species <- relevel(p$species, "Gentoo")
fit <- logit(sex ~ bill_length_mm + bill_depth_mm + species + bill_length_mm:species, p)
add("interaction", "glm(sex ~ bill_length_mm * species + bill_depth_mm, binomial), reference Gentoo; level 0.9; profile likelihood by uniroot", penguins_file,
  list(outcome = "sex", event = "male", predictors = arr(c("bill_length_mm", "bill_depth_mm", "species")), interactions = list(arr(c("bill_length_mm", "species"))),
    references = list(list(column = "species", level = "Gentoo")), level = 0.9, intervals = "profile"),
  list(tables = list(coefficients = coefficients_of(fit, 0.9, profile_ends(fit, 0.9)), tests = tests_of(fit), fit = fit_of(fit), marginal_effects = effects_of(fit, p, 0.9),
    scores = list(scores_of(fit, 0.9)))), tolerance = 1e-8, loose = list(p = 1e-7), code = list(tolerance = 1e-6, loose = list(p = 1e-6)))

p <- penguins; p$weight <- (seq_len(nrow(p)) %% 4); p$weight[seq(5, nrow(p), 11)] <- NA
files[["penguins_weight.csv"]] <- paste(c(paste(names(p), collapse = ","), do.call(paste, c(lapply(p, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
fit <- logit(sex ~ flipper_length_mm + island, p[!is.na(p$weight) & p$weight > 0, ], p$weight[!is.na(p$weight) & p$weight > 0])
add("frequencies", "glm(sex ~ flipper_length_mm + island, binomial, weights = weight)", "tests/reference/analyses/regression.logistic/penguins_weight.csv",
  list(outcome = "sex", predictors = arr(c("flipper_length_mm", "island")), weights = "weight"),
  list(tables = list(coefficients = coefficients_of(fit), tests = tests_of(fit), fit = fit_of(fit), scores = list(scores_of(fit)),
    marginal_effects = effects_of(fit, p))), tolerance = 1e-8, loose = list(p = 1e-7))

churn <- read("telecom_churn.csv"); churn$churn <- factor(churn$churn, c("no", "yes"))
fit <- logit(churn ~ total_day_charge + number_customer_service_calls + international_plan + voice_mail_plan + total_intl_calls + state, churn)
add("churn", "glm(churn ~ six columns, binomial), 51 states", "../shared/data/telecom_churn.csv",
  list(outcome = "churn", predictors = arr(c("total_day_charge", "number_customer_service_calls", "international_plan", "voice_mail_plan", "total_intl_calls", "state"))),
  list(tables = list(coefficients = coefficients_of(fit), tests = tests_of(fit), fit = fit_of(fit), scores = list(c(scores_of(fit), hosmer(fit))))), tolerance = 1e-8, loose = list(p = 1e-7))

credit <- read("credit_default.csv"); credit$default <- factor(credit$default, c("No", "Yes"))
fit <- logit(default ~ student + balance + income, credit)
add("default", "glm(default ~ student + balance + income, binomial)", "../shared/data/credit_default.csv",
  list(outcome = "default", predictors = arr(c("student", "balance", "income")), tests = "likelihood_ratio"),
  list(tables = list(coefficients = coefficients_of(fit), tests = tests_of(fit), fit = fit_of(fit), marginal_effects = effects_of(fit, credit),
    scores = list(c(scores_of(fit), hosmer(fit))))), tolerance = 1e-8, loose = list(p = 1e-7))

# Firth's method.
firth <- function(x, y, fixed = rep(FALSE, ncol(x)), start = rep(0, ncol(x))) {
  b <- start; free <- !fixed
  at <- function(b) { p <- plogis(drop(x %*% b)); info <- crossprod(x * sqrt(p * (1 - p))); list(p = p, info = info, l = sum(dbinom(y, 1, p, log = TRUE)) + 0.5 * as.numeric(determinant(info)$modulus)) }
  now <- at(b)
  for (i in 1:500) {
    if (!any(free)) break
    w <- now$p * (1 - now$p); h <- rowSums((x * sqrt(w)) %*% solve(now$info, tol = 0) * (x * sqrt(w)))
    u <- drop(crossprod(x, y - now$p + h * (0.5 - now$p)))
    step <- drop(solve(now$info[free, free, drop = FALSE], u[free], tol = 0))
    for (k in 1:40) { new <- b; new[free] <- b[free] + step; try <- at(new); if (is.finite(try$l) && try$l >= now$l - 1e-12) break; step <- step / 2 }
    b <- new; now <- try
    if (max(abs(step)) < 1e-13 * (1 + max(abs(b)))) break
  }
  list(b = b, v = solve(now$info, tol = 0), l = now$l, p = now$p)
}
p <- penguins[complete.cases(penguins[c("species", "bill_depth_mm", "island")]), ]
x <- model.matrix(~ bill_depth_mm + island, p); y <- as.numeric(p$species == "Gentoo"); f <- firth(x, y); q <- qchisq(0.95, 1)
ends <- t(sapply(1:4, function(j) {
  off <- function(v) { fx <- 1:4 == j; 2 * (f$l - firth(x, y, fx, f$b + f$v[, j] / f$v[j, j] * (v - f$b[j]))$l) - q }
  s <- sqrt(f$v[j, j]); c(uniroot(off, c(f$b[j] - 2.5 * s, f$b[j]), tol = 1e-12, extendInt = "downX")$root, uniroot(off, c(f$b[j], f$b[j] + 1.5 * s), tol = 1e-12, extendInt = "upX")$root)
}))
chi <- sapply(list(2, 3:4), function(k) 2 * (f$l - firth(x, y, 1:4 %in% k, f$b - drop(f$v[, k, drop = FALSE] %*% solve(f$v[k, k], f$b[k])))$l)); z <- f$b / sqrt(diag(f$v))
add("firth", "Firth's penalised likelihood of (species == Gentoo) ~ bill_depth_mm + island from its definition, profiles by uniroot", penguins_file,
  list(outcome = "species", event = "Gentoo", predictors = arr(c("bill_depth_mm", "island")), method = "firth", intervals = "profile"),
  list(tables = list(coefficients = lapply(1:4, function(j) list(estimate = f$b[j], std_error = sqrt(f$v[j, j]), z = z[j], p = 2 * pnorm(-abs(z[j])), odds_ratio = exp(f$b[j]),
      ci_lower = exp(ends[j, 1]), ci_upper = exp(ends[j, 2]))),
    tests = lapply(1:2, function(k) list(chi_squared = chi[k], df = k, p = pchisq(chi[k], k, lower.tail = FALSE))))), tolerance = 1e-7)
x2 <- model.matrix(~ bill_depth_mm, p)
s <- logit(factor(species == "Gentoo") ~ bill_depth_mm + island, p)
add("separated", "glm((species == Gentoo) ~ bill_depth_mm + island, binomial), whose deviance tends to its limit: no Gentoo lives on Dream or Torgersen", penguins_file,
  list(outcome = "species", event = "Gentoo", predictors = arr(c("bill_depth_mm", "island"))),
  { b <- logit(factor(species == "Gentoo") ~ bill_depth_mm, p[p$island == "Biscoe", ])
    list(tables = list(fit = list(list(log_likelihood = -deviance(b) / 2)),
      coefficients = list(list(term = "Intercept", estimate = coef(b)[[1]]), list(term = "bill_depth_mm", estimate = coef(b)[[2]], std_error = summary(b)$coefficients[2, 2]),
        list(term = "island: Dream", odds_ratio = 0), list(term = "island: Torgersen", odds_ratio = 0))),
    sentences = list("regression.logistic.partly_separated" = list(list(names = arr(c("island: Dream", "island: Torgersen")), n = sum(p$island != "Biscoe"))))) }, tolerance = 1e-5, loose = list(std_error = 1e-4), code = list(skip = "R and Python do not see that a coefficient runs off; they stop at large numbers"))

used <- function(df, columns) droplevels(df[complete.cases(df[columns]), ])
# Marginal means and slopes: emmeans, every number at its mean. A slope is the difference of the means one apart.
use("emmeans")
means_of <- function(fit, names, data, level = 0.95, ...) {
  s <- summary(emmeans(fit, rev(names), cov.keep = character(0), ...), infer = TRUE, level = level, type = "response")
  lapply(seq_len(nrow(s)), function(i) c(setNames(lapply(names, function(n) as.character(s[[n]][i])), paste0("level_", seq_along(names))),
    list(mean = s[[attr(s, "estName")]][i], std_error = s$SE[i], ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i])))
}
# Of nothing that is estimable emmeans gives no test.
at_row <- function(v, i) if (is.null(v)) NA else v[i]
pairs_of <- function(fit, names, adjust, level = 0.95, ...) {
  s <- summary(contrast(emmeans(fit, rev(names), cov.keep = character(0), ...), "pairwise"), infer = TRUE, level = level, adjust = adjust, type = "response")
  lapply(seq_len(nrow(s)), function(i) list(odds_ratio = s[[attr(s, "estName")]][i], std_error = s$SE[i], z = at_row(s[["z.ratio"]], i), p_adjusted = at_row(s$p.value, i),
    ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i]))
}
slopes_of <- function(fit, name, by = NULL, at = list(), level = 0.95, ...) {
  e <- emmeans(fit, c(name, by), at = c(setNames(list(c(0, 1)), name), at), cov.keep = character(0), ...)
  s <- summary(contrast(e, "revpairwise", by = by), infer = TRUE, level = level, adjust = "none", by = NULL)
  lapply(seq_len(nrow(s)), function(i) list(slope = s$estimate[i], std_error = s$SE[i], z = s[["z.ratio"]][i], p = s$p.value[i],
    ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i]))
}

p <- used(penguins, c("sex", "body_mass_g", "species", "bill_depth_mm"))
fit <- glm(sex ~ body_mass_g + species + bill_depth_mm + body_mass_g:species, binomial, p, control = glm.control(epsilon = 1e-15, maxit = 100))
add("means", "emmeans of glm(sex ~ body_mass_g * species + bill_depth_mm, binomial) as probabilities; pairs by Tukey as odds ratios; slopes of the log odds", penguins_file,
  list(outcome = "sex", event = "male", predictors = arr(c("body_mass_g", "species", "bill_depth_mm")), interactions = list(arr(c("body_mass_g", "species"))),
    means = list(list(columns = arr("species"), compare = "tukey")), slopes = list(list(column = "body_mass_g", by = "species"))),
  list(tables = list(means_1 = means_of(fit, "species", p), pairs_1 = pairs_of(fit, "species", "tukey"), slopes_1 = slopes_of(fit, "body_mass_g", "species"))), tolerance = 1e-6)

churn <- read("telecom_churn.csv"); churn$churn <- factor(churn$churn, c("no", "yes"))
fit <- glm(churn ~ international_plan + voice_mail_plan + number_customer_service_calls + international_plan:voice_mail_plan, binomial, churn, control = glm.control(epsilon = 1e-15, maxit = 100))
add("means_of_two", "emmeans of glm(churn ~ international_plan * voice_mail_plan + number_customer_service_calls, binomial), pairs by Holm; level 0.9", "../shared/data/telecom_churn.csv",
  list(outcome = "churn", predictors = arr(c("international_plan", "voice_mail_plan", "number_customer_service_calls")), interactions = list(arr(c("international_plan", "voice_mail_plan"))), level = 0.9,
    means = list(list(columns = arr(c("international_plan", "voice_mail_plan")), compare = "holm")), slopes = list(list(column = "number_customer_service_calls"))),
  list(tables = list(means_1 = means_of(fit, c("international_plan", "voice_mail_plan"), churn, 0.9), pairs_1 = pairs_of(fit, c("international_plan", "voice_mail_plan"), "holm", 0.9),
    slopes_1 = slopes_of(fit, "number_customer_service_calls", level = 0.9))), tolerance = 1e-7, loose = list(p = 1e-4, p_adjusted = 1e-4))

# Samples of a population: survey.
use("survey"); use("emmeans")
sampled <- "tests/data/penguins_weights.csv"; p <- read("penguins_weights.csv")
p <- droplevels(p[complete.cases(p[c("sex", "body_mass_g", "bill_depth_mm", "species", "sample")]), ]); p$male <- as.numeric(p$sex == "male"); p$one <- p$sample / mean(p$sample)
design <- svydesign(ids = ~1, weights = ~sample, data = p)
sample_rows <- function(fit, level = 0.95) { b <- coef(fit); se <- SE(fit); df <- fit$df.residual; q <- qt((1 + level) / 2, df)
  lapply(seq_along(b), function(j) list(estimate = b[j], std_error = se[j], t = b[j] / se[j], p = 2 * pt(-abs(b[j] / se[j]), df), odds_ratio = exp(b[j]), ci_lower = exp(b[j] - q * se[j]), ci_upper = exp(b[j] + q * se[j]))) }
sample_tests <- function(fit, terms) lapply(terms, function(t) { r <- regTermTest(fit, t); list(f = r$Ftest[[1]], df = r$df, p = r$p[[1]]) })
fit <- svyglm(male ~ body_mass_g + bill_depth_mm + species, design, family = quasibinomial, control = glm.control(epsilon = 1e-14, maxit = 100))
m <- as.data.frame(summary(emmeans(fit, "species", type = "response")))
add("sampled", "svyglm(male ~ body_mass_g + bill_depth_mm + species, svydesign(ids = ~1, weights = ~sample)); regTermTest; psrsq; emmeans", sampled,
  list(outcome = "sex", event = "male", predictors = arr(c("body_mass_g", "bill_depth_mm", "species")), weights = "sample", weighting = "sampling", means = list(list(columns = arr("species"), compare = "none"))),
  list(tables = list(coefficients = sample_rows(fit), tests = sample_tests(fit, c("body_mass_g", "bill_depth_mm", "species")),
    fit = list(list(n = nrow(p), cox_snell = psrsq(fit, "Cox-Snell"), nagelkerke = psrsq(fit, "Nagelkerke"))),
    means_1 = lapply(1:3, function(i) list(mean = m$prob[i], std_error = m$SE[i])))), tolerance = 1e-8, loose = list(p = 1e-7))
fit <- svyglm(male ~ flipper_length_mm + bill_length_mm, svydesign(ids = ~1, weights = ~sample, data = p), family = quasibinomial, control = glm.control(epsilon = 1e-14, maxit = 100))
add("sampled_profile", "svyglm(male ~ flipper_length_mm + bill_length_mm), level 0.9; a profile asked for is not given", sampled,
  list(outcome = "sex", event = "male", predictors = arr(c("flipper_length_mm", "bill_length_mm")), weights = "sample", weighting = "sampling", intervals = "profile", tests = "likelihood_ratio", level = 0.9),
  list(tables = list(coefficients = sample_rows(fit, 0.9), tests = sample_tests(fit, c("flipper_length_mm", "bill_length_mm")))), tolerance = 1e-8, loose = list(p = 1e-7))
