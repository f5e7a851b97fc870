# table, tapply, prop.table, sd and qt of groups, quantile of type 7 with Tukey's fences, bw.nrd0 and mean(dnorm).
marks <- function(key, list_of_marks) list(charts = setNames(list(list(marks = list_of_marks)), key))
p <- penguins
shares <- prop.table(table(p$island, p$species), 1); ends <- t(apply(shares, 1, cumsum))
add("stacked_to_100", "prop.table(table(island, species), 1)", penguins_file, list(x = "island", color = "species", kind = "bars", stack = "filled", upright = TRUE),
  marks("bars", lapply(seq_len(ncol(ends)), function(k) list(mark = "bars", along = "x", base = arr(if (k > 1) ends[, k - 1] else 0 * ends[, 1]), length = arr(ends[, k])))), 1e-12)
sums <- tapply(p$body_mass_g, list(p$year, p$island), sum, na.rm = TRUE); ends <- t(apply(sums, 1, cumsum))
add("areas_stacked", "cumsum of tapply(body_mass_g, year, sum)", penguins_file, list(x = "year", y = "body_mass_g", color = "island", kind = "area", stack = "stacked"),
  marks("area", lapply(1:3, function(k) list(mark = "area", x = arr(2007:2009), base = arr(if (k > 1) ends[, k - 1] else 0 * ends[, 1]), top = arr(ends[, k])))), 1e-12)
of <- function(f, sex) tapply(p$body_mass_g[which(p$sex == sex)], p$species[which(p$sex == sex)], f, na.rm = TRUE)
se <- function(v, ...) sd(v, ...) / sqrt(sum(!is.na(v)))
add("bars_of_means_se", "tapply(body_mass_g, species, mean) by sex, sd / sqrt(n)", penguins_file,
  list(x = "species", y = "body_mass_g", color = "sex", kind = "bars", value = "mean", intervals = "se", upright = TRUE),
  marks("bars", c(lapply(levels(p$sex), function(s) list(mark = "bars", length = arr(of(mean, s)))),
    lapply(levels(p$sex), function(s) list(mark = "intervals", centre = arr(of(mean, s)), low = arr(of(mean, s) - of(se, s)), high = arr(of(mean, s) + of(se, s)))))), 1e-12)
by_year <- split(p$bill_length_mm, p$year); half <- sapply(by_year, function(v) { v <- v[!is.na(v)]; qt(0.95, length(v) - 1) * sd(v) / sqrt(length(v)) })
centre <- sapply(by_year, mean, na.rm = TRUE)
add("line_with_band", "t.test(bill_length_mm, conf.level = 0.9) by year", penguins_file, list(x = "year", y = "bill_length_mm", kind = "line", intervals = "interval", level = 0.9),
  marks("line", list(list(mark = "band", x = arr(2007:2009), low = arr(centre - half), high = arr(centre + half)), list(mark = "line", x = arr(2007:2009), y = arr(centre)))), 1e-12)
spread <- function(v) {
  v <- sort(v); q <- quantile(v, c(0.25, 0.5, 0.75), names = FALSE); iqr <- q[3] - q[1]; inside <- v[v >= q[1] - 1.5 * iqr & v <= q[3] + 1.5 * iqr]; outside <- setdiff(v, inside)
  c(list(list(mark = "boxes", low = arr(min(inside)), q1 = arr(q[1]), median = arr(q[2]), q3 = arr(q[3]), high = arr(max(inside)), n = arr(length(v)))),
    if (length(outside)) list(list(mark = "points", x = arr(v[!v %in% inside]))))
}
add("boxes", "quantile (type 7), Tukey's fences", penguins_file, list(x = "species", y = "body_mass_g", kind = "box"),
  marks("box", do.call(c, lapply(split(p$body_mass_g, p$species), spread)) |> unname()), 1e-12)
