# aov_car of afex (Anova of car with contr.sum): the univariate tests, Mauchly's tests, both ε and generalised η²; emmeans of
# the multivariate model for marginal means and their comparisons; noncentralities by uniroot; multcompLetters.
use("afex"); use("car"); use("emmeans"); use("multcompView")
afex_options(emmeans_model = "multivariate", include_aov = FALSE)
reactions_file <- "tests/data/reactions.csv"
here <- "tests/reference/analyses/compare.repeated_measures/"
wide <- read("reactions.csv")
cells <- c("quiet_easy", "quiet_medium", "quiet_hard", "noise_easy", "noise_medium", "noise_hard")
longer <- function(d, keep) { l <- reshape(d[c(keep, cells)], direction = "long", varying = cells, v.names = "ms", idvar = "person", timevar = "cell", times = cells)
  l$sound <- factor(sub("_.*", "", l$cell), c("quiet", "noise")); l$task <- factor(sub(".*_", "", l$cell), c("easy", "medium", "hard")); l }
ends <- function(f, d, df, level) { a <- (1 - level) / 2
  one <- function(p) if (pf(f, d, df) < p) 0 else uniroot(function(l) pf(f, d, df, l) - p, c(0, 10 * f * d + 100), extendInt = "downX", tol = 1e-11)$root
  l <- c(one(1 - a), one(a)); l / (l + d + df + 1) }
# What car says of the terms, in the report's order.
tests_of <- function(fit, ges, order, level = 0.95) {
  s <- suppressWarnings(summary(fit$Anova, multivariate = FALSE)); u <- unclass(s$univariate.tests)
  lines <- lapply(order, function(t) { r <- u[t, ]; e <- ends(r[[5]], r[[2]], r[[4]], level)
    list(ss = r[[1]], df = r[[2]], ss_error = r[[3]], df_error = r[[4]], f = r[[5]], p = r[[6]], eta_generalised = ges[t, "ges"],
      eta_partial = r[[1]] / (r[[1]] + r[[3]]), eta_partial_ci_lower = e[1], eta_partial_ci_upper = e[2]) })
  out <- list(anova = lines)
  adjusted <- s$pval.adjustments
  if (length(adjusted)) {
    own <- intersect(order, rownames(adjusted))
    out$corrected <- do.call(c, lapply(own, function(t) { r <- u[t, ]; q <- df_of[[t]]; eps <- c(adjusted[t, "GG eps"], max(min(adjusted[t, "HF eps"], 1), 1 / q), 1 / q)
      lapply(seq_along(eps), function(i) list(epsilon = eps[i], df1 = eps[i] * r[[2]], df2 = eps[i] * r[[4]], f = r[[5]],
        p = if (i == 1) adjusted[t, "Pr(>F[GG])"] else if (i == 2) adjusted[t, "Pr(>F[HF])"] else pf(r[[5]], eps[i] * r[[2]], eps[i] * r[[4]], lower.tail = FALSE))) }))
    m <- unclass(s$sphericity.tests); alone <- own[!duplicated(sapply(own, within_of))]
    out$sphericity <- lapply(alone, function(t) list(w = m[t, 1], p = m[t, 2], greenhouse_geisser = adjusted[t, "GG eps"], huynh_feldt = adjusted[t, "HF eps"], lower_bound = 1 / df_of[[t]]))
  }
  out
}
within_of <- function(t) paste(intersect(strsplit(t, ":")[[1]], c("sound", "task")), collapse = ":")
df_of <- list(); for (g in c("", "group:", "sex:", "group:sex:")) df_of[paste0(g, c("sound", "task", "sound:task"))] <- c(1, 2, 2)
means_of <- function(fit, term, level = 0.95) { e <- emmeans(fit, rev(term), level = level); s <- as.data.frame(e); s <- s[do.call(order, lapply(term, function(t) as.integer(s[[t]]))), ]
  lapply(seq_len(nrow(s)), function(i) list(mean = s$emmean[i], std_error = s$SE[i], ci_lower = s$lower.CL[i], ci_upper = s$upper.CL[i])) }
