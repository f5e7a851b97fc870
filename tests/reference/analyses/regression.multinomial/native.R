# nnet's multinom run to the last digits, then Newton steps of the full likelihood; standard errors from its
# information; tests by refits.
use("nnet")
likelihood <- function(x, y, w, b) { eta <- cbind(0, x %*% b); p <- exp(eta - apply(eta, 1, max)); p <- p / rowSums(p); list(p = p, l = sum(w * log(p[cbind(seq_along(y), y)]))) }
information <- function(x, w, p) { k <- ncol(p) - 1; m <- ncol(x); out <- matrix(0, k * m, k * m)
  for (a in 1:k) for (b in 1:k) out[(a - 1) * m + 1:m, (b - 1) * m + 1:m] <- crossprod(x, x * (w * (p[, a + 1] * ((a == b) - p[, b + 1]))))
  out }
newton <- function(x, y, w, k, start = matrix(0, ncol(x), k)) {
  b <- start
  for (i in 1:60) { f <- likelihood(x, y, w, b); g <- sapply(1:k, function(a) crossprod(x, w * ((y == a + 1) - f$p[, a + 1]))); step <- solve(information(x, w, f$p), as.vector(g), tol = 0); b <- b + matrix(step, nrow(b)); if (max(abs(step) / (1e-3 + abs(as.vector(b)))) < 1e-13) break }
  f <- likelihood(x, y, w, b); list(b = b, l = f$l, p = f$p, v = solve(information(x, w, f$p), tol = 0))
}
fit_all <- function(formula, data, w = rep(1, nrow(data)), level = 0.95) {
  data$.w <- w; mf <- model.frame(formula, data, weights = .w); x <- model.matrix(formula, mf); y <- model.response(mf); w <- model.weights(mf); lv <- levels(droplevels(y)); y <- as.integer(droplevels(y)); k <- length(lv) - 1
  start <- multinom(formula, data, weights = .w, trace = FALSE, maxit = 1000, reltol = 1e-14); start <- t(matrix(coef(start), k))
  sc <- apply(x, 2, function(c) max(abs(c))); xs <- sweep(x, 2, sc, "/")
  f <- newton(xs, y, w, k, start * sc); b <- f$b / sc; se <- sqrt(diag(f$v)) / rep(sc, k); q <- qnorm(1 - (1 - level) / 2)
  name <- function(n) { if (n == "(Intercept)") return("Intercept"); for (v in names(mf)) if (is.factor(mf[[v]])) for (l in levels(mf[[v]])) if (n == paste0(v, l)) return(paste0(v, ": ", l)); n }
  rows <- list(); for (a in 1:k) for (j in seq_len(ncol(x))) { s <- se[(a - 1) * ncol(x) + j]; z <- b[j, a] / s
    rows[[length(rows) + 1]] <- list(level = lv[a + 1], term = name(colnames(x)[j]), estimate = b[j, a], std_error = s, z = z, p = 2 * pnorm(-abs(z)), odds_ratio = exp(b[j, a]), ci_lower = exp(b[j, a] - q * s), ci_upper = exp(b[j, a] + q * s)) }
  as <- attr(x, "assign"); labels <- attr(terms(formula, data = data), "term.labels")
  tests <- lapply(seq_along(labels), function(t) { g <- newton(xs[, as != t, drop = FALSE], y, w, k); chi <- 2 * (f$l - g$l); df <- sum(as == t) * k; list(term = labels[t], chi_squared = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE)) })
  n <- sum(w); tot <- tapply(w, y, sum); l0 <- sum(tot * log(tot / n)); p <- k * ncol(x); df <- p - k; cs <- 1 - exp(2 * (l0 - f$l) / n); pred <- max.col(f$p, "first"); conf <- xtabs(w ~ factor(y, 1:(k + 1)) + factor(pred, 1:(k + 1)))
  list(tables = list(coefficients = rows, tests = tests, fit = list(list(n = n, log_likelihood = f$l, aic = 2 * p - 2 * f$l, bic = log(n) * p - 2 * f$l, chi_squared = 2 * (f$l - l0), df = df, p = pchisq(2 * (f$l - l0), df, lower.tail = FALSE), mcfadden = 1 - f$l / l0, cox_snell = cs, nagelkerke = cs / (1 - exp(2 * l0 / n)), accuracy = sum(diag(conf)) / n)),
    confusion = lapply(1:(k + 1), function(i) c(list(seen = lv[i]), setNames(as.list(as.numeric(conf[i, ])), paste0("c", 1:(k + 1)))))))
}
add("penguins", "nnet::multinom(island ~ body_mass_g + bill_depth_mm), Newton steps", penguins_file, list(outcome = "island", predictors = arr(c("body_mass_g", "bill_depth_mm"))),
  fit_all(island ~ body_mass_g + bill_depth_mm, penguins), tolerance = 1e-8, loose = list(p = 1e-6))
p <- penguins; p$island <- relevel(p$island, "Torgersen")
add("factors", "nnet::multinom(island ~ sex + flipper_length_mm), Torgersen first", penguins_file, list(outcome = "island", baseline = "Torgersen", predictors = arr(c("sex", "flipper_length_mm")), level = 0.9),
  fit_all(island ~ sex + flipper_length_mm, p, level = 0.9), tolerance = 1e-8, loose = list(p = 1e-6))
chile <- read("chile_poll.csv")
add("chile", "nnet::multinom(vote ~ sex + age + education + statusquo)", "../shared/data/chile_poll.csv", list(outcome = "vote", predictors = arr(c("sex", "age", "education", "statusquo"))),
  fit_all(vote ~ sex + age + education + statusquo, chile), tolerance = 1e-8, loose = list(p = 1e-6))
add("frequencies", "nnet::multinom(vote ~ region + age, weights = income)", "../shared/data/chile_poll.csv", list(outcome = "vote", predictors = arr(c("region", "age")), weights = "income"),
  fit_all(vote ~ region + age, chile, chile$income), tolerance = 1e-8, loose = list(p = 1e-6))
