# lm, and what base R lacks from its definition: generalised VIF (Fox and Monette 1992), Durbin-Watson,
# Breusch-Pagan in Koenker's form.
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
gvif <- function(fit) {
  v <- vcov(fit, complete = FALSE)
  assigned <- attr(model.matrix(fit), "assign")[!is.na(coef(fit))]
  v <- v[assigned > 0, assigned > 0, drop = FALSE]; assigned <- assigned[assigned > 0]
  r <- cov2cor(v)
  log_det <- function(m) if (length(m)) as.numeric(determinant(m)$modulus) else 0
  sapply(unique(assigned), function(i) exp(log_det(r[assigned == i, assigned == i, drop = FALSE]) +
    log_det(r[assigned != i, assigned != i, drop = FALSE]) - log_det(r)))
}
coefficients_of <- function(fit, level = 0.95) {
  s <- summary(fit)$coefficients; ci <- confint(fit, level = level); b <- coef(fit)
  x <- model.matrix(fit); y <- model.response(model.frame(fit)); w <- weights(fit); if (is.null(w)) w <- rep(1, length(y))
  assigned <- attr(x, "assign"); g <- gvif(fit); terms <- unique(assigned[!is.na(b) & assigned > 0])
  centred <- attr(terms(fit), "intercept") == 1
  spread <- function(v) sqrt(sum(w * (v - if (centred) sum(w * v) / sum(w) else 0)^2))
  lapply(seq_along(b), function(j) {
    k <- match(names(b)[j], rownames(s))
    beta <- b[j] * spread(x[, j]) / spread(y)
    row <- list(term = term_names(fit)[[j]], estimate = b[j], std_error = s[k, 1 + 1], t = s[k, 3], p = s[k, 4],
      ci_lower = ci[j, 1], ci_upper = ci[j, 2])
    row$beta <- if (assigned[j] == 0 && centred) NA else beta
    if (length(attr(terms(fit), "term.labels")) > 1 && centred) row$vif <- if (is.na(b[j]) || assigned[j] == 0) NA else g[match(assigned[j], terms)]
    row
  })
}
fit_of <- function(fit) {
  s <- summary(fit); f <- s$fstatistic; w <- weights(fit); if (is.null(w)) w <- 1
  list(list(r_squared = s$r.squared, adj_r_squared = s$adj.r.squared, sigma = s$sigma,
    rmse = sqrt(sum(w * residuals(fit)^2, na.rm = TRUE) / nobs(fit)), f = f[[1]], df_model = f[[2]], df_residual = f[[3]],
    p = pf(f[[1]], f[[2]], f[[3]], lower.tail = FALSE), aic = AIC(fit), bic = BIC(fit),
    log_likelihood = as.numeric(logLik(fit)), n = nobs(fit)))
}
checks_of <- function(fit) {
  e <- residuals(fit); e <- e[!is.na(e)]
  x <- model.matrix(fit); u <- e^2; aux <- lm.fit(x, u)
  statistic <- length(u) * (1 - sum(aux$residuals^2) / sum((u - mean(u))^2)); df <- aux$rank - 1
  list(list(check = "Durbin–Watson", statistic = sum(diff(e)^2) / sum(e^2)),
    list(check = "Breusch–Pagan", statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE)))
}
rows_of <- function(fit, n_rows) {
  place <- as.integer(rownames(model.matrix(fit)))
  padded <- function(v) { all <- rep(NA_real_, n_rows); all[place] <- v[!is.na(v)]; all }
  list(predicted = padded(fitted(fit)), residual = padded(residuals(fit)), studentised_residual = padded(rstandard(fit)),
    leverage = padded(hatvalues(fit)), cooks_distance = padded(cooks.distance(fit)))
}
sums_of <- function(columns) lapply(columns, function(v) sum(abs(v), na.rm = TRUE))
outputs_of <- function(fit, n_rows) list(predictions = list(n_rows = n_rows, columns = rows_of(fit, n_rows)))

fit <- lm(body_mass_g ~ flipper_length_mm + bill_length_mm + sex, penguins)
chosen <- list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "bill_length_mm", "sex")))
add("penguins", "lm(body_mass_g ~ flipper_length_mm + bill_length_mm + sex)", penguins_file, chosen,
  list(tables = list(coefficients = coefficients_of(fit), fit = fit_of(fit), checks = checks_of(fit)), outputs = outputs_of(fit, nrow(penguins))))

