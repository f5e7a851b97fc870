# lm with clustered and bootstrapped errors, blocks, curves: sandwich, boot, splines, lmtest's Wald tests.
use("sandwich"); use("splines"); use("boot"); use("lmtest")
used <- function(df, columns) droplevels(df[complete.cases(df[columns]), ])
# b, its errors, t tests with df degrees of freedom.
table_of <- function(fit, v = vcov(fit), df = df.residual(fit), level = 0.95) {
  b <- coef(fit); se <- sqrt(diag(v))[names(b)]; t <- b / se; q <- qt((1 + level) / 2, df)
  lapply(seq_along(b), function(j) list(estimate = b[j], std_error = se[j], t = t[j], p = 2 * pt(-abs(t[j]), df), ci_lower = b[j] - q * se[j], ci_upper = b[j] + q * se[j]))
}
# Each of the nested fits against the one before, by its own residuals or by Wald's test.
blocks_of <- function(fits, v = vcov, df = df.residual) {
  before <- update(fits[[1]], . ~ 1)
  lapply(seq_along(fits), function(i) {
    small <- if (i > 1) fits[[i - 1]] else before; big <- fits[[i]]; s <- summary(big)
    w <- waldtest(small, big, vcov = v, test = "F"); f <- w$F[2]; df1 <- abs(w$Df[2])
    if (identical(v, vcov)) stopifnot(all.equal(f, anova(small, big)$F[2]))
    list(block = i, r_squared = s$r.squared, adj_r_squared = s$adj.r.squared, delta_r_squared = s$r.squared - (if (i > 1) summary(small)$r.squared else 0),
      f = f, df1 = df1, df2 = df(big), p = pf(f, df1, df(big), lower.tail = FALSE), aic = AIC(big))
  })
}
wald <- function(b, v, df) { f <- drop(b %*% solve(v, b)) / length(b); list(f = f, df1 = length(b), p = pf(f, length(b), df, lower.tail = FALSE)) }
wald_of <- function(fit, at, v = vcov(fit), df = df.residual(fit)) wald(coef(fit)[at], v[at, at], df)
curve_of <- function(any, bend, knots, df2) {
  row <- list(f = any$f, df1 = any$df1, p = any$p); if (!is.null(bend)) row <- c(row, list(f_bend = bend$f, df1_bend = bend$df1, p_bend = bend$p))
  c(row, list(df2 = df2))
}
# The expected mean along x, other factors alike and numbers at their means: the band of the chart.
along <- function(fit, data, name, level = 0.95, v = vcov(fit), df = df.residual(fit)) {
  x <- seq(min(data[[name]]), max(data[[name]]), length.out = 81); q <- qt((1 + level) / 2, df)
  tt <- delete.response(terms(fit)); vars <- all.vars(tt)
  grid <- do.call(expand.grid, c(lapply(setNames(vars, vars), function(n) if (n == name) x else if (is.factor(data[[n]])) factor(levels(data[[n]]), levels(data[[n]])) else mean(data[[n]]))))
  m <- model.matrix(tt, model.frame(tt, grid, xlev = fit$xlevels))
  l <- t(sapply(x, function(v) colMeans(m[grid[[name]] == v, , drop = FALSE])))
  y <- drop(l %*% coef(fit)); se <- sqrt(rowSums((l %*% v) * l))
  list(marks = list(list(mark = "band", x = arr(x), low = arr(y - q * se), high = arr(y + q * se)), list(mark = "line", x = arr(x), y = arr(y))))
}

# Clusters: days by state, and rows that lack the cluster.
churn <- read("telecom_churn.csv")
fit <- lm(total_day_charge ~ churn + number_customer_service_calls + international_plan, churn)
g <- nlevels(churn$state)
add("cluster", "lm(total_day_charge ~ churn + number_customer_service_calls + international_plan), vcovCL(cluster = state, type = HC1), t with G - 1 degrees of freedom", "../shared/data/telecom_churn.csv",
  list(outcome = "total_day_charge", predictors = arr(c("churn", "number_customer_service_calls", "international_plan")), errors = "cluster", cluster = "state"),
  list(tables = list(coefficients = table_of(fit, vcovCL(fit, churn$state, type = "HC1"), g - 1))), tolerance = 1e-9)