kde <- function(v, from, to) { h <- bw.nrd0(v); at <- seq(from(v, h), to(v, h), length.out = max(256, trunc((to(v, h) - from(v, h)) / h * 8))); list(at = at, height = sapply(at, function(a) mean(dnorm(a, v, h)))) }
violin <- function(v) { v <- v[!is.na(v)]; k <- kde(v, function(v, h) min(v), function(v, h) max(v)); list(mark = "violin", value = arr(k$at), density = arr(k$height)) }
known <- p[!is.na(p$sex), ]
charts <- lapply(levels(p$sex), function(s) { part <- split(known$bill_length_mm[known$sex == s], known$species[known$sex == s])
  list(marks = do.call(c, lapply(part, function(v) list(violin(v), spread(v)[[1]]))) |> unname()) })
add("violins_by_sex", "bw.nrd0, mean(dnorm), quantile (type 7)", penguins_file, list(x = "species", y = "bill_length_mm", facet = "sex", kind = "violin"),
  list(charts = setNames(charts, c("violin_1", "violin_2"))), 1e-9)
curve <- function(v) { v <- v[!is.na(v)]; k <- kde(v, function(v, h) min(v) - 3 * h, function(v, h) max(v) + 3 * h); list(mark = "area", x = arr(k$at), top = arr(k$height)) }
add("densities", "bw.nrd0, mean(dnorm) by island", penguins_file, list(x = "flipper_length_mm", color = "island", kind = "density"),
  marks("density", lapply(levels(p$island), function(i) curve(p$flipper_length_mm[p$island == i]))), 1e-9)
means <- tapply(p$body_mass_g, list(p$species, p$year), mean, na.rm = TRUE)
add("heat_of_means", "tapply(body_mass_g, species and year, mean)", penguins_file, list(x = "species", rows = "year", y = "body_mass_g", kind = "heat"),
  marks("heat", list(list(mark = "tiles", value = arr(as.vector(means)), low = min(means), high = max(means)))), 1e-12)
# Smooth lines: lowess at each different x, or between its points at 200 even places where there are more.
smooth <- function(x, y, ...) {
  ok <- !is.na(x) & !is.na(y); l <- lowess(x[ok], y[ok], ...); l <- list(x = l$x[!duplicated(l$x)], y = l$y[!duplicated(l$x)])
  if (length(l$x) > 200) { at <- seq(l$x[1], l$x[length(l$x)], length.out = 200); l <- list(x = at, y = approx(l$x, l$y, at, rule = 2)$y) }
  list(mark = "line", x = arr(l$x), y = arr(l$y))
}
dots <- function(x, y) { ok <- !is.na(x) & !is.na(y); list(mark = "points", x = arr(x[ok]), y = arr(y[ok])) }
d <- penguins
add("smooth", "lowess(flipper_length_mm, body_mass_g)", penguins_file, list(x = "flipper_length_mm", y = "body_mass_g", smooth = TRUE),
  list(charts = list(scatter = list(marks = list(dots(d$flipper_length_mm, d$body_mass_g), smooth(d$flipper_length_mm, d$body_mass_g))))), tolerance = 1e-11)
known <- d[!is.na(d$sex), ]; by_sex <- split(known, known$sex)
add("smooth_by_sex", "lowess(bill_depth_mm, bill_length_mm, f = 0.4, iter = 1) of each sex", penguins_file, list(x = "bill_depth_mm", y = "bill_length_mm", color = "sex", smooth = TRUE, span = 0.4, robust = 1),
  list(charts = list(scatter = list(marks = unname(c(lapply(by_sex, function(g) dots(g$bill_depth_mm, g$bill_length_mm)), lapply(by_sex, function(g) smooth(g$bill_depth_mm, g$bill_length_mm, f = 0.4, iter = 1))))))), tolerance = 1e-11)
loans <- read("loans.csv"); seen <- !is.na(loans$annual_income_joint) & !is.na(loans$debt_to_income_joint)
add("smooth_loans", "lowess(annual_income_joint, debt_to_income_joint), approx at 200 places", "../shared/data/loans.csv", list(x = "annual_income_joint", y = "debt_to_income_joint", smooth = TRUE),
  list(charts = list(scatter = list(marks = list(dots(loans$annual_income_joint, loans$debt_to_income_joint), smooth(loans$annual_income_joint, loans$debt_to_income_joint))))), tolerance = 1e-10)
