# anova and Anova of car with contr.sum; emmeans for marginal means and their contrasts; oneway.test; TukeyHSD's ptukey;
# games_howell from its definition with ptukey; Dunnett by pmvt of mvtnorm; leveneTest of car; noncentralities by uniroot.
use("car"); use("emmeans"); use("mvtnorm")
options(contrasts = c("contr.sum", "contr.poly"))
ends <- function(f, d, df, level) { a <- (1 - level) / 2
  one <- function(p) if (pf(f, d, df) < p) 0 else uniroot(function(l) pf(f, d, df, l) - p, c(0, 10 * f * d + 100), extendInt = "downX", tol = 1e-11)$root
  l <- c(one(1 - a), one(a)); l / (l + d + df + 1) }
lines_of <- function(ss, d, rss, df, level = 0.95, n = NULL) {
  whole <- sum(ss) + rss; s2 <- rss / df; n <- if (is.null(n)) sum(d) + df + 1 else n
  c(lapply(seq_along(ss), function(i) { f <- ss[i] / d[i] / s2; e <- ends(f, d[i], df, level)
    list(ss = ss[i], df = d[i], ms = ss[i] / d[i], f = f, p = pf(f, d[i], df, lower.tail = FALSE), eta = ss[i] / whole, eta_partial = ss[i] / (ss[i] + rss),
      eta_partial_ci_lower = e[1], eta_partial_ci_upper = e[2], omega = (ss[i] - d[i] * s2) / (whole + s2), omega_partial = (ss[i] - d[i] * s2) / (ss[i] + (n - d[i]) * s2)) }),
    list(list(ss = rss, df = df, ms = s2)))
}
table_of <- function(fit, type, level = 0.95) {
  a <- if (type == 1) anova(fit) else { a <- Anova(fit, type = type); a[rownames(a) != "(Intercept)", ] }
  k <- nrow(a); lines_of(a[["Sum Sq"]][-k], a[["Df"]][-k], a[["Sum Sq"]][k], a[["Df"]][k], level)
}
means_of <- function(fit, term, level = 0.95) { e <- emmeans(fit, rev(term), level = level); s <- as.data.frame(e); o <- do.call(order, lapply(term, function(t) as.integer(s[[t]]))); s <- s[o, ]
  lapply(seq_len(nrow(s)), function(i) list(mean = s$emmean[i], std_error = s$SE[i], ci_lower = s$lower.CL[i], ci_upper = s$upper.CL[i])) }
# Combinations in the order of the first factor, then the second.
pairs_of <- function(fit, term, adjust, level = 0.95, tukey = adjust == "tukey") {
  e <- emmeans(fit, rev(term)); s <- as.data.frame(e); o <- do.call(order, lapply(term, function(t) as.integer(s[[t]]))); e <- e[o]
  r <- as.data.frame(pairs(e, adjust = "none", reverse = FALSE)); df <- r$df; k <- nrow(s); t <- r$t.ratio
  p <- if (tukey) ptukey(abs(t) * sqrt(2), k, df, lower.tail = FALSE) else p.adjust(2 * pt(-abs(t), df), adjust)
  reach <- if (tukey) qtukey(level, k, df) / sqrt(2) else if (adjust == "bonferroni") qt(1 - (1 - level) / (2 * length(t)), df) else qt((1 + level) / 2, df)
  lapply(seq_along(t), function(i) list(difference = r$estimate[i], std_error = r$SE[i], df = df[i], t = t[i], p_adjusted = p[i], ci_lower = (r$estimate - reach * r$SE)[i], ci_upper = (r$estimate + reach * r$SE)[i]))
}
checks_of <- function(fit, cell) { e <- residuals(fit); s <- shapiro.test(e); one <- function(l) list(statistic = l[1, 2], df1 = l[1, 1], df2 = l[2, 1], p = l[1, 3])
  list(list(statistic = s$statistic[[1]], p = s$p.value), one(leveneTest(e, cell, center = mean)), one(leveneTest(e, cell, center = median))) }