p0 <- used(penguins, c("body_mass_g", "flipper_length_mm", "species", "bill_depth_mm", "island"))
fit <- lm(body_mass_g ~ flipper_length_mm + species, p0, weights = bill_depth_mm)
add("cluster_weighted", "lm(body_mass_g ~ flipper_length_mm + species, weights = bill_depth_mm), vcovCL(cluster = island, type = HC1), three clusters; level 0.9", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "bill_depth_mm", errors = "cluster", cluster = "island", level = 0.9),
  list(tables = list(coefficients = table_of(fit, vcovCL(fit, p0$island, type = "HC1"), 2, 0.9)), sentences = list("regression.linear.few_clusters" = list(list(n = 3)))), tolerance = 1e-8)

# Resamples: other generators agree but for chance. 40,000 resamples of R against 20,000 of ours.
p <- used(penguins, c("bill_length_mm", "bill_depth_mm", "species"))
fit <- lm(bill_length_mm ~ bill_depth_mm + species, p); set.seed(20)
drawn <- boot(p, function(d, i) { x <- model.matrix(fit); lm.fit(x[i, ], d$bill_length_mm[i])$coefficients }, R = 40000)
ends <- t(sapply(1:4, function(j) boot.ci(drawn, type = "perc", index = j)$percent[4:5]))
add("bootstrap", "lm(bill_length_mm ~ bill_depth_mm + species), boot of rows, R = 40000, percentile intervals; both sides are random: two per cent", penguins_file,
  list(outcome = "bill_length_mm", predictors = arr(c("bill_depth_mm", "species")), errors = "bootstrap", resamples = 20000),
  list(tables = list(coefficients = lapply(1:4, function(j) list(estimate = coef(fit)[j], std_error = sd(drawn$t[, j]), ci_lower = ends[j, 1], ci_upper = ends[j, 2])))),
  tolerance = 1e-9, loose = list(std_error = 0.025, ci_lower = 0.025, ci_upper = 0.025))

# Blocks: all rows that all blocks can use.
p <- used(penguins, c("body_mass_g", "sex", "island", "flipper_length_mm", "bill_length_mm"))
fits <- list(lm(body_mass_g ~ sex, p), lm(body_mass_g ~ sex + flipper_length_mm + island, p), lm(body_mass_g ~ sex + flipper_length_mm + island + bill_length_mm, p),
  lm(body_mass_g ~ sex + flipper_length_mm + island + bill_length_mm + sex:flipper_length_mm, p))
add("blocks", "anova of nested lm on the rows of the whole model: sex; + flipper_length_mm + island; + bill_length_mm; + sex:flipper_length_mm", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("sex", "island", "flipper_length_mm", "bill_length_mm")), interactions = list(arr(c("sex", "flipper_length_mm"))),
    blocks = list(list(columns = arr("sex")), list(columns = arr(c("flipper_length_mm", "island"))))),
  list(tables = list(blocks = blocks_of(fits)), sentences = list("regression.linear.last_block" = list(list(df1 = 1, df2 = df.residual(fits[[4]])))) ))
add("blocks_robust", "waldtest of nested lm with vcovHC(type = HC3)", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("sex", "island", "flipper_length_mm", "bill_length_mm")), interactions = list(arr(c("sex", "flipper_length_mm"))),
    blocks = list(list(columns = arr("sex")), list(columns = arr(c("flipper_length_mm", "island")))), errors = "hc3"),
  list(tables = list(blocks = blocks_of(fits, function(fit) vcovHC(fit, type = "HC3")))))
fits <- list(lm(total_day_charge ~ churn, churn), lm(total_day_charge ~ churn + number_customer_service_calls + international_plan, churn))
add("blocks_cluster", "waldtest of nested lm with vcovCL(cluster = state, type = HC1), G - 1 degrees of freedom", "../shared/data/telecom_churn.csv",
  list(outcome = "total_day_charge", predictors = arr(c("number_customer_service_calls", "churn", "international_plan")), blocks = list(list(columns = arr("churn"))), errors = "cluster", cluster = "state"),
  list(tables = list(blocks = blocks_of(fits, function(fit) vcovCL(fit, churn$state, type = "HC1"), function(fit) g - 1))))