compared <- function(e, adjust, level = 0.95) { r <- as.data.frame(pairs(e, adjust = "none")); t <- r$t.ratio; df <- r$df; k <- nrow(as.data.frame(e))
  p <- if (adjust == "tukey") ptukey(abs(t) * sqrt(2), k, df, lower.tail = FALSE) else p.adjust(2 * pt(-abs(t), df), adjust)
  reach <- if (adjust == "tukey") qtukey(level, k, df) / sqrt(2) else if (adjust == "bonferroni") qt(1 - (1 - level) / (2 * length(t)), df) else qt((1 + level) / 2, df)
  lapply(seq_along(t), function(i) list(difference = r$estimate[i], std_error = r$SE[i], df = df[i], t = t[i], p_adjusted = p[i], ci_lower = (r$estimate - reach * r$SE)[i], ci_upper = (r$estimate + reach * r$SE)[i])) }
pairs_of <- function(fit, term, adjust, level = 0.95) { e <- emmeans(fit, rev(term)); s <- as.data.frame(e); compared(e[do.call(order, lapply(term, function(t) as.integer(s[[t]])))], adjust, level) }
# For each factor of two, within each level of the other.
simple_of <- function(fit, two, adjust, level = 0.95) do.call(c, lapply(1:2, function(v) { other <- two[3 - v]; e <- emmeans(fit, two[v], by = other); s <- as.data.frame(e)
  do.call(c, lapply(levels(s[[other]]), function(l) compared(e[which(s[[other]] == l)], adjust, level))) }))
with_letters <- function(means, pairs, alpha) { k <- length(means); two <- combn(k, 2); p <- setNames(sapply(pairs, `[[`, "p_adjusted"), paste(letters[two[1, ]], letters[two[2, ]], sep = "-"))
  o <- order(-sapply(means, `[[`, "mean")); m <- matrix(1, k, k, dimnames = list(letters[1:k], letters[1:k])); m[t(two)] <- p; m <- pmin(m, t(m)); m <- m[o, o]
  l <- multcompLetters(m, threshold = alpha)$Letters[letters[1:k]]; Map(function(r, x) c(r, letters = x), means, unname(l)) }
cells_of <- function(d, by) do.call(c, lapply(cells, function(m) { s <- split(d[[m]], interaction(d[by], lex.order = TRUE)); lapply(unname(s), function(v) list(n = length(v), mean = mean(v), sd = sd(v))) }))
normal_of <- function(fit) lapply(cells, function(m) { s <- shapiro.test(residuals(fit$lm)[, m]); list(statistic = s$statistic[[1]], p = s$p.value) })
spread_of <- function(fit, d) lapply(cells, function(m) { l <- leveneTest(residuals(fit$lm)[, m], interaction(fit$data$wide$group, fit$data$wide$sex), center = median); list(statistic = l[1, 2], df1 = l[1, 1], df2 = l[2, 1], p = l[1, 3]) })
# An end of an interval near zero keeps the digits of qtukey, not of itself.
loose <- list(eta_partial_ci_lower = 1e-7, eta_partial_ci_upper = 1e-7, p_adjusted = 1e-6, ci_lower = 1e-5, ci_upper = 1e-5)
# ptukey is right to about 1e-9 of 1.
code <- list(floor = 1e-8, loose = list(p = 1e-6))
both <- list(measures = arr(cells), factor = "sound", levels = "quiet, noise", second_factor = "task", second_levels = "easy, medium, hard")

d <- wide[complete.cases(wide[cells]), ]; l <- longer(d, "person"); l$person <- factor(l$person)
fit <- aov_car(ms ~ Error(person / (sound * task)), l, type = 3); ges <- anova(fit, es = "ges", correction = "none")
add("two_within", "aov_car(ms ~ Error(person / (sound * task))), one subject lacks a measurement", reactions_file, c(both, list(combinations = "simple")),
  list(tables = c(tests_of(fit, ges, c("sound", "task", "sound:task")), list(means_1 = means_of(fit, "sound"), means_2 = means_of(fit, "task"), means_3 = means_of(fit, c("sound", "task")),
    comparisons_2 = pairs_of(fit, "task", "holm"), comparisons_3 = simple_of(fit, c("sound", "task"), "holm"), checks = normal_of(fit)))), loose = loose, code = code, floor = 1e-9)

