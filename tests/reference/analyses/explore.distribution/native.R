# quantile (type 7), bw.nrd0, bw.SJ with a small tol, mean(dnorm(at, x, bw)) for densities, qnorm(ppoints) and the
# band of car::qqPlot by its formula, Tukey's fences by quantiles of type 7; skewness and kurtosis as type 2 of
# e1071, written out. Points of a curve: 256 from three bandwidths below to three above, as density's cut = 3.
shares <- c(q01 = 0.01, q05 = 0.05, q10 = 0.1, q25 = 0.25, q50 = 0.5, q75 = 0.75, q90 = 0.9, q95 = 0.95, q99 = 0.99)
width_of <- function(x, values) switch(values$bandwidth, silverman = bw.nrd0(x), sheather_jones = bw.SJ(x, tol = 1e-14 * sd(x)), given = values$width)
at_most <- function(h, from, to) seq(from, to, length.out = min(max(256, trunc((to - from) / h * 8)), 2048))
kde <- function(x, h, at) sapply(at, function(a) mean(dnorm(a, x, h)))
overview <- function(v, values) {
  x <- sort(v[!is.na(v)]); n <- length(x); h <- width_of(x, values); q <- quantile(x, c(0.25, 0.5, 0.75), names = FALSE); iqr <- q[3] - q[1]
  d <- x - mean(x); m2 <- mean(d^2); g1 <- mean(d^3) / m2^1.5; g2 <- mean(d^4) / m2^2 - 3
  low <- q[1] - 1.5 * iqr; high <- q[3] + 1.5 * iqr; inside <- x[x >= low & x <= high]; outside <- x[x < low | x > high]
  at <- at_most(h, x[1] - 3 * h, x[n] + 3 * h); within <- at_most(h, x[1], x[n])
  p <- ppoints(n); z <- qnorm(p); b <- iqr / (2 * qnorm(0.75)); a <- q[1] + b * qnorm(0.75)
  half <- qnorm(0.5 + values$level / 2) * b / dnorm(z) * sqrt(p * (1 - p) / n)
  list(
    x = x, h = h, at = at, curve = kde(x, h, at), within = within, violin = kde(x, h, within),
    numbers = list(n = n, missing = sum(is.na(v)), mean = mean(x), sd = sd(x), skewness = g1 * sqrt(n * (n - 1)) / (n - 2),
      kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)), bandwidth = h),
    quantiles = c(list(min = x[1]), as.list(sapply(shares, function(s) quantile(x, s, names = FALSE))), list(max = x[n])),
    outliers = list(low_fence = low, high_fence = high, low_whisker = min(inside), high_whisker = max(inside), below = sum(x < low), above = sum(x > high),
      far = sum(x < q[1] - 3 * iqr | x > q[3] + 3 * iqr), share = length(outside) / n),
    box = list(mark = "boxes", low = arr(min(inside)), q1 = arr(q[1]), median = arr(q[2]), q3 = arr(q[3]), high = arr(max(inside)), n = arr(n)),
    outside = outside,
    qq = list(list(mark = "band", x = arr(z), low = arr(a + b * z - half), high = arr(a + b * z + half)),
      list(mark = "line", x = arr(z[c(1, n)]), y = arr((a + b * z)[c(1, n)])), list(mark = "points", x = arr(z), y = arr(x))))
}
# The expected part of a report: `charts` says which columns' pictures are compared.
shapes <- function(df, values, qq = TRUE, curves = TRUE) {
  values <- modifyList(list(bandwidth = "silverman", level = 0.95), values); by <- values$by
  numbers <- quantiles <- outliers <- list(); charts <- list()
  for (column in values$columns) {
    parts <- if (is.null(by)) list(df[[column]]) else split(df[[column]], df[[by]])
    found <- lapply(parts, overview, values); names_of <- names(parts)
    named <- function(i, part) c(list(column = column), if (is.null(by)) list() else list(group = names_of[i]), part)
    for (i in seq_along(found)) {
      numbers <- c(numbers, list(named(i, found[[i]]$numbers))); quantiles <- c(quantiles, list(named(i, found[[i]]$quantiles)))
      outliers <- c(outliers, list(named(i, found[[i]]$outliers)))
    }
    boxes <- list(); violins <- list(); lines <- list(); areas <- list()
    for (f in found) {
      boxes <- c(boxes, list(f$box), if (length(f$outside)) list(list(mark = "points", x = arr(f$outside))))
      violins <- c(violins, list(list(mark = "violin", value = arr(f$within), density = arr(f$violin)), f$box))
      lines <- c(lines, f$qq); areas <- c(areas, list(list(mark = "area", x = arr(f$at), top = arr(f$curve))))
    }
    charts[[paste0("box_", column)]] <- list(marks = boxes)
    if (curves) charts[[paste0("violin_", column)]] <- list(marks = violins)
    if (qq) charts[[paste0("quantiles_", column)]] <- list(marks = lines)
    if (curves && !is.null(by)) charts[[paste0("density_", column)]] <- list(marks = areas)
    if (curves && is.null(by) && !is.null(values$edges)) {
      f <- found[[1]]; h <- hist(f$x, breaks = values$edges, right = FALSE, include.lowest = TRUE, plot = FALSE)
      charts[[paste0("histogram_", column)]] <- list(marks = list(list(mark = "bars", from = arr(head(values$edges, -1)), length = arr(h$counts)),
        list(mark = "line", x = arr(f$at), y = arr(f$curve * length(f$x) * diff(values$edges)[1]))))
    }
  }
  list(tables = list(numbers = numbers, quantiles = quantiles, outliers = outliers), charts = charts)
}
case <- function(name, of, file, df, values, tolerance = 1e-9, edges = NULL, ...)
  add(name, of, file, lapply(values, function(v) if (identical(v, values$columns)) arr(v) else v), shapes(df, c(values, list(edges = edges)), ...), tolerance)