# Curves.
p <- used(penguins, c("body_mass_g", "flipper_length_mm", "bill_depth_mm", "sex"))
fit <- lm(body_mass_g ~ ns(flipper_length_mm, df = 4) + poly(bill_depth_mm, 3) + sex, p)
line_1 <- lm(body_mass_g ~ flipper_length_mm + poly(bill_depth_mm, 3) + sex, p); line_2 <- lm(body_mass_g ~ ns(flipper_length_mm, df = 4) + bill_depth_mm + sex, p)
bend <- function(line, fit) { a <- anova(line, fit); list(f = a$F[2], df1 = a$Df[2], p = a$`Pr(>F)`[2]) }
add("curves", "lm(body_mass_g ~ ns(flipper_length_mm, df = 4) + poly(bill_depth_mm, 3) + sex); anova against straight lines", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "bill_depth_mm", "sex")),
    curves = list(list(column = "flipper_length_mm", shape = "natural", knots = 3), list(column = "bill_depth_mm", shape = "orthogonal", degree = 3))),
  list(tables = list(coefficients = table_of(fit), fit = list(list(r_squared = summary(fit)$r.squared, df_residual = df.residual(fit))),
      curves = list(curve_of(wald_of(fit, 2:5), bend(line_1, fit), 3, df.residual(fit)), curve_of(wald_of(fit, 6:8), bend(line_2, fit), 0, df.residual(fit)))),
    charts = list(curve_1 = along(fit, p, "flipper_length_mm"), curve_2 = along(fit, p, "bill_depth_mm"))), tolerance = 1e-8)

p <- used(penguins, c("body_mass_g", "flipper_length_mm", "year", "sex"))
p$w <- p$year - 2006
more <- penguins; more$w <- more$year - 2006
files[["penguins_w.csv"]] <- paste(c(paste(names(more), collapse = ","), do.call(paste, c(lapply(more, function(v)
  ifelse(is.na(v), "", if (is.factor(v)) as.character(v) else sprintf("%.17g", v))), sep = ","))), collapse = "\n")
fit <- lm(body_mass_g ~ bs(flipper_length_mm, knots = c(190, 205.5)) * sex, p, weights = w)
v <- vcovHC(fit, type = "HC3")
add("curves_by_group", "lm(body_mass_g ~ bs(flipper_length_mm, knots = c(190, 205.5)) * sex, weights = w), vcovHC(type = HC3)", "tests/reference/analyses/regression.linear/penguins_w.csv",
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "sex")), interactions = list(arr(c("flipper_length_mm", "sex"))), weights = "w", errors = "hc3",
    curves = list(list(column = "flipper_length_mm", shape = "b_spline", places = "190 205.5"))),
  list(tables = list(coefficients = table_of(fit, v), curves = list(curve_of(wald_of(fit, c(2:6, 8:12), v), NULL, 2, df.residual(fit)))),
    charts = list(curve_1 = along(fit, p, "flipper_length_mm", v = v))), tolerance = 1e-7)

p <- used(penguins, c("bill_length_mm", "bill_depth_mm", "species"))
fit <- lm(bill_length_mm ~ poly(bill_depth_mm, 2, raw = TRUE) + species, p)
fits <- list(lm(bill_length_mm ~ species, p), fit)
add("powers", "lm(bill_length_mm ~ poly(bill_depth_mm, 2, raw = TRUE) + species), in blocks", penguins_file,
  list(outcome = "bill_length_mm", predictors = arr(c("bill_depth_mm", "species")), curves = list(list(column = "bill_depth_mm", shape = "raw", degree = 2)), blocks = list(list(columns = arr("species")))),
  list(tables = list(coefficients = table_of(fit), blocks = blocks_of(fits), curves = list(curve_of(wald_of(fit, 2:3), wald_of(fit, 3), 0, df.residual(fit)))),
    charts = list(curve_1 = along(fit, p, "bill_depth_mm"))), tolerance = 1e-8)

