# coxph with Efron's ties, cox.zph and concordance of the survival package; tests by refits.
use("survival")
tight <- coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-14)
term_names <- function(fit) sapply(names(coef(fit)), function(name) paste(sapply(strsplit(name, ":", fixed = TRUE)[[1]], function(part) { for (v in names(fit$xlevels)) for (l in fit$xlevels[[v]]) if (part == paste0(v, l)) return(paste0(v, ": ", l)); part }), collapse = " × "))
all_of <- function(formula, data, level = 0.95) {
  fit <- coxph(formula, data, control = tight, x = TRUE); s <- summary(fit)$coefficients; b <- coef(fit); q <- qnorm(1 - (1 - level) / 2); se <- sqrt(diag(vcov(fit)))
  labels <- attr(terms(fit), "term.labels"); as <- fit$assign; zph <- cox.zph(fit, transform = "km", terms = TRUE)$table
  tests <- lapply(labels, function(l) { keep <- !(seq_along(b) %in% as[[l]]); l0 <- if (any(keep)) coxph(fit$y ~ fit$x[, keep], control = tight)$loglik[2] else fit$loglik[1]; chi <- 2 * (fit$loglik[2] - l0); df <- sum(!keep); list(term = gsub(":", " × ", l), chi_squared = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE)) })
  k <- length(b); lr <- 2 * diff(fit$loglik)
  list(tables = list(coefficients = lapply(seq_along(b), function(j) list(term = term_names(fit)[[j]], estimate = b[[j]], std_error = se[[j]], z = b[[j]] / se[[j]], p = 2 * pnorm(-abs(b[[j]] / se[[j]])), hazard_ratio = exp(b[[j]]), ci_lower = exp(b[[j]] - q * se[[j]]), ci_upper = exp(b[[j]] + q * se[[j]]))),
    tests = tests, fit = list(list(n = fit$n, events = fit$nevent, concordance = fit$concordance[["concordance"]], log_likelihood = fit$loglik[2], aic = 2 * k - 2 * fit$loglik[2], likelihood_ratio = lr, wald = fit$wald.test[[1]], score = fit$score[[1]], df = k, p = pchisq(lr, k, lower.tail = FALSE))),
    proportional = lapply(seq_len(nrow(zph)), function(i) list(chi_squared = zph[i, 1], df = zph[i, 2], p = zph[i, 3]))))
}
# Coefficients over time: cox.zph's y, its smooth line by lowess, of the first coefficients.
over_time <- function(formula, data) {
  fit <- coxph(formula, data, control = tight, x = TRUE); z <- cox.zph(fit, terms = FALSE); b <- coef(fit)
  charts <- lapply(seq_len(min(8, ncol(z$y))), function(j) { l <- lowess(z$time, z$y[, j]); u <- !duplicated(l$x)
    l <- if (sum(u) > 200) { at <- seq(min(l$x), max(l$x), length.out = 200); list(x = at, y = approx(l$x[u], l$y[u], at, rule = 2)$y) } else list(x = l$x[u], y = l$y[u])
    list(marks = list(list(mark = "points", x = arr(unname(z$time)), y = arr(unname(z$y[, j]))), list(mark = "rule", value = b[[j]]), list(mark = "line", x = arr(unname(l$x)), y = arr(unname(l$y))))) })
  setNames(charts, paste0("over_time_", seq_along(charts)))
}
with_charts <- function(of, charts) c(of, list(charts = charts))
add("penguins", "coxph(Surv(flipper_length_mm, sex == 'male') ~ body_mass_g + species), cox.zph", penguins_file, list(time = "flipper_length_mm", status = "sex", event = "male", predictors = arr(c("body_mass_g", "species"))),
  with_charts(all_of(Surv(flipper_length_mm, sex == "male") ~ body_mass_g + species, penguins), over_time(Surv(flipper_length_mm, sex == "male") ~ body_mass_g + species, penguins)), tolerance = 1e-8, loose = list(p = 1e-6))
churn <- read("telecom_churn.csv")
add("churn", "coxph(Surv(account_length, churn == 'yes') ~ international_plan + total_day_minutes + number_customer_service_calls + area_code), cox.zph", "../shared/data/telecom_churn.csv",
  list(time = "account_length", status = "churn", event = "yes", predictors = arr(c("international_plan", "total_day_minutes", "number_customer_service_calls", "area_code")), level = 0.9),
  all_of(Surv(account_length, churn == "yes") ~ international_plan + total_day_minutes + number_customer_service_calls + area_code, churn, 0.9), tolerance = 1e-8, loose = list(p = 1e-6))
p <- penguins; p$island <- relevel(p$island, "Dream")
add("interaction", "coxph(Surv(bill_length_mm, species == 'Gentoo') ~ bill_depth_mm * sex), cox.zph", penguins_file, list(time = "bill_length_mm", status = "species", event = "Gentoo", predictors = arr(c("bill_depth_mm", "sex")), interactions = list(arr(c("bill_depth_mm", "sex")))),
  all_of(Surv(bill_length_mm, species == "Gentoo") ~ bill_depth_mm * sex, p), tolerance = 1e-8, loose = list(p = 1e-6))
add("many_ties", "coxph(Surv(year, sex == 'male') ~ bill_length_mm + body_mass_g), events at three times only; cox.zph", penguins_file, list(time = "year", status = "sex", event = "male", predictors = arr(c("bill_length_mm", "body_mass_g"))),
  with_charts(all_of(Surv(year, sex == "male") ~ bill_length_mm + body_mass_g, penguins), over_time(Surv(year, sex == "male") ~ bill_length_mm + body_mass_g, penguins)), tolerance = 1e-8, loose = list(p = 1e-6))