cells_of <- function(y, cell) lapply(split(y, cell), function(v) list(n = length(v), mean = mean(v), sd = sd(v)))
bare <- function(l) unname(l)
# R's ptukey and qtukey are right to about 1e-9 of 1.
# SciPy's p values of Shapiro and Wilk's test are right to about 1e-7.
by_code <- list(loose = list(p = 1e-6))
loose <- list(eta_partial_ci_lower = 1e-7, eta_partial_ci_upper = 1e-7, p_adjusted = 1e-6, ci_lower = 1e-6, ci_upper = 1e-6)

p <- penguins[!is.na(penguins$body_mass_g), ]
fit <- lm(body_mass_g ~ species, p); w <- oneway.test(body_mass_g ~ species, p)
gh <- { s <- split(p$body_mass_g, p$species); m <- sapply(s, mean); v <- sapply(s, var) / lengths(s); k <- combn(3, 2)
  lapply(1:3, function(i) { a <- k[1, i]; b <- k[2, i]; d <- m[[a]] - m[[b]]; e <- sqrt(v[[a]] + v[[b]]); df <- e^4 / (v[[a]]^2 / (length(s[[a]]) - 1) + v[[b]]^2 / (length(s[[b]]) - 1))
    q <- qtukey(.95, 3, df) / sqrt(2); list(difference = d, std_error = e, df = df, t = d / e, p_adjusted = ptukey(abs(d / e) * sqrt(2), 3, df, lower.tail = FALSE), ci_lower = d - q * e, ci_upper = d + q * e) }) }
add("one_way", "anova(lm(body_mass_g ~ species)), oneway.test, Games and Howell", penguins_file, list(outcome = "body_mass_g", factors = arr("species"), post_hoc = "games_howell"),
  list(tables = list(anova = table_of(fit, 1), welch = list(list(f = w$statistic[[1]], df1 = w$parameter[[1]], df2 = w$parameter[[2]], p = w$p.value)), comparisons_1 = gh,
    means_1 = means_of(fit, "species"), checks = checks_of(fit, p$species), cells = bare(cells_of(p$body_mass_g, p$species)))), loose = loose, code = c(by_code, floor = 1e-9), floor = 1e-9)
fit <- lm(flipper_length_mm ~ island, p); f <- split(p$flipper_length_mm, p$island)
add("tukey", "TukeyHSD(aov(flipper_length_mm ~ island))", penguins_file, list(outcome = "flipper_length_mm", factors = arr("island"), level = 0.9),
  list(tables = list(anova = table_of(fit, 1, 0.9), comparisons_1 = pairs_of(fit, "island", "tukey", 0.9), means_1 = { m <- means_of(fit, "island", 0.9); l <- c("a", "b", "b"); l <- multcompView::multcompLetters(setNames(sapply(pairs_of(fit, "island", "tukey", 0.9), `[[`, "p_adjusted"), c("Biscoe-Dream", "Biscoe-Torgersen", "Dream-Torgersen")), threshold = 0.1)$Letters[levels(p$island)]
    Map(function(r, x) c(r, letters = x), m, bare(l)) })), loose = loose, code = c(by_code, floor = 1e-9), floor = 1e-9)
s2 <- sigma(fit)^2; df <- df.residual(fit); n <- lengths(f); d <- sapply(f, mean)[-2] - mean(f[[2]]); se <- sqrt(s2 * (1 / n[-2] + 1 / n[2])); l <- sqrt(n[-2] / (n[-2] + n[2])); R <- outer(l, l); diag(R) <- 1
set.seed(1); quiet <- GenzBretz(maxpts = 5e6, abseps = 1e-9)
pd <- sapply(abs(d / se), function(t) 1 - pmvt(rep(-t, 2), rep(t, 2), df = df, corr = R, algorithm = quiet))
q <- uniroot(function(t) pmvt(rep(-t, 2), rep(t, 2), df = df, corr = R, algorithm = quiet) - 0.95, c(1.5, 3), tol = 1e-8)$root
add("dunnett", "Dunnett by pmvt", penguins_file, list(outcome = "flipper_length_mm", factors = arr("island"), post_hoc = "dunnett", control = "Dream"),
  list(tables = list(comparisons_1 = lapply(1:2, function(i) list(difference = d[[i]], std_error = se[[i]], df = df, t = d[[i]] / se[[i]], p_adjusted = pd[[i]], ci_lower = d[[i]] - q * se[[i]], ci_upper = d[[i]] + q * se[[i]])))), loose = loose, floor = 1e-8)