# Marginal means and slopes: emmeans, every number at its mean. A slope is the difference of the means one apart.
use("emmeans")
means_of <- function(fit, names, data, level = 0.95, ...) {
  s <- summary(emmeans(fit, rev(names), cov.keep = character(0), ...), infer = TRUE, level = level)
  lapply(seq_len(nrow(s)), function(i) c(setNames(lapply(names, function(n) as.character(s[[n]][i])), paste0("level_", seq_along(names))),
    list(mean = s[[attr(s, "estName")]][i], std_error = s$SE[i], ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i])))
}
# Of nothing that is estimable emmeans gives no test.
at_row <- function(v, i) if (is.null(v)) NA else v[i]
pairs_of <- function(fit, names, adjust, level = 0.95, ...) {
  s <- summary(contrast(emmeans(fit, rev(names), cov.keep = character(0), ...), "pairwise"), infer = TRUE, level = level, adjust = adjust)
  lapply(seq_len(nrow(s)), function(i) list(difference = s[[attr(s, "estName")]][i], std_error = s$SE[i], t = at_row(s[["t.ratio"]], i), p_adjusted = at_row(s$p.value, i),
    ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i]))
}
slopes_of <- function(fit, name, by = NULL, at = list(), level = 0.95, ...) {
  e <- emmeans(fit, c(name, by), at = c(setNames(list(c(0, 1)), name), at), cov.keep = character(0), ...)
  s <- summary(contrast(e, "revpairwise", by = by), infer = TRUE, level = level, adjust = "none", by = NULL)
  lapply(seq_len(nrow(s)), function(i) list(slope = s$estimate[i], std_error = s$SE[i], t = s[["t.ratio"]][i], p = s$p.value[i],
    ci_lower = s[[attr(s, "clNames")[1]]][i], ci_upper = s[[attr(s, "clNames")[2]]][i]))
}

p <- used(penguins, c("body_mass_g", "flipper_length_mm", "species", "sex"))
fit <- lm(body_mass_g ~ flipper_length_mm + species + sex + flipper_length_mm:species + species:sex, p)
add("means", "emmeans of lm(body_mass_g ~ flipper_length_mm * species + species * sex): species by sex; species, pairs by Tukey; slopes of flipper_length_mm by species", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species", "sex")), interactions = list(arr(c("flipper_length_mm", "species")), arr(c("species", "sex"))),
    means = list(list(columns = arr(c("species", "sex"))), list(columns = arr("species"), compare = "tukey")), slopes = list(list(column = "flipper_length_mm", by = "species"), list(column = "flipper_length_mm"))),
  list(tables = list(means_1 = means_of(fit, c("species", "sex"), p), means_2 = means_of(fit, "species", p), pairs_2 = pairs_of(fit, "species", "tukey"),
    slopes_1 = slopes_of(fit, "flipper_length_mm", "species"), slopes_2 = slopes_of(fit, "flipper_length_mm")),
    charts = list(means_2 = list(marks = list(list(centre = arr(sapply(means_of(fit, "species", p), function(r) r$mean))))))), tolerance = 1e-8, floor = 1e-11)

p <- used(penguins, c("body_mass_g", "flipper_length_mm", "bill_depth_mm", "island"))
fit <- lm(body_mass_g ~ flipper_length_mm * bill_depth_mm + island, p); v <- vcovHC(fit, type = "HC3")
at <- list(bill_depth_mm = mean(p$bill_depth_mm) + c(-1, 0, 1) * sd(p$bill_depth_mm))
add("means_robust", "emmeans of lm(body_mass_g ~ flipper_length_mm * bill_depth_mm + island) with vcovHC(type = HC3), level 0.9: island, pairs by Holm; slopes at the mean of bill_depth_mm and one SD to each side", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "bill_depth_mm", "island")), interactions = list(arr(c("flipper_length_mm", "bill_depth_mm"))), errors = "hc3", level = 0.9,
    means = list(list(columns = arr("island"), compare = "holm")), slopes = list(list(column = "flipper_length_mm", by = "bill_depth_mm"))),
  list(tables = list(means_1 = means_of(fit, "island", p, 0.9, vcov. = v), pairs_1 = pairs_of(fit, "island", "holm", 0.9, vcov. = v),
    slopes_1 = slopes_of(fit, "flipper_length_mm", "bill_depth_mm", at, 0.9, vcov. = v))), tolerance = 1e-7)

