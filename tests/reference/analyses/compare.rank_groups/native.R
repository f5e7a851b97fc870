# kruskal.test and friedman.test; Dunn's, Dwass and Steel's, Durbin and Conover's and Nemenyi's comparisons by their
# formulas with rank, wilcox.test, pnorm, pt and ptukey.
group_row <- function(x, rank) list(n = length(x), median = median(x), q1 = quantile(x, .25)[[1]], q3 = quantile(x, .75)[[1]], mean_rank = rank)
kw <- function(y, g) { k <- kruskal.test(y, g); h <- k$statistic[[1]]; n <- length(y)
  list(statistic = h, df1 = k$parameter[[1]], p = k$p.value, epsilon_squared = h / ((n^2 - 1) / (n + 1)), eta_squared = (h - nlevels(g) + 1) / (n - nlevels(g))) }
dunn <- function(y, g, adjust) { r <- rank(y); n <- length(y); t <- table(y); s <- n * (n + 1) / 12 - sum(t^3 - t) / (12 * (n - 1)); m <- tapply(r, g, mean); k <- combn(nlevels(g), 2)
  z <- (m[k[1, ]] - m[k[2, ]]) / sqrt(s * (1 / table(g)[k[1, ]] + 1 / table(g)[k[2, ]])); p <- 2 * pnorm(-abs(z)); a <- p.adjust(p, adjust)
  lapply(seq_along(z), function(i) list(difference = (m[k[1, ]] - m[k[2, ]])[[i]], statistic = z[[i]], p = p[[i]], p_adjusted = a[[i]])) }
groups_of <- function(y, g) { m <- tapply(rank(y), g, mean); lapply(levels(g), function(l) group_row(y[g == l], m[[l]])) }
take <- function(v, by) { d <- penguins[complete.cases(penguins[c(v, by)]), ]; list(y = d[[v]], g = droplevels(factor(d[[by]]))) }
d <- take("bill_length_mm", "species")
add("dunn", "kruskal.test(y, g) with ties and missing values, Dunn's z", penguins_file, list(outcome = "bill_length_mm", group = "species"),
  list(tables = list(test = list(kw(d$y, d$g)), pairs = dunn(d$y, d$g, "holm"), groups = groups_of(d$y, d$g))))
d <- take("body_mass_g", "year")
add("of_years", "kruskal.test(y, g) of a numeric group", penguins_file, list(outcome = "body_mass_g", group = "year", correction = "bh"),
  list(tables = list(test = list(kw(d$y, d$g)), pairs = dunn(d$y, d$g, "BH"), groups = groups_of(d$y, d$g))))
d <- take("flipper_length_mm", "island")
dscf <- { s <- split(d$y, d$g); k <- combn(3, 2); lapply(1:3, function(i) { x <- s[[k[1, i]]]; y <- s[[k[2, i]]]; a <- length(x); b <- length(y)
  w <- wilcox.test(x, y, exact = FALSE, correct = FALSE); sign <- sign(w$statistic[[1]] - a * b / 2); z <- sign * qnorm(w$p.value / 2, lower.tail = FALSE)
  r <- rank(c(x, y)); list(difference = mean(r[seq_along(x)]) - mean(r[-seq_along(x)]), statistic = sqrt(2) * z, p = ptukey(sqrt(2) * abs(z), 3, Inf, lower.tail = FALSE)) }) }
add("dscf", "wilcox.test of each pair, ptukey", penguins_file, list(outcome = "flipper_length_mm", group = "island", group_pairs = "dscf"),
  list(tables = list(test = list(kw(d$y, d$g)), pairs = dscf)), tolerance = 1e-8, floor = 1e-9)
# Ratings of four products by twelve people, with ties; one row lacks a value.
ratings <- data.frame(a = c(7, 5, 6, 8, 4, 6, 7, 5, 6, 9, 3, 6, 7), b = c(6, 5, 5, 7, 4, 4, 8, 3, 6, 7, 3, 5, 6), c = c(9, 7, 6, 9, 6, 8, 8, 7, 9, 9, 5, 7, NA), d = c(5, 4, 6, 6, 2, 5, 5, 4, 3, 8, 1, 4, 5))
files[["ratings.csv"]] <- paste(c(paste(names(ratings), collapse = ","), apply(ratings, 1, function(r) paste(ifelse(is.na(r), "", r), collapse = ","))), collapse = "\n")
here <- "tests/reference/analyses/compare.rank_groups/ratings.csv"
m <- as.matrix(ratings[complete.cases(ratings), ]); n <- nrow(m); k <- ncol(m); f <- friedman.test(m); q <- f$statistic[[1]]; i <- (n - 1) * q / (n * (k - 1) - q)
R <- t(apply(m, 1, rank)); mr <- unname(colMeans(R)); two <- combn(k, 2); d <- mr[two[1, ]] - mr[two[2, ]]
test <- list(list(statistic = q, df1 = k - 1, p = f$p.value, kendall_w = q / (n * (k - 1))), list(statistic = i, df1 = k - 1, df2 = (k - 1) * (n - 1), p = pf(i, k - 1, (k - 1) * (n - 1), lower.tail = FALSE)))
t <- n * d / sqrt(2 * (n * sum(R^2) - sum(colSums(R)^2)) / ((n - 1) * (k - 1))); p <- 2 * pt(-abs(t), (n - 1) * (k - 1)); a <- p.adjust(p, "bonferroni")
add("conover", "friedman.test(m) with ties, Durbin and Conover's t", here, list(design = "columns", measures = arr(letters[1:4]), correction = "bonferroni"),
  list(tables = list(test = test, pairs = lapply(seq_along(t), function(j) list(difference = d[j], statistic = t[j], p = p[j], p_adjusted = a[j])), groups = lapply(1:k, function(j) group_row(m[, j], mr[j])))))
s <- d / sqrt(k * (k + 1) / (12 * n))
add("nemenyi", "friedman.test(m), Nemenyi's q by ptukey", here, list(design = "columns", measures = arr(letters[1:4]), column_pairs = "nemenyi"),
  list(tables = list(test = test, pairs = lapply(seq_along(s), function(j) list(difference = d[j], statistic = s[j], p = ptukey(abs(s[j]), k, Inf, lower.tail = FALSE))))), tolerance = 1e-8)
