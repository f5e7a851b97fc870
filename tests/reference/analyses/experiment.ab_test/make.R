# prop.test without continuity correction, t.test, chisq.test, p.adjust; the lift by the delta method
# and the detectable share by power.prop.test's formula for groups of unequal size, written out.
z_row <- function(group, control, variant, level = 0.95) {
  t <- prop.test(c(variant[1], control[1]), c(variant[2], control[2]), conf.level = level, correct = FALSE)
  pc <- control[1] / control[2]; pv <- variant[1] / variant[2]
  se <- sqrt(pv * (1 - pv) / (variant[2] * pc^2) + pv^2 * pc * (1 - pc) / (control[2] * pc^4))
  reach <- qnorm((1 + level) / 2)
  list(group = group, difference = pv - pc, difference_lower = t$conf.int[1], difference_upper = t$conf.int[2],
    lift = pv / pc - 1, lift_lower = pv / pc - 1 - reach * se, lift_upper = pv / pc - 1 + reach * se,
    z = sign(pv - pc) * sqrt(t$statistic[[1]]), p = t$p.value)
}
detectable_share <- function(control, n, alpha = 0.05) {
  p1 <- control[1] / control[2]; n1 <- control[2]
  power <- function(p2) {
    p <- (p1 * n1 + p2 * n) / (n1 + n); reach <- qnorm(1 - alpha / 2) * sqrt(p * (1 - p) * (1 / n1 + 1 / n))
    se <- sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n)
    pnorm((p2 - p1 - reach) / se) + pnorm((p1 - p2 - reach) / se)
  }
  uniroot(function(p2) power(p2) - 0.8, c(p1, 1 - 1e-9), tol = 1e-15)$root - p1
}
proportions <- function(names, x, n, level = 0.95, adjust = "holm") {
  table <- lapply(2:length(x), function(i) z_row(names[i], c(x[1], n[1]), c(x[i], n[i]), level))
  adjusted <- p.adjust(sapply(table, function(r) r$p), adjust)
  for (i in seq_along(table)) table[[i]]$p_adjusted <- adjusted[i]
  groups <- lapply(seq_along(x), function(i) list(group = names[i], n = n[i], successes = x[i], rate = x[i] / n[i],
    detectable = if (i == 1) NA else detectable_share(c(x[1], n[1]), n[i], 1 - level)))
  list(groups = groups, comparisons = table)
}
split_of <- function(n, shares) {
  t <- chisq.test(n, p = shares, rescale.p = TRUE)
  list("experiment.ab_test.split_note" = list(list(chi = t$statistic[[1]], df = t$parameter[[1]], p = t$p.value)))
}
typed <- function(names, x, n) lapply(seq_along(x), function(i) list(name = names[i], n = n[i], successes = x[i]))

trial <- read("mammogram_trial.csv")
counts <- table(trial$treatment, trial$breast_cancer_death)
levels <- rownames(counts)
add("mammogram", "prop.test(correct = FALSE), chisq.test", "../shared/data/mammogram_trial.csv",
  list(group = "treatment", outcomes = arr("breast_cancer_death"), control = "control"),
  list(tables = proportions(levels, counts[, "yes"], rowSums(counts)), sentences = split_of(rowSums(counts), c(1, 1))))

names <- c("A", "B", "C"); x <- c(500, 590, 541); n <- c(10000, 10050, 9900)
add("three_arms_holm", "prop.test(correct = FALSE), p.adjust(\"holm\"), chisq.test with shares 2:1:1", NULL,
  list(source = "counts", counts = typed(names, x, n), shares = "2:1:1"),
  list(tables = proportions(names, x, n), sentences = split_of(n, c(2, 1, 1))))
names <- c("old", "new", "newer", "newest"); x <- c(30, 45, 52, 38); n <- c(410, 395, 420, 401)
add("four_arms_bh", "prop.test(correct = FALSE), p.adjust(\"BH\"), 90% intervals", NULL,
  list(source = "counts", counts = typed(names, x, n), correction = "bh", level = 0.9),
  list(tables = proportions(names, x, n, 0.9, "BH"), sentences = split_of(n, rep(1, 4))))
add("equal_size", "prop.test(correct = FALSE) and power.prop.test(strict = TRUE)", NULL,
  list(source = "counts", counts = typed(c("A", "B"), c(500, 560), c(10000, 10000))),
  list(tables = list(groups = list(list(detectable = NA), list(detectable =
    power.prop.test(n = 10000, p1 = 0.05, power = 0.8, strict = TRUE, tol = 1e-15)$p2 - 0.05)),
    comparisons = list(z_row("B", c(500, 10000), c(560, 10000))))))