p <- used(penguins, c("body_mass_g", "species", "island", "year"))
fit <- lm(body_mass_g ~ year + species * island, p)
add("means_of_empty_cells", "emmeans of lm(body_mass_g ~ year + species * island), whose cells are empty but for five: what is not estimable is missing", penguins_file,
  list(outcome = "body_mass_g", predictors = arr(c("year", "species", "island")), interactions = list(arr(c("species", "island"))),
    means = list(list(columns = arr(c("species", "island"))), list(columns = arr("species"), compare = "unadjusted"))),
  list(tables = list(means_1 = means_of(fit, c("species", "island"), p), means_2 = means_of(fit, "species", p), pairs_2 = pairs_of(fit, "species", "none"))), tolerance = 1e-7)

p <- used(penguins, c("bill_length_mm", "bill_depth_mm", "species"))
fit <- lm(bill_length_mm ~ poly(bill_depth_mm, 2, raw = TRUE) * species, p); m <- mean(p$bill_depth_mm); b <- coef(fit); df <- df.residual(fit)
terms <- lapply(c("Adelie", "Chinstrap", "Gentoo"), function(s) { l <- setNames(rep(0, length(b)), names(b)); l[2:3] <- c(1, 2 * m)
  if (s != "Adelie") for (k in 1:2) l[paste0("poly(bill_depth_mm, 2, raw = TRUE)", k, ":species", s)] <- c(1, 2 * m)[k]; l })
add("slope_of_curve", "lm(bill_length_mm ~ poly(bill_depth_mm, 2, raw = TRUE) * species): the derivative at the mean of bill_depth_mm by species; emmeans of species", penguins_file,
  list(outcome = "bill_length_mm", predictors = arr(c("bill_depth_mm", "species")), interactions = list(arr(c("bill_depth_mm", "species"))),
    curves = list(list(column = "bill_depth_mm", shape = "orthogonal", degree = 2)), means = list(list(columns = arr("species"), compare = "bonferroni")), slopes = list(list(column = "bill_depth_mm", by = "species"))),
  list(tables = list(means_1 = means_of(fit, "species", p), pairs_1 = pairs_of(fit, "species", "bonferroni"),
    slopes_1 = lapply(terms, function(l) { e <- sum(l * b); se <- sqrt(drop(l %*% vcov(fit) %*% l)); t <- e / se
      list(slope = e, std_error = se, t = t, p = 2 * pt(-abs(t), df), ci_lower = e - qt(0.975, df) * se, ci_upper = e + qt(0.975, df) * se) }))), tolerance = 1e-7)

# Weights that count rows: lm of the rows repeated; of counts that are not whole the same formulas by hand.
weighted <- "tests/data/penguins_weights.csv"; w <- read("penguins_weights.csv")
p <- used(w, c("body_mass_g", "flipper_length_mm", "species", "flock")); long <- p[rep(seq_len(nrow(p)), p$count), ]
formula <- body_mass_g ~ flipper_length_mm + species
fit_row <- function(fit) { s <- summary(fit); f <- s$fstatistic; list(list(r_squared = s$r.squared, adj_r_squared = s$adj.r.squared, sigma = s$sigma,
  rmse = sqrt(deviance(fit) / nobs(fit)), f = f[[1]], df_model = f[[2]], df_residual = f[[3]], p = pf(f[[1]], f[[2]], f[[3]], lower.tail = FALSE),
  aic = AIC(fit), bic = BIC(fit), log_likelihood = as.numeric(logLik(fit)), n = nobs(fit))) }
fit <- lm(formula, long); b <- bptest(fit)
add("counted", "lm(body_mass_g ~ flipper_length_mm + species) of the rows repeated by count; bptest", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "count", weighting = "frequency"),
  list(tables = list(coefficients = table_of(fit), fit = fit_row(fit), checks = list(list(check = "Breusch–Pagan", statistic = b$statistic, df = b$parameter, p = b$p.value)))), tolerance = 1e-9)
add("counted_robust", "lm(body_mass_g ~ flipper_length_mm + species) of the rows repeated by count, vcovHC(type = HC2)", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "count", weighting = "frequency", errors = "hc2"),
  list(tables = list(coefficients = table_of(fit, vcovHC(fit, type = "HC2")))), tolerance = 1e-9)
