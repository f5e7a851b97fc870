# t.test, its effect sizes from their definitions, noncentralities by uniroot on pt to 1e-13, shapiro.test,
# leveneTest of car; Bayes factors by ttest.tstat of BayesFactor, whose own integrals carry about 6 digits;
# permutations counted in full by combn.
use("car"); use("BayesFactor")
ncp <- function(t, df, p) suppressWarnings(uniroot(function(d) pt(t, df, d) - p, t + c(-1, 1), extendInt = "downX", tol = 1e-13)$root)
inf <- function(v) if (is.infinite(v)) (if (v > 0) "inf" else "-inf") else v
parts <- function(x, y = NULL, kind = "welch") {
  if (kind == "one") { r <- t.test(x); s <- list(d = mean(x), sd = sd(x), scale = sqrt(1 / length(x))) }
  if (kind == "paired") { r <- t.test(x, y, paired = TRUE); s <- list(d = mean(x - y), sd = sd(x - y), scale = sqrt(1 / length(x))) }
  if (kind == "welch") { n <- length(x); m <- length(y); r <- t.test(x, y)
    s <- list(d = mean(x) - mean(y), sd = sqrt((var(x) + var(y)) / 2), scale = sqrt(2 * (m * var(x) + n * var(y)) / (n * m * (var(x) + var(y))))) }
  if (kind == "student") { n <- length(x); m <- length(y); r <- t.test(x, y, var.equal = TRUE)
    s <- list(d = mean(x) - mean(y), sd = sqrt(((n - 1) * var(x) + (m - 1) * var(y)) / (n + m - 2)), scale = sqrt(1 / n + 1 / m)) }
  c(s, se = unname(r$stderr), df = unname(r$parameter))
}
row <- function(name, s, null = 0, level = 0.95, side = "two.sided", hedges = TRUE) {
  t <- (s$d - null) / s$se; a <- if (side == "two.sided") (1 - level) / 2 else 1 - level
  j <- if (hedges) exp(lgamma(s$df / 2) - lgamma((s$df - 1) / 2)) / sqrt(s$df / 2) else 1
  lo <- side != "less"; hi <- side != "greater"
  list(outcome = name, t = t, df = s$df, p = switch(side, two.sided = 2 * pt(-abs(t), s$df), greater = pt(-t, s$df), less = pt(t, s$df)),
    difference = s$d, std_error = s$se, ci_lower = inf(if (lo) s$d - qt(1 - a, s$df) * s$se else -Inf), ci_upper = inf(if (hi) s$d + qt(1 - a, s$df) * s$se else Inf),
    effect = j * (s$d - null) / s$sd, effect_ci_lower = inf(if (lo) j * s$scale * ncp(t, s$df, 1 - a) else -Inf), effect_ci_upper = inf(if (hi) j * s$scale * ncp(t, s$df, a) else Inf))
}
group_row <- function(x) list(n = length(x), mean = mean(x), sd = sd(x), std_error = sd(x) / sqrt(length(x)), median = median(x))
sw <- function(x) { s <- shapiro.test(x); list(statistic = s$statistic[[1]], p = s$p.value) }
bf <- function(x, y) { l <- leveneTest(c(x, y), factor(rep(1:2, c(length(x), length(y)))), center = median); list(statistic = l[1, 2], df1 = l[1, 1], df2 = l[2, 1], p = l[1, 3]) }
of <- function(v, by, level) { x <- penguins[[v]][penguins[[by]] %in% level]; x[!is.na(x)] }
# SciPy's p values of Shapiro and Wilk's test are right to about 1e-8, R's noncentral pt not beyond 37.62.
by_code <- list(loose = list(p = 1e-6, effect_ci_lower = 1e-3, effect_ci_upper = 1e-3))
loose <- list(effect_ci_lower = 1e-8, effect_ci_upper = 1e-8, bf10 = 1e-6, bf01 = 1e-6)