t_row <- function(group, m, s, n, level = 0.95) {  # Welch from summaries; checked against t.test below
  v <- s^2 / n; se <- sqrt(sum(v)); df <- sum(v)^2 / sum(v^2 / (n - 1)); reach <- qt((1 + level) / 2, df)
  d <- m[2] - m[1]; lift_se <- sqrt(v[2] / m[1]^2 + m[2]^2 * v[1] / m[1]^4)
  list(group = group, difference = d, difference_lower = d - reach * se, difference_upper = d + reach * se,
    lift = d / m[1], lift_lower = d / m[1] - reach * lift_se, lift_upper = d / m[1] + reach * lift_se,
    t = d / se, df = df, p = 2 * pt(-abs(d / se), df))
}
means <- function(names, m, s, n, level = 0.95, adjust = "holm") {
  table <- lapply(2:length(m), function(i) t_row(names[i], m[c(1, i)], s[c(1, i)], n[c(1, i)], level))
  adjusted <- p.adjust(sapply(table, function(r) r$p), adjust)
  for (i in seq_along(table)) table[[i]]$p_adjusted <- adjusted[i]
  groups <- lapply(seq_along(m), function(i) list(group = names[i], n = n[i], mean = m[i], sd = s[i], detectable =
    if (i == 1) NA else (qnorm(1 - (1 - level) / 2) + qnorm(0.8)) * sqrt(s[1]^2 / n[1] + s[i]^2 / n[i])))
  list(groups = groups, comparisons = table)
}
of <- function(f, by, v) as.vector(tapply(v, by, f, na.rm = TRUE))
counted <- function(by, v) as.vector(tapply(!is.na(v), by, sum))
p <- penguins[!is.na(penguins$sex), ]
tables <- means(levels(p$sex), of(mean, p$sex, p$body_mass_g), of(sd, p$sex, p$body_mass_g), counted(p$sex, p$body_mass_g))
t <- t.test(p$body_mass_g[p$sex == "male"], p$body_mass_g[p$sex == "female"])
stopifnot(all.equal(c(tables$comparisons[[1]]$t, tables$comparisons[[1]]$df, tables$comparisons[[1]]$p), c(t$statistic[[1]], t$parameter[[1]], t$p.value), tolerance = 1e-12))
add("penguins_by_sex", "t.test(body_mass_g ~ sex)", penguins_file, list(group = "sex", outcomes = arr("body_mass_g")),
  list(tables = tables, sentences = split_of(as.vector(table(p$sex)), c(1, 1))))

order <- c(3, 1, 2); by <- penguins$species; names <- levels(by)[order]
tables <- means(names, of(mean, by, penguins$bill_length_mm)[order], of(sd, by, penguins$bill_length_mm)[order], counted(by, penguins$bill_length_mm)[order], adjust = "none")
counts <- table(by, penguins$sex)[order, ]
shares <- proportions(names, counts[, "male"], rowSums(counts), adjust = "none")
all_p <- p.adjust(c(sapply(tables$comparisons, function(r) r$p), sapply(shares$comparisons, function(r) r$p)), "holm")
for (i in 1:2) { tables$comparisons[[i]]$p_adjusted <- all_p[i]; shares$comparisons[[i]]$p_adjusted <- all_p[i + 2] }
add("penguins_two_outcomes", "t.test and prop.test by species against Gentoo, p.adjust(\"holm\") over all four", penguins_file,
  list(group = "species", outcomes = arr(c("bill_length_mm", "sex")), success = "male", control = "Gentoo", shares = "120:150:70"),
  list(tables = list(groups_bill_length_mm = tables$groups, comparisons_bill_length_mm = tables$comparisons, groups_sex = shares$groups, comparisons_sex = shares$comparisons),
    sentences = split_of(as.vector(table(by))[order], c(120, 150, 70))))

names <- c("A", "B", "C"); m <- c(12.34, 13.9, 12.1); s <- c(88.1, 91.7, 60.5); n <- c(50000, 50100, 24800)
add("typed_means", "Welch's t from summaries, Bonferroni, 99% intervals", NULL,
  list(source = "means", means = lapply(1:3, function(i) list(name = names[i], n = n[i], mean = m[i], sd = s[i])), correction = "bonferroni", level = 0.99, shares = "40:40:20"),
  list(tables = means(names, m, s, n, 0.99, "bonferroni"), sentences = split_of(n, c(40, 40, 20))))

# Beside a control of zero or less there is no lift: the difference decides.
without_lift <- function(row, verdict) { row[c("lift", "lift_lower", "lift_upper")] <- NA; row$verdict <- verdict; row }
m <- c(-10, -5, -14); s <- c(20, 18, 22); n <- c(900, 910, 890); names <- c("A", "B", "C")
rows_of_means <- means(names, m, s, n)
rows_of_means$comparisons <- list(without_lift(rows_of_means$comparisons[[1]], "ship"), without_lift(rows_of_means$comparisons[[2]], "keep the control"))
add("losses", "Welch's t from summaries; the sign of a ratio to a loss would call worse better", NULL,
  list(source = "means", means = lapply(1:3, function(i) list(name = names[i], n = n[i], mean = m[i], sd = s[i])), worthwhile = 10),
  list(tables = rows_of_means))
x <- c(0, 20); n <- c(1000, 1000)
row <- without_lift(z_row("B", c(0, 1000), c(20, 1000)), "ship")
add("none_in_the_control", "prop.test(correct = FALSE)", NULL, list(source = "counts", counts = typed(c("A", "B"), x, n), worthwhile = 5),
  list(tables = list(comparisons = list(row))))