# The bars are 200 g wide: 2 IQR / n^(1/3) is 358, the range 3600, so 11 bars, of 327 g, and the nearest step is 200.
mass <- penguins$body_mass_g[!is.na(penguins$body_mass_g)]
wanted <- diff(range(mass)) / ceiling(diff(range(mass)) / (2 * IQR(mass) / length(mass)^(1 / 3)))
steps <- c(1, 2, 5) * rep(10^(0:4), each = 3); step <- steps[which.min(abs(log(steps / wanted)))]
case("one_column", "bw.nrd0, mean(dnorm), quantile, qnorm(ppoints)", penguins_file, penguins, list(columns = "body_mass_g"),
  edges = seq(floor(min(mass) / step) * step, ceiling(max(mass) / step) * step, by = step))
case("by_species", "bw.SJ, mean(dnorm), quantile, qnorm(ppoints) by species", penguins_file, penguins, list(columns = "flipper_length_mm", by = "species", bandwidth = "sheather_jones"), tolerance = 1e-8)
case("two_columns", "mean(dnorm), quantile by sex", penguins_file, penguins,
  list(columns = c("bill_length_mm", "bill_depth_mm"), by = "sex", bandwidth = "given", width = 0.8, level = 0.9))
loans <- read("loans.csv")
case("skewed", "bw.nrd0, quantile, fences", "../shared/data/loans.csv", loans, list(columns = c("annual_income", "debt_to_income", "months_since_last_delinq")), qq = FALSE, curves = FALSE, tolerance = 1e-10)
cases$skewed$expected$charts <- list(violin_months_since_last_delinq = list(title = list(en = "Violin")))
case("ties", "bw.SJ with ties and 10,000 values", "../shared/data/loans.csv", loans, list(columns = "total_credit_lines", bandwidth = "sheather_jones"), qq = FALSE, curves = FALSE, tolerance = 1e-8)
cases$ties$expected$charts <- list(violin_total_credit_lines = list(title = list(en = "Violin")))
# Densities of 10,000 values are those of cells of 1/64 bandwidth: right to 1 in 10,000.
smooth <- shapes(loans, list(columns = "debt_to_income", by = "homeownership"), qq = FALSE)
smooth$charts$box_debt_to_income <- NULL; smooth$tables <- smooth$tables["quantiles"]
smooth$charts$violin_debt_to_income <- NULL
add("density_of_many", "mean(dnorm) of 10,000 values", "../shared/data/loans.csv", list(columns = arr("debt_to_income"), by = "homeownership"), smooth, 1e-4)