b <- penguins[complete.cases(penguins[c("bill_length_mm", "species", "sex", "flipper_length_mm")]), ]
fit <- lm(bill_length_mm ~ flipper_length_mm + species * sex, b); cell <- interaction(b$species, b$sex, lex.order = TRUE)
for (type in 1:3) add(paste0("covariate_type_", type), paste("Anova(lm(bill_length_mm ~ flipper_length_mm + species * sex), type =", type, "), emmeans"), penguins_file,
  list(outcome = "bill_length_mm", factors = arr(c("species", "sex")), covariates = arr("flipper_length_mm"), compare_interactions = TRUE, sums = c("i", "ii", "iii")[type], post_hoc = c("holm", "bonferroni", "tukey")[type]),
  list(tables = list(anova = table_of(fit, type), means_1 = means_of(fit, "species"), means_2 = means_of(fit, "sex"), means_3 = means_of(fit, c("species", "sex")),
    comparisons_1 = pairs_of(fit, "species", c("holm", "bonferroni", "tukey")[type]), comparisons_3 = pairs_of(fit, c("species", "sex"), c("holm", "bonferroni", "tukey")[type]),
    checks = checks_of(fit, cell))), loose = loose, code = c(by_code, floor = 1e-9), floor = 1e-9)
# Simple effects by joint_tests, comparisons within levels by pairs; letters by multcompLetters.
simple_tests <- function(fit, two) do.call(c, lapply(1:2, function(v) { other <- two[3 - v]; j <- joint_tests(fit, by = other); j <- as.data.frame(j); j <- j[j[["model term"]] == two[v], ]; lv <- fit$xlevels[[other]]
  e <- emmeans(fit, two[v], by = other); s <- as.data.frame(e); s <- s[s[[other]] == lv[1], ]
  lapply(lv, function(l) { k <- test(contrast(e[which(as.data.frame(e)[[other]] == l)], "consec"), joint = TRUE); f <- k$F.ratio; r <- j[j[[other]] == l, ]; stopifnot(abs(r$F.ratio - f) < 0.01, r$df1 == k$df1)
    q <- contrast(e[which(as.data.frame(e)[[other]] == l)], "consec"); b <- coef_of(q); f <- drop(t(b$d) %*% solve(b$v, b$d)) / length(b$d)
    list(f = f, df1 = k$df1, df2 = df.residual(fit), p = pf(f, k$df1, df.residual(fit), lower.tail = FALSE), eta_partial = f * k$df1 / (f * k$df1 + df.residual(fit))) }) }))
# joint_tests rounds its F: the same from the contrasts and their covariances, unrounded.
coef_of <- function(q) list(d = as.data.frame(q)$estimate, v = vcov(q))
simple_pairs <- function(fit, two, adjust) do.call(c, lapply(1:2, function(v) { other <- two[3 - v]; lv <- fit$xlevels[[other]]; e <- emmeans(fit, two[v], by = other); g <- as.data.frame(e)[[other]]
  do.call(c, lapply(lv, function(l) { r <- as.data.frame(pairs(e[which(g == l)], adjust = "none")); t <- r$t.ratio; df <- r$df; k <- sum(g == l)
    p <- if (adjust == "tukey") ptukey(abs(t) * sqrt(2), k, df, lower.tail = FALSE) else p.adjust(2 * pt(-abs(t), df), adjust)
    reach <- if (adjust == "tukey") qtukey(0.95, k, df) / sqrt(2) else qt(0.975, df)
    lapply(seq_along(t), function(i) list(difference = r$estimate[i], std_error = r$SE[i], df = df[i], t = t[i], p_adjusted = p[i], ci_lower = (r$estimate - reach * r$SE)[i], ci_upper = (r$estimate + reach * r$SE)[i])) })) }))
