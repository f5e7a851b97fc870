# power.t.test and power.prop.test with strict = TRUE; pwr.t2n.test, pwr.anova.test, pwr.r.test and pwr.chisq.test of
# pwr. Sizes and effects are the roots of their powers by uniroot to 1e-13.
use("pwr")
sides <- function(one) if (one) "one.sided" else "two.sided"
alt <- function(one) if (one) "greater" else "two.sided"
p_t <- function(d, n, a = 0.05, type = "two.sample", one = FALSE) power.t.test(n = n, delta = d, sig.level = a, type = type, alternative = sides(one), strict = TRUE)$power
p_2n <- function(d, n, m, a = 0.05, one = FALSE) pwr.t2n.test(n, m, d, a, alternative = alt(one))$power
p_p <- function(p1, p2, n, a = 0.05, one = FALSE) power.prop.test(n = n, p1 = p1, p2 = p2, sig.level = a, alternative = sides(one), strict = TRUE)$power
p_f <- function(f, k, n, a = 0.05) pwr.anova.test(k, n, f, a)$power
p_r <- function(r, n, a = 0.05, one = FALSE) pwr.r.test(n, r, a, alternative = alt(one))$power
p_w <- function(w, n, df, a = 0.05) pwr.chisq.test(w, n, df, a)$power
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-13)$root
powers <- c(0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
sizes <- function(f, low, high, total = NULL) lapply(powers, function(p) { n <- if (f(low) >= p) low else ceiling(root(function(n) f(n) - p, low, high)); c(list(power = p, n = n), if (!is.null(total)) list(total = total(n))) })
# Roots of R's noncentral distributions, which carry about 12 digits.
loose <- list(n_exact = 1e-9, effect = 1e-9)
f <- function(n) p_t(0.5, n); n <- root(function(n) f(n) - 0.8, 2, 1000)
add("two_means", "power.t.test(delta = 0.5, power = 0.8, strict = TRUE)", NULL, list(effect = 0.5),
  list(tables = list(plan = list(list(n = ceiling(n), n_exact = n, n_second = ceiling(n), total = 2 * ceiling(n), power = f(ceiling(n)))), sizes = sizes(f, 2, 1000, function(n) 2 * n))), loose = loose)
f <- function(n) p_2n(0.35, n, 1.5 * n, 0.01, TRUE); n <- root(function(n) f(n) - 0.9, 3, 5000); k <- ceiling(n)
add("ratio", "pwr.t2n.test of groups as 1 to 1.5, one-sided", NULL, list(effect = 0.35, ratio = 1.5, one_sided = TRUE, alpha = 0.01, power = 0.9),
  list(tables = list(plan = list(list(n = k, n_exact = n, n_second = ceiling(1.5 * k), power = p_2n(0.35, k, ceiling(1.5 * k), 0.01, TRUE))))), loose = loose)
add("paired_power", "power.t.test(type = 'paired')", NULL, list(test = "paired_means", find = "power", effect = 0.3, n = 40),
  list(tables = list(plan = list(list(n = 40, effect = 0.3, power = p_t(0.3, 40, type = "paired"))), sizes = sizes(function(n) p_t(0.3, n, type = "paired"), 2, 5000))), loose = loose)
e <- root(function(d) p_t(d, 12, type = "one.sample", one = TRUE) - 0.95, 0.01, 3)
add("one_mean_effect", "power.t.test(type = 'one.sample', alternative = 'one.sided')", NULL, list(test = "one_mean", find = "effect", n = 12, power = 0.95, one_sided = TRUE),
  list(tables = list(plan = list(list(n = 12, effect = e, power = 0.95)))), loose = loose)
f <- function(n) p_p(0.1, 0.13, n); n <- root(function(n) f(n) - 0.85, 2, 1e5)
add("proportions", "power.prop.test(p1 = 0.1, p2 = 0.13, power = 0.85, strict = TRUE)", NULL, list(test = "two_proportions", first = 0.1, second = 0.13, power = 0.85),
  list(tables = list(plan = list(list(n = ceiling(n), n_exact = n, total = 2 * ceiling(n), first = 0.1, second = 0.13, power = f(ceiling(n)))), sizes = sizes(f, 2, 1e5, function(n) 2 * n))), loose = loose)
e <- root(function(p) p_p(0.4, p, 150, 0.05, TRUE) - 0.8, 0.401, 0.99)
add("proportions_effect", "power.prop.test(n = 150, p1 = 0.4, alternative = 'one.sided')", NULL, list(test = "two_proportions", find = "effect", first = 0.4, n = 150, one_sided = TRUE),
  list(tables = list(plan = list(list(n = 150, second = e, power = 0.8)))), loose = list(second = 1e-9))
f <- function(n) p_f(0.25, 4, n); n <- root(function(n) f(n) - 0.8, 2, 1000)
add("one_way", "pwr.anova.test(k = 4, f = 0.25, power = 0.8)", NULL, list(test = "one_way", effect = 0.25, groups = 4),
  list(tables = list(plan = list(list(n = ceiling(n), n_exact = n, total = 4 * ceiling(n), power = f(ceiling(n)))), sizes = sizes(f, 2, 1000, function(n) 4 * n))), loose = loose)
f <- function(n) p_r(0.3, n); n <- root(function(n) f(n) - 0.8, 4, 5000)
add("correlation", "pwr.r.test(r = 0.3, power = 0.8)", NULL, list(test = "correlation", effect = 0.3),
  list(tables = list(plan = list(list(n = ceiling(n), n_exact = n, effect = 0.3, power = f(ceiling(n)))), sizes = sizes(f, 4, 5000))), loose = loose)
e <- root(function(r) p_r(r, 50, 0.01) - 0.9, 0.01, 0.99)
add("correlation_effect", "pwr.r.test(n = 50, sig.level = 0.01, power = 0.9)", NULL, list(test = "correlation", find = "effect", n = 50, alpha = 0.01, power = 0.9),
  list(tables = list(plan = list(list(n = 50, effect = e)))), loose = loose)
f <- function(n) p_w(0.2, n, 6); n <- root(function(n) f(n) - 0.9, 2, 5000)
add("chi_squared", "pwr.chisq.test(w = 0.2, df = 6, power = 0.9)", NULL, list(test = "chi_squared", effect = 0.2, df = 6, power = 0.9),
  list(tables = list(plan = list(list(n = ceiling(n), n_exact = n, power = f(ceiling(n)))), sizes = sizes(f, 2, 5000))), loose = loose)
