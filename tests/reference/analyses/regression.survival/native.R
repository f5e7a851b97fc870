# survfit and survdiff of the survival package.
use("survival")
groups <- function(f, d = NULL, level = 0.95, rmean = "individual") {
  t <- summary(f, rmean = rmean)$table; if (is.null(dim(t))) t <- t(as.matrix(t)); na <- function(v) if (is.na(v)) NA else v
  lapply(seq_len(nrow(t)), function(i) { r <- list(n = t[i, "records"][[1]], events = t[i, "events"][[1]], median = na(t[i, "median"][[1]]), ci_lower = na(t[i, ncol(t) - 1][[1]]), ci_upper = na(t[i, ncol(t)][[1]]), mean = t[i, 5][[1]], mean_se = t[i, 6][[1]])
    if (!is.null(d)) r$expected <- d$exp[i]; r })
}
at <- function(f, times) { s <- summary(f, times = times, extend = FALSE); lapply(seq_along(s$time), function(i) list(time = s$time[i], at_risk = s$n.risk[i], survival = s$surv[i], std_error = s$std.err[i], ci_lower = s$lower[i], ci_upper = s$upper[i])) }
curve <- function(f) list(n_rows = length(f$time), columns = list(time = f$time, at_risk = f$n.risk, events = f$n.event, censored = f$n.censor, survival = f$surv))
test <- function(d, k) list(list(chi_squared = d$chisq, df = k - 1, p = pchisq(d$chisq, k - 1, lower.tail = FALSE)))
f <- survfit(Surv(flipper_length_mm, sex == "male") ~ species, penguins); d <- survdiff(Surv(flipper_length_mm, sex == "male") ~ species, penguins)
add("penguins", "survfit and survdiff(Surv(flipper_length_mm, sex == 'male') ~ species)", penguins_file, list(time = "flipper_length_mm", status = "sex", event = "male", group = "species", times = "180, 185, 190, 195"),
  list(tables = list(groups = groups(f, d), times = at(f, c(180, 185, 190, 195)), log_rank = test(d, 3)), outputs = list(curve = curve(f))))
churn <- read("telecom_churn.csv")
for (type in c("log-log", "plain")) {
  f <- survfit(Surv(account_length, churn == "yes") ~ 1, churn, conf.type = type, conf.int = 0.9)
  add(paste0("churn_", sub("-", "_", type)), paste0("survfit(Surv(account_length, churn == 'yes') ~ 1, conf.type = '", type, "', conf.int = 0.9)"), "../shared/data/telecom_churn.csv",
    list(time = "account_length", status = "churn", event = "yes", times = "50;100;150;200", interval = sub("-", "_", type), level = 0.9),
    list(tables = list(groups = groups(f), times = at(f, c(50, 100, 150, 200))), outputs = list(curve = curve(f))))
}
f <- survfit(Surv(account_length, churn == "yes") ~ international_plan, churn); d <- survdiff(Surv(account_length, churn == "yes") ~ international_plan, churn)
add("churn_by_plan", "survfit and survdiff(Surv(account_length, churn == 'yes') ~ international_plan)", "../shared/data/telecom_churn.csv", list(time = "account_length", status = "churn", event = "yes", group = "international_plan", times = "60, 120, 180"),
  list(tables = list(groups = groups(f, d), times = at(f, c(60, 120, 180)), log_rank = test(d, 2)), outputs = list(curve = curve(f))))
add("mean_to_150", "survfit(...), summary(rmean = 150); survdiff", "../shared/data/telecom_churn.csv", list(time = "account_length", status = "churn", event = "yes", group = "international_plan", times = "60, 120, 180", horizon = 150),
  list(tables = list(groups = groups(f, d, rmean = 150), log_rank = test(d, 2))))
f <- survfit(Surv(flipper_length_mm, sex == "male") ~ species, penguins); d <- survdiff(Surv(flipper_length_mm, sex == "male") ~ species, penguins)
add("mean_beyond_the_end", "survfit(...), summary(rmean = 215), after the last time of two curves; survdiff", penguins_file, list(time = "flipper_length_mm", status = "sex", event = "male", group = "species", horizon = 215),
  list(tables = list(groups = groups(f, d, rmean = 215), log_rank = test(d, 3))))