p <- penguins; p$species <- relevel(p$species, "Gentoo"); p$sex <- relevel(p$sex, "male")
fit <- lm(body_mass_g ~ flipper_length_mm + species + sex + flipper_length_mm:species + species:sex, p)
add("interaction", "lm(body_mass_g ~ flipper_length_mm + species + sex + flipper_length_mm:species + species:sex), reference Gentoo and male", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species", "sex")),
    interactions = list(arr(c("flipper_length_mm", "species")), arr(c("species", "sex"))),
    references = list(list(column = "species", level = "Gentoo"), list(column = "sex", level = "male")), level = 0.9),
  list(tables = list(coefficients = coefficients_of(fit, 0.9), fit = fit_of(fit), checks = checks_of(fit)), outputs = outputs_of(fit, nrow(penguins))))

fit <- lm(bill_length_mm ~ bill_depth_mm + species + sex + bill_depth_mm:species:sex, penguins)
add("three_way_without_two_way", "lm(bill_length_mm ~ bill_depth_mm + species + sex + bill_depth_mm:species:sex)", penguins_file,
  list(outcome = "bill_length_mm", predictors = arr(c("bill_depth_mm", "species", "sex")), interactions = list(arr(c("bill_depth_mm", "species", "sex")))),
  list(tables = list(fit = fit_of(fit))))

fit <- lm(body_mass_g ~ flipper_length_mm + species - 1, penguins, weights = bill_depth_mm)
add("weighted_without_intercept", "lm(body_mass_g ~ flipper_length_mm + species - 1, weights = bill_depth_mm)", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), intercept = FALSE, weights = "bill_depth_mm"),
  list(tables = list(coefficients = coefficients_of(fit), fit = fit_of(fit)), outputs = outputs_of(fit, nrow(penguins))))

p <- penguins; p$weight <- ifelse(seq_len(nrow(p)) %% 7 == 0, NA, p$year - 2006)
p$flipper_tenths <- p$flipper_length_mm * 10; p$bill_sum_mm <- p$bill_length_mm + p$bill_depth_mm
files[["penguins_more.csv"]] <- paste(c(paste(names(p), collapse = ","), do.call(paste, c(lapply(p, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
more <- "tests/reference/analyses/regression.linear/penguins_more.csv"

fit <- lm(body_mass_g ~ flipper_length_mm + bill_depth_mm + island, p, weights = weight)
add("weighted", "lm(body_mass_g ~ flipper_length_mm + bill_depth_mm + island, weights = weight)", more,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "bill_depth_mm", "island")), weights = "weight"),
  list(tables = list(coefficients = coefficients_of(fit), fit = fit_of(fit)), outputs = outputs_of(fit, nrow(p))))

fit <- lm(body_mass_g ~ flipper_length_mm + flipper_tenths + bill_length_mm + bill_depth_mm + bill_sum_mm + sex, p)
add("aliased", "lm(body_mass_g ~ flipper_length_mm + flipper_tenths + bill_length_mm + bill_depth_mm + bill_sum_mm + sex), two columns aliased", more,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "flipper_tenths", "bill_length_mm", "bill_depth_mm", "bill_sum_mm", "sex"))),
  list(tables = list(coefficients = coefficients_of(fit), fit = fit_of(fit), checks = checks_of(fit)),
    sentences = list("regression.linear.aliased" = list(list(names = arr(c("flipper_tenths", "bill_sum_mm")))))))

loans <- read("loans.csv"); loans$term <- factor(loans$term)
fit <- lm(interest_rate ~ annual_income + debt_to_income + homeownership + verified_income + emp_length + months_since_last_delinq + grade + term, loans)
add("loans", "lm(interest_rate ~ annual_income + debt_to_income + homeownership + verified_income + emp_length + months_since_last_delinq + grade + factor(term))",
  "../shared/data/loans.csv",
  list(outcome = "interest_rate", predictors = arr(c("annual_income", "debt_to_income", "homeownership", "verified_income", "emp_length", "months_since_last_delinq", "grade", "term"))),
  list(tables = list(coefficients = coefficients_of(fit), fit = fit_of(fit), checks = checks_of(fit)),
    outputs = list(predictions = list(n_rows = nrow(loans), absolute_sums = sums_of(rows_of(fit, nrow(loans)))))))

churn <- read("telecom_churn.csv")
fit <- lm(total_day_charge ~ churn + international_plan + number_customer_service_calls + churn:international_plan + state, churn)
add("churn", "lm(total_day_charge ~ churn + international_plan + number_customer_service_calls + churn:international_plan + state)", "../shared/data/telecom_churn.csv",
  list(outcome = "total_day_charge", predictors = arr(c("churn", "international_plan", "number_customer_service_calls", "state")), interactions = list(arr(c("churn", "international_plan")))),
  list(tables = list(fit = fit_of(fit), checks = checks_of(fit)),
    outputs = list(predictions = list(n_rows = nrow(churn), absolute_sums = sums_of(rows_of(fit, nrow(churn)))))))