both <- lapply(c("body_mass_g", "bill_length_mm"), function(v) list(v = v, x = of(v, "sex", "female"), y = of(v, "sex", "male")))
rows <- lapply(both, function(b) row(b$v, parts(b$x, b$y)))
p <- p.adjust(sapply(rows, `[[`, "p"), "holm"); rows <- Map(function(r, q) c(r, p_adjusted = q), rows, p)
add("welch", "t.test(x, y) of female and male", penguins_file,
  list(outcomes = arr(c("body_mass_g", "bill_length_mm")), group = "sex", correction = "holm", bayes = TRUE),
  list(tables = list(tests = rows, checks = do.call(c, lapply(both, function(b) list(sw(b$x), sw(b$y), bf(b$x, b$y)))),
    groups = do.call(c, lapply(both, function(b) list(group_row(b$x), group_row(b$y)))),
    bayes = lapply(both, function(b) { f <- ttest.tstat(t.test(b$x, b$y, var.equal = TRUE)$statistic, length(b$x), length(b$y), simple = TRUE)[[1]]; list(bf10 = f, bf01 = 1 / f) }))), loose = loose, code = by_code)

x <- of("flipper_length_mm", "species", "Gentoo"); y <- of("flipper_length_mm", "species", "Adelie")
add("student_greater", "t.test(x, y, var.equal = TRUE, alternative = 'greater', mu = 25)", penguins_file,
  list(outcomes = arr("flipper_length_mm"), group = "species", first = "Gentoo", second = "Adelie", variances = "student", question = "greater", null = 25, effect = "cohen", level = 0.9),
  list(tables = list(tests = list(row("flipper_length_mm", parts(x, y, "student"), 25, 0.9, "greater", FALSE)))), loose = loose, code = by_code)

kept <- penguins[complete.cases(penguins[c("bill_length_mm", "bill_depth_mm", "flipper_length_mm")]), ]
x <- kept$bill_length_mm; y <- kept$bill_depth_mm; z <- kept$flipper_length_mm / 10
s <- parts(x, y, "paired")
# The second pair is so far apart that pt has no noncentralities for it (it stops at 37.62).
add("paired", "t.test(x, y, paired = TRUE)", penguins_file,
  list(design = "paired", pairs = list(list(first = "bill_length_mm", second = "bill_depth_mm"), list(first = "bill_depth_mm", second = "flipper_length_mm")), missing = "listwise", bayes = TRUE, null = 27),
  list(tables = list(tests = list(row("bill_length_mm − bill_depth_mm", s, 27), row("bill_depth_mm − flipper_length_mm", parts(y, kept$flipper_length_mm, "paired"), 27)[1:9]),
    checks = list(sw(x - y), sw(y - kept$flipper_length_mm)),
    bayes = list(list(bf10 = ttest.tstat((s$d - 27) / s$se, length(x), simple = TRUE)[[1]]), list()))), loose = loose, code = by_code)

x <- of("body_mass_g", "species", levels(penguins$species))
add("one_sample_less", "t.test(x, mu = 4250, alternative = 'less')", penguins_file,
  list(design = "one_sample", outcomes = arr("body_mass_g"), null = 4250, question = "less", bayes = TRUE, prior_scale = 1),
  list(tables = list(tests = list(row("body_mass_g", parts(x, kind = "one"), 4250, side = "less")), checks = list(sw(x)), groups = list(group_row(x)),
    bayes = list(list(bf10 = ttest.tstat((mean(x) - 4250) / (sd(x) / sqrt(length(x))), length(x), rscale = 1, nullInterval = c(-Inf, 0), simple = TRUE)[[1]])))), loose = modifyList(loose, list(bf10 = 1e-5)), code = by_code)

x <- of("body_mass_g", "species", "Chinstrap"); y <- of("body_mass_g", "species", "Adelie"); s <- parts(x, y)
tost <- function(s, low, high) { r <- list(); if (!is.na(low)) r <- c(r, list(list(bound = low, t = (s$d - low) / s$se, p = pt((s$d - low) / s$se, s$df, lower.tail = FALSE))))
  if (!is.na(high)) r <- c(r, list(list(bound = high, t = (s$d - high) / s$se, p = pt((s$d - high) / s$se, s$df)))); r }
