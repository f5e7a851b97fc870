# chisq.test, fisher.test, G2 from its definition; the interval of V from uniroot on pchisq's noncentrality;
# gamma and tau-b from all pairs of cells, their errors by the delta method with numerical derivatives of order four.
measures <- function(p) {
  r <- nrow(p); k <- ncol(p); con <- dis <- 0
  for (i in 1:r) for (j in 1:k) {
    if (i < r && j < k) con <- con + p[i, j] * sum(p[(i + 1):r, (j + 1):k])
    if (i < r && j > 1) dis <- dis + p[i, j] * sum(p[(i + 1):r, 1:(j - 1)])
  }
  n <- sum(p)
  c(gamma = (con - dis) / (con + dis), tau = 2 * (con - dis) / sqrt((n^2 - sum(rowSums(p)^2)) * (n^2 - sum(colSums(p)^2))))
}
ase <- function(t) {
  n <- sum(t); p <- t / n
  d <- sapply(seq_along(p), function(k) { f <- function(h) { q <- p; q[k] <- q[k] + h; measures(q) }; h <- 1e-3; (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h) })
  apply(d, 1, function(g) sqrt((sum(p * g^2) - sum(p * g)^2) / n))
}
ends_of_v <- function(chi, df, n, least, level) {
  end <- function(q) if (pchisq(chi, df) < q) 0 else uniroot(function(l) pchisq(chi, df, ncp = l) - q, c(0, chi * 4 + 100), tol = 1e-12)$root
  a <- (1 - level) / 2
  c(sqrt(end(1 - a) / (n * least)), min(1, sqrt(end(a) / (n * least))))
}
# The equations of fisher.test for the conditional odds ratio, solved to more digits than it does.
conditional <- function(t, level) {
  x <- t[1, 1]; m <- sum(t[, 1]); k <- sum(t[1, ]); at <- max(0, k - sum(t[, 2])):min(k, m); base <- dhyper(at, m, sum(t[, 2]), k, log = TRUE)
  d <- function(l) { e <- base + l * at; e <- exp(e - max(e)); e / sum(e) }
  solve_for <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-13)$root); a <- (1 - level) / 2
  out <- list(value = if (x == min(at)) 0 else if (x == max(at)) Inf else solve_for(function(l) sum(at * d(l)) - x),
    ci_lower = if (x == min(at)) 0 else solve_for(function(l) sum(d(l)[at >= x]) - a), ci_upper = if (x == max(at)) Inf else solve_for(function(l) sum(d(l)[at <= x]) - a))
  e <- fisher.test(t, conf.level = level); near <- function(a, b) a == b || abs(a - b) < 1e-3 * abs(b)
  stopifnot(near(e$estimate[[1]], out$value), near(e$conf.int[1], out$ci_lower), near(e$conf.int[2], out$ci_upper)); out
}
# Wald intervals of logarithms by confint.default of binomial and Poisson models
# of zero-free tables, Wilson's intervals by prop.test without correction for Newcombe's.
ratios_of <- function(t, level) {
  f <- if (any(t == 0)) t + 0.5 else t; z <- qnorm((1 + level) / 2); out <- list()
  m <- suppressWarnings(glm(f ~ c(1, 0), family = binomial, control = list(epsilon = 1e-15, maxit = 100))); k <- suppressWarnings(confint.default(m, level = level))[2, ]
  out <- list(list(value = exp(coef(m)[[2]]), ci_lower = exp(k[[1]]), ci_upper = exp(k[[2]])))
  if (all(t == round(t))) out <- c(out, list(conditional(t, level)))
  for (j in 1:2) { m <- suppressWarnings(glm(cbind(f[, j], f[, 3 - j]) ~ c(1, 0), family = binomial(link = "log"), start = log(c(f[2, j] / sum(f[2, ]), f[1, j] / sum(f[1, ]) / f[2, j] * sum(f[2, ]))), control = list(epsilon = 1e-15, maxit = 100))); k <- confint.default(m, level = level)[2, ]
    out <- c(out, list(list(value = exp(coef(m)[[2]]), ci_lower = exp(k[[1]]), ci_upper = exp(k[[2]])))) }
  w <- lapply(1:2, function(i) prop.test(t[i, 1], sum(t[i, ]), conf.level = level, correct = FALSE)$conf.int); s <- t[, 1] / rowSums(t); d <- s[[1]] - s[[2]]
  list(ratios = out, difference = list(list(first = s[[1]], second = s[[2]], difference = d, ci_lower = d - sqrt((s[[1]] - w[[1]][1])^2 + (w[[2]][2] - s[[2]])^2), ci_upper = d + sqrt((w[[1]][2] - s[[1]])^2 + (s[[2]] - w[[2]][1])^2))))
}
cross <- function(x, y, w = rep(1, length(x)), level = 0.95, ordinal = FALSE, exact = FALSE) {
  ok <- !is.na(x) & !is.na(y) & !is.na(w); t <- unclass(xtabs(w ~ x + y, data.frame(w = w, x = x, y = y)[ok, ], drop.unused.levels = TRUE)); t <- matrix(t, nrow(t), dimnames = dimnames(t))
  chi <- suppressWarnings(chisq.test(t, correct = FALSE)); g <- 2 * sum(ifelse(t > 0, t * log(t / chi$expected), 0)); df <- chi$parameter[[1]]
  tests <- list(list(statistic = chi$statistic[[1]], df = df, p = chi$p.value)); two <- all(dim(t) == 2)
  if (two) { y <- suppressWarnings(chisq.test(t)); tests <- c(tests, list(list(statistic = y$statistic[[1]], df = 1, p = y$p.value))) }
  tests <- c(tests, list(list(statistic = g, df = df, p = pchisq(g, df, lower.tail = FALSE))))
  if ((two || exact) && all(t == round(t))) tests <- c(tests, list(list(p = fisher.test(t, workspace = 2e8)$p.value)))
  least <- min(dim(t)) - 1; v <- sqrt(chi$statistic[[1]] / (sum(t) * least)); e <- ends_of_v(chi$statistic[[1]], df, sum(t), least, level)
  association <- list(list(value = v, ci_lower = e[1], ci_upper = e[2]))
  if (two) association <- c(association, list(list(value = (t[1, 1] * t[2, 2] - t[1, 2] * t[2, 1]) / sqrt(prod(rowSums(t), colSums(t))))))
  if (ordinal) { m <- measures(t); s <- ase(t); z <- qnorm(1 - (1 - level) / 2)
    association <- c(association, lapply(1:2, function(k) list(value = m[[k]], std_error = s[[k]], ci_lower = max(-1, m[[k]] - z * s[[k]]), ci_upper = min(1, m[[k]] + z * s[[k]])))) }
  tables <- list(tests = tests, association = association)
  if (two) tables <- c(tables, ratios_of(t, level))
  list(t = t, chi = chi, tables = tables)
}
line <- function(v, total = NULL) { v <- c(v, total); setNames(as.list(v), c(paste0("c", seq_len(length(v) - length(total))), if (length(total)) "total")) }
cells <- function(c, column = FALSE, all = FALSE, expected = FALSE) {
  t <- c$t; n <- sum(t); out <- list()
  for (i in seq_len(nrow(t) + 1)) {
    total <- i > nrow(t); v <- if (total) colSums(t) else t[i, ]
    out <- c(out, list(line(v, sum(v))))
    if (expected && !total) out <- c(out, list(line(c$chi$expected[i, ])))
    out <- c(out, list(line(v / sum(v), 1)))
    if (column) out <- c(out, list(line(v / colSums(t), sum(v) / n)))
    if (all) out <- c(out, list(line(v / n, sum(v) / n)))
    if (!total) out <- c(out, list(line(c$chi$stdres[i, ])))
  }
  out
}
c1 <- cross(penguins$species, penguins$island)
add("penguins", "chisq.test(table(species, island), correct = FALSE)", penguins_file, list(row = "species", column = "island"), list(tables = c(c1$tables, list(cells = cells(c1)))), tolerance = 1e-8)
p <- penguins[penguins$species != "Gentoo", ]
c2 <- cross(penguins$sex, penguins$year, ordinal = TRUE, level = 0.9)
add("ordinal", "chisq.test(table(sex, year)); gamma and tau-b from all pairs", penguins_file,
  list(row = "sex", column = "year", column_percent = TRUE, total_percent = TRUE, expected = TRUE, ordinal = TRUE, level = 0.9),
  list(tables = c(c2$tables, list(cells = cells(c2, TRUE, TRUE, TRUE)))), tolerance = 1e-8)