lettered <- function(means, pairs) { k <- length(means); two <- combn(k, 2); m <- matrix(1, k, k, dimnames = list(letters[1:k], letters[1:k])); m[t(two)] <- sapply(pairs, `[[`, "p_adjusted"); m <- pmin(m, t(m)); o <- order(-sapply(means, `[[`, "mean")); m <- m[o, o]
  l <- multcompView::multcompLetters(m, threshold = 0.05)$Letters[letters[1:k]]; Map(function(r, x) c(r, letters = x), means, unname(l)) }
for (adjust in c("tukey", "hommel")) { two <- c("species", "sex"); f2 <- lm(body_mass_g ~ species * sex, b)
  add(paste0("simple_", adjust), paste0("joint_tests and pairs of emmeans by levels, lm(body_mass_g ~ species * sex), ", adjust, "; multcompLetters"), penguins_file,
    list(outcome = "body_mass_g", factors = arr(two), post_hoc = adjust, simple_effects = TRUE, compare_interactions = TRUE),
    list(tables = list(simple_3 = simple_tests(f2, two), simple_comparisons_3 = simple_pairs(f2, two, adjust), comparisons_3 = pairs_of(f2, two, adjust), means_3 = lettered(means_of(f2, two), pairs_of(f2, two, adjust)))), loose = loose, code = c(by_code, floor = 1e-8), floor = 1e-9) }
f2 <- lm(bill_length_mm ~ flipper_length_mm + sex * species, b); two <- c("sex", "species")
add("simple_covariate", "joint_tests and pairs of emmeans by levels, lm(bill_length_mm ~ flipper_length_mm + sex * species), Benjamini and Yekutieli", penguins_file,
  list(outcome = "bill_length_mm", factors = arr(two), covariates = arr("flipper_length_mm"), post_hoc = "by", simple_effects = TRUE),
  list(tables = list(simple_3 = simple_tests(f2, two), simple_comparisons_3 = simple_pairs(f2, two, "BY"))), loose = loose, code = c(by_code, floor = 1e-8), floor = 1e-9)
add("three_factors", "Anova(lm(body_mass_g ~ sex * factor(year) + island + sex:island), type = 2)", penguins_file,
  list(outcome = "body_mass_g", factors = arr(c("sex", "year", "island")), interactions = "chosen", chosen = list(arr(c("sex", "year")), arr(c("island", "sex"))), sums = "ii", post_hoc = "none"),
  list(tables = list(anova = { c <- b[, ]; c$year <- factor(c$year); fit <- lm(body_mass_g ~ sex + year + island + sex:year + sex:island, c); table_of(fit, 2) },
    means_3 = means_of(fit, "island"))), loose = loose)
# Weights: inverse variances as lm takes them; frequencies as rows repeated.
more <- "tests/reference/analyses/regression.linear/penguins_more.csv"
m <- penguins; m$weight <- ifelse(seq_len(nrow(m)) %% 7 == 0, NA, m$year - 2006); m <- m[complete.cases(m[c("bill_depth_mm", "species", "sex", "weight")]), ]
fit <- lm(bill_depth_mm ~ species * sex, m, weights = weight)
add("analytic", "Anova(lm(bill_depth_mm ~ species * sex, weights = weight), type = 3)", more, list(outcome = "bill_depth_mm", factors = arr(c("species", "sex")), weights = "weight", weighting = "analytic", post_hoc = "none"),
  list(tables = list(anova = table_of(fit, 3), means_1 = means_of(fit, "species"))), loose = loose)
r <- m[rep(seq_len(nrow(m)), m$weight), ]; fit <- lm(bill_depth_mm ~ species * sex, r)
add("frequency", "Anova(lm(bill_depth_mm ~ species * sex), type = 3) of rows repeated by their weights", more, list(outcome = "bill_depth_mm", factors = arr(c("species", "sex")), weights = "weight", post_hoc = "none"),
  list(tables = list(anova = table_of(fit, 3), means_3 = means_of(fit, c("species", "sex")))), loose = loose)
# Few rows: a permutation test near all rearrangements of coin.