b <- tost(s, -200, 200); w <- b[[which.max(sapply(b, `[[`, "p"))]]
add("equivalent", "two one-sided t.test(x, y, mu = -200, 200)", penguins_file,
  list(outcomes = arr("body_mass_g"), group = "species", first = "Chinstrap", second = "Adelie", question = "equivalent", margin = 200, margin_unit = "raw"),
  list(tables = list(tests = list(modifyList(row("body_mass_g", s, level = 0.9), list(t = w$t, p = w$p))), bounds = b)), loose = loose, code = by_code)
x <- of("bill_depth_mm", "species", "Chinstrap"); y <- of("bill_depth_mm", "species", "Adelie"); s <- parts(x, y)
b <- tost(s, NA, 0.4 * s$sd)
add("not_inferior", "t.test(x, y, alternative = 'less', mu = 0.4 SD)", penguins_file,
  list(outcomes = arr("bill_depth_mm"), group = "species", first = "Chinstrap", second = "Adelie", question = "not_inferior", margin = 0.4, better = "lower"),
  list(tables = list(tests = list(modifyList(row("bill_depth_mm", s, level = 0.9), list(t = b[[1]]$t, p = b[[1]]$p))), bounds = b)), loose = loose, code = by_code)

# Frequency weights: whole ones are copies of rows; the test takes their sum as the number of rows.
w <- kept; w$w <- w$year - 2006; w <- w[!is.na(w$sex), ]
x <- rep(w$bill_length_mm[w$sex == "female"], w$w[w$sex == "female"]); y <- rep(w$bill_length_mm[w$sex == "male"], w$w[w$sex == "male"])
more <- "tests/reference/analyses/regression.linear/penguins_more.csv"
p7 <- penguins[seq_len(nrow(penguins)) %% 7 != 0 & !is.na(penguins$sex) & !is.na(penguins$bill_length_mm), ]
x <- with(p7[p7$sex == "female", ], rep(bill_length_mm, year - 2006)); y <- with(p7[p7$sex == "male", ], rep(bill_length_mm, year - 2006))
add("weighted", "t.test of rows repeated by their weights", more,
  list(outcomes = arr("bill_length_mm"), group = "sex", weights = "weight"),
  list(tables = list(tests = list(row("bill_length_mm", parts(x, y))), groups = list(group_row(x)[1:4], group_row(y)[1:4]))), loose = loose, code = by_code)

# Few rows: all rearrangements.
small <- data.frame(g = rep(c("a", "b"), c(7, 8)), before = c(5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 5.3, 6.8, 7.9, 5.9, 8.4, 6.1, 5.0, 7.2, 6.6), after = c(5.6, 4.7, 6.9, 6.6, 6.1, 5.5, 6.0, 6.9, 8.4, 5.7, 9.0, 6.6, 5.5, 7.0, 7.4))
files[["small.csv"]] <- paste(c("g,before,after", paste(small$g, small$before, small$after, sep = ",")), collapse = "\n")
here <- "tests/reference/analyses/compare.t_test/small.csv"
x <- small$before[1:7]; y <- small$before[8:15]; all <- c(x, y)
tw <- function(a, b) (mean(a) - mean(b)) / sqrt(var(a) / length(a) + var(b) / length(b))
k <- combn(15, 7); d <- apply(k, 2, function(i) tw(all[i], all[-i]))
add("permuted", "all 6435 ways to deal the rows, by Welch's t", here, list(outcomes = arr("before"), group = "g", resample = TRUE, n_resamples = 500),
  list(tables = list(tests = list(row("before", parts(x, y))), resampled = list(list(p = mean(abs(d) >= abs(tw(x, y)) - 1e-12), n = 6435)))), loose = loose, code = by_code)
e <- small$after - small$before; s <- as.matrix(expand.grid(rep(list(c(-1, 1)), 15))) %*% e / 15
add("permuted_pairs", "all 2^15 ways to set the signs", here, list(design = "paired", pairs = list(list(first = "after", second = "before")), question = "greater", resample = TRUE, n_resamples = 500),
  list(tables = list(tests = list(row("after − before", parts(small$after, small$before, "paired"), side = "greater")), resampled = list(list(p = mean(s >= mean(e) - 1e-12), n = 32768)))), loose = loose, code = by_code)