trial <- read("mammogram_trial.csv")
c3 <- cross(trial$treatment, trial$breast_cancer_death)
add("two_by_two", "chisq.test, fisher.test of the mammogram trial", "../shared/data/mammogram_trial.csv", list(row = "treatment", column = "breast_cancer_death"), list(tables = c3$tables), tolerance = 1e-7, code = list(loose = list(p = 1e-7, ci_lower = 2e-4, ci_upper = 2e-4, value = 1e-4)))
c4 <- cross(penguins$species, penguins$sex, penguins$bill_depth_mm, ordinal = TRUE)
add("weighted", "chisq.test of sums of bill_depth_mm by species and sex", penguins_file, list(row = "species", column = "sex", weights = "bill_depth_mm", ordinal = TRUE),
  list(tables = c(c4$tables, list(cells = cells(c4)))), tolerance = 1e-8)
loans <- read("loans.csv")
c5 <- cross(loans$grade, loans$verified_income, ordinal = TRUE)
add("loans", "chisq.test(table(grade, verified_income))", "../shared/data/loans.csv", list(row = "grade", column = "verified_income", ordinal = TRUE), list(tables = c(c5$tables, list(cells = cells(c5)))), tolerance = 1e-8)
# Fisher's test of three by three levels, small counts.
small <- penguins[seq(3, 344, 11), ]; files[["small.csv"]] <- paste(c("species,island,sex", do.call(paste, c(lapply(small[c("species", "island", "sex")], function(v) ifelse(is.na(v), "", as.character(v))), sep = ","))), collapse = "\n")
small_file <- "tests/reference/analyses/explore.crosstab/small.csv"
c6 <- cross(droplevels(small$species), droplevels(small$island), exact = TRUE)
add("fisher", "fisher.test(table(species, island)), chisq.test", small_file, list(row = "species", column = "island", exact = TRUE), list(tables = c(c6$tables, list(cells = cells(c6)))), tolerance = 1e-7)
c7 <- cross(droplevels(small$island), droplevels(small$sex), exact = TRUE)
add("fisher_missing", "fisher.test(table(island, sex)) with missing values", small_file, list(row = "island", column = "sex", exact = TRUE), list(tables = c7$tables), tolerance = 1e-7)
two_of <- function(name, a, b, level, of) {
  files[[paste0(name, ".csv")]] <<- paste(c("a,b", paste(a, b, sep = ",")), collapse = "\n"); c8 <- cross(factor(a), factor(b), level = level)
  add(name, of, paste0("tests/reference/analyses/explore.crosstab/", name, ".csv"), list(row = "a", column = "b", level = level), list(tables = c8$tables), tolerance = 1e-7, code = list(loose = list(p = 1e-7, ci_lower = 2e-4, ci_upper = 2e-4, value = 1e-4)))
}
two_of("odds", rep(c("new", "old"), c(31, 40)), rep(c("bought", "left", "bought", "left"), c(12, 19, 7, 33)), 0.9, "fisher.test, Wald intervals of logarithms, prop.test without correction")
two_of("odds_zero", rep(c("new", "old"), c(14, 17)), rep(c("bought", "left", "left"), c(5, 9, 17)), 0.95, "fisher.test; Wald intervals of logarithms after one half in each cell; prop.test without correction")
use("BayesFactor")
gunel <- function(t, ...) list(tables = list(bayes = list(list(bf10 = exp(contingencyTableBF(unclass(t), ...)@bayesFactor$bf)))))
t <- table(penguins$species, penguins$sex); small_t <- table(droplevels(small$island), droplevels(small$sex))
add("bayes_total", "contingencyTableBF(sampleType = 'jointMulti'), missing values", penguins_file, list(row = "species", column = "sex", bayes = TRUE), gunel(t, sampleType = "jointMulti"), tolerance = 1e-9)
add("bayes_rows", "contingencyTableBF(sampleType = 'indepMulti', fixedMargin = 'rows', priorConcentration = 1.5)", small_file, list(row = "island", column = "sex", bayes = TRUE, sampling = "rows", prior_count = 1.5), gunel(small_t, sampleType = "indepMulti", fixedMargin = "rows", priorConcentration = 1.5), tolerance = 1e-9)
# Weights that count rows: the rows repeated.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv"); long <- w[rep(seq_len(nrow(w)), w$count), ]
c9 <- cross(long$species, long$sex, ordinal = TRUE)
add("counted", "chisq.test(table(species, sex)) of the rows repeated by count", weighted, list(row = "species", column = "sex", weights = "count", weighting = "frequency", ordinal = TRUE), list(tables = c(c9$tables, list(cells = cells(c9)))), tolerance = 1e-8)
# Samples of a population: svychisq; residuals, ratios, gamma and tau-b by svycontrast of the cells' shares.
use("survey")
numerically <- function(f, p) sapply(seq_along(p), function(k) { g <- function(h) { q <- p; q[k] <- q[k] + h; f(q) }; h <- 1e-4; (8 * (g(h) - g(-h)) - (g(2 * h) - g(-2 * h))) / (12 * h) })
sampled <- function(x, y, w, level = 0.95, ordinal = FALSE) {
  ok <- !is.na(x) & !is.na(y) & !is.na(w); d <- droplevels(data.frame(x = factor(x), y = factor(y), w = w)[ok, ]); design <- svydesign(ids = ~1, weights = ~w, data = d); t <- unclass(svytable(~x + y, design)); n <- nrow(d)
  r <- nrow(t); k <- ncol(t); design <- update(design, cell = factor(paste(as.integer(d$x), as.integer(d$y)), levels = as.vector(outer(1:r, 1:k, paste)))); m <- svymean(~cell, design); p <- as.vector(coef(m)); V <- vcov(m)
  error <- function(f) { g <- numerically(f, p); sqrt(drop(g %*% V %*% g)) }; of <- function(p) matrix(p, r)
  s <- svychisq(~x + y, design, statistic = "F"); q <- qt((1 + level) / 2, n - 1)
  residual <- outer(1:r, 1:k, Vectorize(function(i, j) { f <- function(p) { t <- of(p); t[i, j] / sum(t) - sum(t[i, ]) * sum(t[, j]) / sum(t)^2 }; f(p) / error(f) }))
  chi <- suppressWarnings(chisq.test(t, correct = FALSE)); v <- sqrt(chi$statistic[[1]] / (sum(t) * (min(dim(t)) - 1)))
  association <- list(list(value = v, ci_lower = NA, ci_upper = NA))
  if (r == 2 && k == 2) association <- c(association, list(list(value = (t[1, 1] * t[2, 2] - t[1, 2] * t[2, 1]) / sqrt(prod(rowSums(t), colSums(t))))))
  if (ordinal) association <- c(association, lapply(1:2, function(i) { f <- function(p) measures(of(p))[[i]]; e <- error(f); list(value = f(p), std_error = e, ci_lower = max(-1, f(p) - q * e), ci_upper = min(1, f(p) + q * e)) }))
  tables <- list(tests = list(list(statistic = s$statistic[[1]], df = s$parameter[[1]], df2 = s$parameter[[2]], p = as.numeric(s$p.value))), association = association,
    cells = cells(list(t = t, chi = list(stdres = residual))))
  if (r == 2 && k == 2) {
    ratio <- function(f) { e <- error(f); list(value = exp(f(p)), ci_lower = exp(f(p) - q * e), ci_upper = exp(f(p) + q * e)) }
    odds <- ratio(function(p) log(p[1] * p[4] / (p[2] * p[3]))); e <- SE(g <- svyglm(I(y == levels(y)[1]) ~ I(x == levels(x)[1]), design, family = quasibinomial))[[2]]
    stopifnot(abs(odds$value / exp(coef(g)[[2]]) - 1) < 1e-6, abs(odds$ci_upper / exp(coef(g)[[2]] + q * e) - 1) < 1e-5)
    gap <- function(p) { t <- of(p); t[1, 1] / sum(t[1, ]) - t[2, 1] / sum(t[2, ]) }; share <- t[, 1] / rowSums(t)
    tables <- c(tables, list(ratios = c(list(odds), lapply(1:2, function(j) ratio(function(p) { t <- of(p); log(t[1, j] / sum(t[1, ]) / (t[2, j] / sum(t[2, ]))) }))),
      difference = list(list(first = share[[1]], second = share[[2]], difference = gap(p), ci_lower = gap(p) - q * error(gap), ci_upper = gap(p) + q * error(gap)))))
  }
  tables
}
add("sampled", "svychisq(~species + sex, svydesign(ids = ~1, weights = ~sample)); svytable; residuals, gamma and tau-b by the delta method on vcov(svymean)", weighted,
  list(row = "species", column = "sex", weights = "sample", weighting = "sampling", ordinal = TRUE, level = 0.9), list(tables = sampled(w$species, w$sex, w$sample, 0.9, TRUE)), tolerance = 1e-7, floor = 1e-12)
add("sampled_empty", "svychisq(~species + island, svydesign(ids = ~1, weights = ~sample)), with empty cells", weighted,
  list(row = "species", column = "island", weights = "sample", weighting = "sampling"), list(tables = sampled(w$species, w$island, w$sample)["tests"]), tolerance = 1e-8)
polled <- data.frame(a = rep(c("new", "old"), c(31, 40)), b = rep(c("bought", "left", "bought", "left"), c(12, 19, 7, 33)), w = 0.5 + ((1:71 * 29) %% 23) / 4); polled$w[c(9, 40)] <- NA
files[["polled.csv"]] <- paste(c("a,b,w", paste(polled$a, polled$b, ifelse(is.na(polled$w), "", polled$w), sep = ",")), collapse = "\n")
add("sampled_two", "svychisq, delta method on vcov(svymean), svyglm(family = quasibinomial)", "tests/reference/analyses/explore.crosstab/polled.csv",
  list(row = "a", column = "b", weights = "w", weighting = "sampling"), list(tables = sampled(polled$a, polled$b, polled$w)), tolerance = 1e-7, floor = 1e-12)
