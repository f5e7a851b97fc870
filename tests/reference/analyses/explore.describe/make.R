# mean, sd, quantile (type 7), and skewness and kurtosis as e1071's type 2 defines them (G1 and G2 of
# Joanes and Gill 1998), written out with the mean taken off twice, as webr has no long doubles.
number_row <- function(name, v, group = NULL) {
  x <- v[!is.na(v)]; n <- length(x); d <- x - mean(x); d <- d - mean(d); m2 <- mean(d^2)
  g1 <- mean(d^3) / m2^1.5; g2 <- mean(d^4) / m2^2 - 3; q <- quantile(x, names = FALSE)
  c(list(column = name), if (is.null(group)) list() else list(group = group), list(n = n, missing = length(v) - n, mean = mean(x), sd = sd(x),
    min = q[1], q1 = q[2], median = q[3], q3 = q[4], max = q[5],
    skewness = if (n > 2 && m2 > 0) g1 * sqrt(n * (n - 1)) / (n - 2) else NA,
    kurtosis = if (n > 3 && m2 > 0) ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) else NA))
}
category_row <- function(name, v, group = NULL) {
  t <- table(v); t <- t[t > 0]; n <- sum(t); top <- which.max(t)
  c(list(column = name), if (is.null(group)) list() else list(group = group), list(n = n, missing = length(v) - n, distinct = length(t),
    top = names(t)[top], top_n = t[[top]], top_share = t[[top]] / n))
}
by_group <- function(row, df, columns, by) do.call(c, lapply(columns, function(column) lapply(levels(df[[by]]), function(level)
  row(column, df[[column]][which(df[[by]] == level)], level))))

numbers <- c("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "year")
add("penguins", "mean, sd, quantile, table", penguins_file, list(),
  list(tables = list(numbers = lapply(numbers, function(n) number_row(n, penguins[[n]])),
    categories = lapply(c("species", "island", "sex"), function(n) category_row(n, penguins[[n]])))), 1e-12)
add("penguins_by_sex", "mean, sd, quantile, table by sex; rows without sex are in no group", penguins_file,
  list(columns = arr(c("body_mass_g", "bill_depth_mm", "species", "island")), by = "sex"),
  list(tables = list(numbers = by_group(number_row, penguins, c("body_mass_g", "bill_depth_mm"), "sex"),
    categories = by_group(category_row, penguins, c("species", "island"), "sex"))), 1e-12)
add("penguins_by_island", "mean, sd, quantile by island", penguins_file,
  list(columns = arr(c("bill_length_mm", "sex")), by = "island"),
  list(tables = list(numbers = by_group(number_row, penguins, "bill_length_mm", "island"),
    categories = by_group(category_row, penguins, "sex", "island"))), 1e-12)

loans <- read("loans.csv")
numbers <- c("annual_income", "annual_income_joint", "debt_to_income_joint", "months_since_last_delinq", "months_since_90d_late",
  "total_collection_amount_ever", "total_credit_limit", "num_accounts_120d_past_due", "interest_rate", "balance", "paid_late_fees")
add("loans", "mean, sd, quantile, table", "../shared/data/loans.csv", list(columns = arr(c(numbers, "homeownership", "loan_purpose", "verification_income_joint", "grade"))),
  list(tables = list(numbers = lapply(numbers, function(n) number_row(n, loans[[n]])),
    categories = lapply(c("homeownership", "loan_purpose", "verification_income_joint", "grade"), function(n) category_row(n, loans[[n]])))), 1e-11)
numbers <- c("debt_to_income", "months_since_last_delinq", "annual_income_joint")
add("loans_by_grade", "mean, sd, quantile by grade", "../shared/data/loans.csv", list(columns = arr(numbers), by = "grade"),
  list(tables = list(numbers = by_group(number_row, loans, numbers, "grade"))), 1e-11)
