# shapiro.test; ad.test and lillie.test of nortest; leveneTest of car; bartlett.test; skewness and kurtosis of type 2
# by e1071's formulas. Tests that the functions refuse are missing.
use("nortest"); use("car")
tried <- function(test, x) tryCatch({ t <- test(x); c(t$statistic[[1]], t$p.value) }, error = function(e) c(NA, NA))
normal <- function(x, ...) { w <- tried(shapiro.test, x); a <- tried(ad.test, x); d <- tried(lillie.test, x)
  list(n = length(x), w = w[1], w_p = w[2], a_squared = a[1], a_squared_p = a[2], d = d[1], d_p = d[2], ...) }
shape <- function(x, ...) { n <- length(x); m2 <- mean((x - mean(x))^2); g1 <- mean((x - mean(x))^3) / m2^1.5; g2 <- mean((x - mean(x))^4) / m2^2 - 3
  list(n = n, mean = mean(x), sd = sd(x), variance = var(x), skewness = if (n > 2 && m2 > 0) g1 * sqrt(n * (n - 1)) / (n - 2) else NA,
    kurtosis = if (n > 3 && m2 > 0) ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) else NA, ...) }
levenes <- function(x, g, center) { l <- leveneTest(x, g, center = center); list(statistic = l[1, 2], df1 = l[1, 1], df2 = l[2, 1], p = l[1, 3]) }
spreads <- function(x, g) { b <- bartlett.test(x, g); list(levenes(x, g, mean), levenes(x, g, median), list(statistic = b$statistic[[1]], df1 = b$parameter[[1]], p = b$p.value)) }
by <- function(x, g) { kept <- !is.na(x) & !is.na(g); x <- x[kept]; g <- droplevels(factor(g[kept])); parts <- split(x, g)
  list(normality = c(unname(Map(function(p, l) normal(p, group = l), parts, names(parts))), list(normal(resid(lm(x ~ g))))), groups = unname(Map(function(p, l) shape(p, group = l), parts, names(parts))), spread = spreads(x, g)) }
# SciPy's p values of Shapiro and Wilk's test are right to about 1e-8.
by_code <- list(loose = list(w_p = 1e-6))
three <- c("bill_length_mm", "bill_depth_mm", "body_mass_g")
add("columns", "shapiro.test, ad.test, lillie.test of columns with missing values", penguins_file, list(columns = arr(three)),
  list(tables = list(normality = lapply(three, function(v) normal(penguins[[v]][!is.na(penguins[[v]])])), groups = lapply(three, function(v) shape(penguins[[v]][!is.na(penguins[[v]])])))), code = by_code)
p <- by(penguins$bill_length_mm, penguins$species); q <- by(penguins$body_mass_g, penguins$species)
add("species", "the tests by group, leveneTest, bartlett.test", penguins_file, list(columns = arr(c("bill_length_mm", "body_mass_g")), group = "species"),
  list(tables = list(normality = c(p$normality, q$normality), spread = c(p$spread, q$spread), groups = c(p$groups, q$groups))), code = by_code)
kept <- penguins[complete.cases(penguins[c("flipper_length_mm", "body_mass_g", "sex")]), ]
p <- by(kept$flipper_length_mm, kept$sex); q <- by(kept$body_mass_g, kept$sex)
add("listwise", "the tests by group in complete rows", penguins_file, list(columns = arr(c("flipper_length_mm", "body_mass_g")), group = "sex", missing = "listwise", alpha = 0.01),
  list(tables = list(normality = c(p$normality, q$normality), spread = c(p$spread, q$spread), groups = c(p$groups, q$groups))), code = by_code)
# Ties, groups too small for some tests, a row without a value and one without a group.
small <- data.frame(g = c(rep("a", 9), rep("b", 6), rep("c", 4), rep("d", 3), NA, "a"), x = c(1, 1, 1, 2, 2, 3, 3, 8, 20, 4, 4, 5, 6, 6, 7, 10, 12, 12, 13, 0.5, 0.7, 0.6, 3, NA))
files[["small.csv"]] <- paste(c("g,x", paste(ifelse(is.na(small$g), "", small$g), ifelse(is.na(small$x), "", small$x), sep = ",")), collapse = "\n")
add("small", "the tests by group with ties, groups of 3 to 9", "tests/reference/analyses/compare.assumptions/small.csv", list(columns = arr("x"), group = "g"), list(tables = by(small$x, small$g)), code = by_code)
# More values than Shapiro and Wilk's test takes, in all and in one of two groups.
credit <- read("credit_default.csv"); p <- by(credit$balance, credit$student); q <- by(credit$income, credit$student)
add("many", "ad.test, lillie.test of more than 5,000 values", "../shared/data/credit_default.csv", list(columns = arr(c("balance", "income")), group = "student"),
  list(tables = list(normality = c(p$normality, q$normality), spread = c(p$spread, q$spread), groups = c(p$groups, q$groups))), code = by_code)
