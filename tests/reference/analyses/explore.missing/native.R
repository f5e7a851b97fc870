# is.na and table; Little's test with an EM that goes row by row (Little and Rubin), until nothing moves.
em <- function(x) {
  x <- x[rowSums(!is.na(x)) > 0, , drop = FALSE]; m <- colMeans(x, na.rm = TRUE); s <- diag(apply(x, 2, var, na.rm = TRUE)); n <- nrow(x); p <- ncol(x)
  for (step in 1:20000) {
    t1 <- numeric(p); t2 <- matrix(0, p, p)
    for (i in seq_len(n)) {
      o <- !is.na(x[i, ]); e <- x[i, ]; v <- matrix(0, p, p)
      if (any(!o)) { b <- s[!o, o, drop = FALSE] %*% solve(s[o, o]); e[!o] <- m[!o] + b %*% (x[i, o] - m[o]); v[!o, !o] <- s[!o, !o] - b %*% s[o, !o, drop = FALSE] }
      t1 <- t1 + e; t2 <- t2 + tcrossprod(e) + v
    }
    m2 <- t1 / n; s2 <- t2 / n - tcrossprod(m2); d <- max(abs(m2 - m) / sqrt(diag(s)), abs(s2 - s) / sqrt(outer(diag(s), diag(s)))); m <- m2; s <- s2
    if (d < 1e-12) break
  }
  list(m = m, s = s)
}
little <- function(x) {
  x <- scale(as.matrix(x)); x <- x[rowSums(!is.na(x)) > 0, , drop = FALSE]; f <- em(x); key <- apply(is.na(x), 1, function(r) paste(+r, collapse = "")); d2 <- 0; df <- 0
  for (k in unique(key)) { r <- x[key == k, , drop = FALSE]; o <- !is.na(r[1, ]); dev <- colMeans(r[, o, drop = FALSE]) - f$m[o]; d2 <- d2 + nrow(r) * drop(dev %*% solve(f$s[o, o, drop = FALSE]) %*% dev); df <- df + sum(o) }
  df <- df - ncol(x)
  list(list(chi_squared = d2, df = df, p = pchisq(d2, df, lower.tail = FALSE), n_patterns = length(unique(key))))
}
by_column <- function(d) lapply(names(d), function(v) list(column = v, missing = sum(is.na(d[[v]])), percent = mean(is.na(d[[v]])), n = sum(!is.na(d[[v]]))))
by_pattern <- function(d, most = 20) { t <- sort(table(apply(is.na(d), 1, function(r) paste(+r, collapse = ""))), decreasing = TRUE); t <- t[seq_len(min(most, length(t)))]
  lapply(seq_along(t), function(k) list(n = t[[k]], percent = t[[k]] / nrow(d), n_missing = nchar(gsub("0", "", names(t)[k])))) }
numbers <- c("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
d <- penguins
d$flipper_length_mm[d$bill_length_mm > 48 & seq_len(nrow(d)) %% 3 == 0] <- NA; d$body_mass_g[seq(4, nrow(d), 13)] <- NA; d$bill_depth_mm[seq(7, nrow(d), 29)] <- NA
files[["penguins_gaps.csv"]] <- paste(c(paste(names(d), collapse = ","), do.call(paste, c(lapply(d, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
gaps <- "tests/reference/analyses/explore.missing/penguins_gaps.csv"
add("gaps", "is.na; Little's test by EM", gaps, list(columns = arr(numbers)), list(tables = list(columns = by_column(d[numbers]), little = little(d[numbers]))), tolerance = 1e-7)
add("all_columns", "is.na; Little's test of the five columns of numbers", gaps, list(max_patterns = 3), list(tables = list(columns = by_column(d), patterns = by_pattern(d, 3), little = little(d[c(numbers, "year")]))), tolerance = 1e-7)
loans <- read("loans.csv")
few <- c("debt_to_income", "months_since_last_delinq", "months_since_90d_late", "interest_rate")
add("loans", "is.na, table of patterns", "../shared/data/loans.csv", list(columns = arr(c("emp_title", few)), test = FALSE), list(tables = list(columns = by_column(loans[c("emp_title", few)]), patterns = by_pattern(loans[c("emp_title", few)]))))
air <- loans[few]
add("loans_little", "Little's test by EM", "../shared/data/loans.csv", list(columns = arr(few)), list(tables = list(little = little(air))), tolerance = 1e-6)