# Groups of unequal size, types III and II.
d <- wide[complete.cases(wide[c(cells, "group", "sex")]), ]; l <- longer(d, c("person", "group", "sex")); l$person <- factor(l$person)
all_terms <- do.call(c, lapply(c("sound", "task", "sound:task"), function(w) paste0(c("", "group:", "sex:", "group:sex:"), w))); all_terms <- c(all_terms, "group", "sex", "group:sex")
for (type in 3:2) {
  fit <- suppressMessages(aov_car(ms ~ group * sex + Error(person / (sound * task)), l, type = type, observed = "sex")); ges <- anova(fit, es = "ges", observed = "sex", correction = "none")
  adjust <- if (type == 3) "tukey" else "BY"
  add(paste0("mixed_type_", type), paste0("aov_car(ms ~ group * sex + Error(person / (sound * task)), type = ", type, ", observed = \"sex\")"), reactions_file,
    c(both, list(between = arr(c("group", "sex")), observed = arr("sex"), sums = if (type == 3) "iii" else "ii", post_hoc = if (type == 3) "tukey" else "by", level = 0.9, combinations = "all")),
    list(tables = c(tests_of(fit, ges, all_terms, 0.9), list(means_2 = with_letters(means_of(fit, "task", 0.9), pairs_of(fit, "task", adjust, 0.9), 0.1), means_3 = with_letters(means_of(fit, "group", 0.9), pairs_of(fit, "group", adjust, 0.9), 0.1),
      means_8 = means_of(fit, c("task", "group"), 0.9), means_13 = means_of(fit, c("sound", "group", "sex"), 0.9), comparisons_2 = pairs_of(fit, "task", adjust, 0.9), comparisons_3 = pairs_of(fit, "group", adjust, 0.9), comparisons_8 = pairs_of(fit, c("task", "group"), adjust, 0.9),
      cells = cells_of(d, c("group", "sex")), checks = c(normal_of(fit), spread_of(fit, d))))), loose = loose, code = code, floor = 1e-9)
}

# One row a measurement: rows shuffled, some missing, one subject measured twice under one condition.
set.seed(4); l <- longer(wide, c("person", "group")); l <- l[sample(nrow(l)), c("person", "group", "sound", "task", "ms")]; l$person <- as.character(l$person)
twice <- l[7, ]; twice$ms <- twice$ms + 31; l <- rbind(l, twice); l$ms[c(11, 90)] <- NA
l$sound <- as.character(l$sound); l$task <- c(easy = 1, medium = 2, hard = 3)[as.character(l$task)]
text <- l; text$ms <- ifelse(is.na(l$ms), "", l$ms)
files[["reactions_long.csv"]] <- paste(c(paste(names(text), collapse = ","), do.call(paste, c(unname(lapply(text, as.character)), sep = ","))), collapse = "\n")
l <- l[!is.na(l$ms), ]; l$sound <- factor(l$sound); l$task <- factor(l$task)
long <- function(name, of, formula, within, between, adjust, order, ...) {
  fit <- suppressWarnings(suppressMessages(aov_car(formula, l, type = 3, fun_aggregate = mean))); ges <- anova(fit, es = "ges", correction = "none")
  add(name, of, paste0(here, "reactions_long.csv"), c(list(layout = "rows", outcome = "ms", subject = "person", within = arr(within), between = arr(between)), list(...)),
    list(tables = c(tests_of(fit, ges, order), setNames(list(pairs_of(fit, "task", adjust)), if (length(within) > 1) "comparisons_2" else "comparisons_1"), setNames(list(means_of(fit, "task")), if (length(within) > 1) "means_2" else "means_1"))), loose = loose, code = code, floor = 1e-9)
}
long("rows", "aov_car(ms ~ group + Error(person / (sound * task))) of rows with missing values and a repeated one", ms ~ group + Error(person / (sound * task)), c("sound", "task"), "group", "hommel",
  c("sound", "group:sound", "task", "group:task", "sound:task", "group:sound:task", "group"), post_hoc = "hommel", correction = "hf")
long("rows_averaged", "aov_car(ms ~ Error(person / task)) of averaged rows", ms ~ Error(person / task), "task", character(), "bonferroni", "task", post_hoc = "bonferroni", correction = "lower_bound")