add("counted_clusters", "lm(body_mass_g ~ flipper_length_mm + species) of the rows repeated by count, vcovCL(cluster = ~flock, type = HC1)", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "count", weighting = "frequency", errors = "cluster", cluster = "flock"),
  list(tables = list(coefficients = table_of(fit, vcovCL(fit, cluster = long$flock, type = "HC1"), 23))), tolerance = 1e-9)
fit <- lm(formula, p, weights = amount); n <- sum(p$amount); k <- length(coef(fit)); s2 <- deviance(fit) / (n - k)
add("counted_amounts", "lm(body_mass_g ~ flipper_length_mm + species, weights = amount), its variance over sum(amount) - 4", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "amount", weighting = "frequency"),
  list(tables = list(coefficients = table_of(fit, s2 * summary(fit)$cov.unscaled, n - k), fit = list(list(r_squared = summary(fit)$r.squared, sigma = sqrt(s2), n = n, df_residual = n - k,
    f = summary(fit)$fstatistic[[1]] * (n - k) / df.residual(fit), log_likelihood = -n / 2 * (log(2 * pi) + 1 + log(deviance(fit) / n)))))), tolerance = 1e-9)

# Samples of a population: survey.
use("survey")
sample_fit <- function(fit, plain) { b <- coef(fit)[names(coef(fit)) != "(Intercept)"]; v <- vcov(fit)[names(b), names(b)]; test <- wald(b, v, fit$df.residual)
  list(list(r_squared = summary(plain)$r.squared, sigma = sigma(plain), f = test$f, df_model = test$df1, df_residual = fit$df.residual, p = test$p, n = nobs(plain))) }
p <- used(w, c("body_mass_g", "flipper_length_mm", "species", "sample", "flock")); p$one <- p$sample / mean(p$sample)
design <- svydesign(ids = ~1, weights = ~sample, data = p); fit <- svyglm(formula, design)
add("sampled", "svyglm(body_mass_g ~ flipper_length_mm + species, svydesign(ids = ~1, weights = ~sample))", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "sample", weighting = "sampling"),
  list(tables = list(coefficients = table_of(fit, vcov(fit), fit$df.residual), fit = sample_fit(fit, lm(formula, p, weights = one)))), tolerance = 1e-9)
formula2 <- body_mass_g ~ flipper_length_mm + species + flipper_length_mm:species
design <- svydesign(ids = ~flock, weights = ~sample, data = p); fit <- svyglm(formula2, design)
slope <- function(name) summary(contrast(emmeans(fit, c("flipper_length_mm", "species"), at = list(flipper_length_mm = c(0, 1))), "revpairwise", by = "species"), infer = TRUE, adjust = "none", by = NULL)
s <- slope()
add("sampled_clusters", "svyglm(body_mass_g ~ flipper_length_mm * species, svydesign(ids = ~flock, weights = ~sample)), level 0.9; emmeans slopes of flipper_length_mm by species", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), interactions = list(arr(c("flipper_length_mm", "species"))), weights = "sample", weighting = "sampling", errors = "cluster", cluster = "flock", level = 0.9,
    slopes = list(list(column = "flipper_length_mm", by = "species"))),
  list(tables = list(coefficients = table_of(fit, vcov(fit), fit$df.residual, 0.9), fit = sample_fit(fit, lm(formula2, p, weights = one)),
    slopes_1 = lapply(1:3, function(i) list(slope = s$estimate[i], std_error = s$SE[i], t = s$t.ratio[i], p = s$p.value[i])))), tolerance = 1e-8)
design <- svydesign(ids = ~flock, weights = ~sample, data = p); fit <- svyglm(formula, design)
add("sampled_clusters_plain", "svyglm(body_mass_g ~ flipper_length_mm + species, svydesign(ids = ~flock, weights = ~sample))", weighted,
  list(outcome = "body_mass_g", predictors = arr(c("flipper_length_mm", "species")), weights = "sample", weighting = "sampling", errors = "cluster", cluster = "flock"),
  list(tables = list(coefficients = table_of(fit, vcov(fit), fit$df.residual))), tolerance = 1e-9)