# Samples of a population: svyglm of the group, svymean of a column and of differences, SDs by svyvar.
use("survey")
sampled <- "tests/data/penguins_weights.csv"; all <- read("penguins_weights.csv")
test_row <- function(name, b, se, df, level = 0.95) { t <- b / se; q <- qt((1 + level) / 2, df)
  list(outcome = name, t = t, df = df, p = 2 * pt(-abs(t), df), difference = b, std_error = se, ci_lower = b - q * se, ci_upper = b + q * se) }
sd_of <- function(formula, design) sqrt(as.numeric(svyvar(formula, design)))
mean_row <- function(name, formula, design) list(group = name, n = nrow(design), mean = as.numeric(coef(svymean(formula, design))), sd = sd_of(formula, design), std_error = as.numeric(SE(svymean(formula, design))))
p <- all[complete.cases(all[c("body_mass_g", "sex", "sample")]), ]; d <- svydesign(ids = ~1, weights = ~sample, data = p)
fit <- svyglm(body_mass_g ~ sex, d); s <- svyttest(body_mass_g ~ sex, d)
r <- test_row("body_mass_g", -coef(fit)[[2]], SE(fit)[[2]], fit$df.residual); stopifnot(all.equal(abs(r$t), abs(as.numeric(s$statistic))), r$df == s$parameter)
sds <- sapply(c("female", "male"), function(g) sd_of(~body_mass_g, subset(d, sex == g)))
add("sampled_groups", "svyttest(body_mass_g ~ sex), svyvar by sex, svydesign(ids = ~1, weights = ~sample)", sampled,
  list(outcomes = arr("body_mass_g"), group = "sex", weights = "sample", weighting = "sampling", effect = "cohen"),
  list(tables = list(tests = list(c(r, list(effect = r$difference / sqrt(mean(sds^2))))), groups = list(mean_row("female", ~body_mass_g, subset(d, sex == "female")), mean_row("male", ~body_mass_g, subset(d, sex == "male"))))), tolerance = 1e-9)
p <- all[complete.cases(all[c("bill_length_mm", "flipper_length_mm", "sample")]), ]; p$e <- p$flipper_length_mm - p$bill_length_mm; d <- svydesign(ids = ~1, weights = ~sample, data = p); m <- svymean(~e, d)
add("sampled_pairs", "svymean of flipper_length_mm - bill_length_mm, 90 %", sampled,
  list(design = "paired", pairs = list(list(first = "flipper_length_mm", second = "bill_length_mm")), weights = "sample", weighting = "sampling", level = 0.9, effect = "cohen"),
  list(tables = list(tests = list(c(test_row("flipper_length_mm − bill_length_mm", coef(m)[[1]], SE(m)[[1]], nrow(p) - 1, 0.9), list(effect = coef(m)[[1]] / sd_of(~e, d)))))), tolerance = 1e-9)
p <- all[complete.cases(all[c("bill_depth_mm", "sample")]), ]; d <- svydesign(ids = ~1, weights = ~sample, data = p); m <- svymean(~bill_depth_mm, d)
r <- test_row("bill_depth_mm", coef(m)[[1]] - 17, SE(m)[[1]], nrow(p) - 1)
add("sampled_one", "svymean(~bill_depth_mm) against 17, svyvar", sampled,
  list(design = "one_sample", outcomes = arr("bill_depth_mm"), null = 17, weights = "sample", weighting = "sampling"),
  list(tables = list(tests = list(r[c("t", "df", "p", "std_error")]), groups = list(mean_row("bill_depth_mm", ~bill_depth_mm, d)))), tolerance = 1e-9)
p <- all[complete.cases(all[c("bill_depth_mm", "sex", "count")]), ]; x <- with(p[p$sex == "female", ], rep(bill_depth_mm, count)); y <- with(p[p$sex == "male", ], rep(bill_depth_mm, count))
add("counted_student", "t.test(var.equal = TRUE) of rows repeated by count", sampled,
  list(outcomes = arr("bill_depth_mm"), group = "sex", weights = "count", variances = "student"),
  list(tables = list(tests = list({ s <- t.test(x, y, var.equal = TRUE); list(t = s$statistic, df = s$parameter, p = s$p.value, ci_lower = s$conf.int[1], ci_upper = s$conf.int[2]) }))), tolerance = 1e-9)
