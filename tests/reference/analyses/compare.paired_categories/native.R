# mcnemar.test and binom.test; Bowker's χ² by mcnemar.test, or by its formula where a pair of levels has no change;
# mid-p by dbinom; Cochran's Q by symmetry_test of coin; Newcombe's and Wilson's intervals by their formulas.
use("coin")
answers <- read("answers.csv"); file <- "tests/data/answers.csv"
wilson <- function(k, n, level) { z <- qnorm(1 - (1 - level) / 2); m <- (k + z^2 / 2) / (n + z^2); h <- z / (n + z^2) * sqrt(k * (n - k) / n + z^2 / 4); c(k / n, m - h, m + h) }
inf <- function(v) if (is.infinite(v)) "inf" else v
change <- function(x, y, level = 0.95, correct = FALSE, kind = "exact") {
  t <- table(factor(x, c(TRUE, FALSE)), factor(y, c(TRUE, FALSE))); left <- t[1, 2]; joined <- t[2, 1]; n <- sum(t); k <- left + joined
  m <- mcnemar.test(t, correct = correct); b <- binom.test(joined, k, conf.level = level); few <- min(left, joined)
  mid <- if (left == joined) 1 - dbinom(few, k, 0.5) / 2 else 2 * pbinom(few, k, 0.5) - dbinom(few, k, 0.5)
  f <- wilson(sum(t[1, ]), n, level); s <- wilson(sum(t[, 1]), n, level)
  A <- prod(rowSums(t), colSums(t)); B <- t[1, 1] * t[2, 2] - left * joined; C <- if (B > n / 2) B - n / 2 else if (B >= 0) 0 else B; phi <- if (A == 0) 0 else C / sqrt(A)
  d <- (joined - left) / n; reach <- function(u, v) sqrt(u^2 - 2 * phi * u * v + v^2)
  p <- switch(kind, exact = b$p.value, mid_p = mid, asymptotic = m$p.value)
  list(tests = list(list(statistic = m$statistic[[1]], df = 1, p = m$p.value), list(p = b$p.value), list(p = mid)),
    pair = list(joined = joined, left = left, difference = d, ci_lower = d - reach(s[1] - s[2], f[3] - f[1]), ci_upper = d + reach(s[3] - s[1], f[1] - f[2]), p = p,
      odds = inf(joined / left), odds_ci_lower = b$conf.int[1] / (1 - b$conf.int[1]), odds_ci_upper = inf(b$conf.int[2] / (1 - b$conf.int[2]))))
}
share <- function(x, level = 0.95) { w <- wilson(sum(x), length(x), level); list(count = sum(x), n = length(x), share = w[1], ci_lower = w[2], ci_upper = w[3]) }
kept <- answers[complete.cases(answers[c("before", "after")]), ]; x <- kept$before == "yes"; y <- kept$after == "yes"
r <- change(x, y)
add("two", "mcnemar.test(x, y, correct = FALSE), binom.test, with missing values", file, list(columns = arr(c("before", "after"))),
  list(tables = list(tests = r$tests, pairs = list(r$pair), shares = list(share(x), share(y)),
    counts = list(list(level = "no", to_1 = sum(!x & !y), to_2 = sum(!x & y)), list(level = "yes", to_1 = sum(x & !y), to_2 = sum(x & y))))))
r <- change(!x, !y, 0.9, TRUE, "asymptotic")
add("two_corrected", "mcnemar.test(x, y) of the other level", file, list(columns = arr(c("before", "after")), event = "no", continuity = TRUE, p_value = "asymptotic", level = 0.9),
  list(tables = list(tests = r$tests, pairs = list(r$pair), shares = list(share(!x, 0.9), share(!y, 0.9)))))
three <- c("before", "after", "later"); kept <- answers[complete.cases(answers[three]), three]; yes <- as.matrix(kept == "yes")
long <- data.frame(y = factor(as.vector(yes)), column = factor(rep(three, each = nrow(yes))), row = factor(rep(seq_len(nrow(yes)), 3)))
q <- symmetry_test(y ~ column | row, data = long, teststat = "quadratic"); k <- combn(3, 2); r <- lapply(1:3, function(i) change(yes[, k[1, i]], yes[, k[2, i]], kind = "mid_p")$pair); a <- p.adjust(sapply(r, `[[`, "p"), "holm")
add("cochran", "symmetry_test of coin, pairs by mid-p with Holm's correction", file, list(columns = arr(three), event = "yes", p_value = "mid_p"),
  list(tables = list(tests = list(list(statistic = statistic(q)[[1]], df = 2, p = pvalue(q)[[1]])), pairs = Map(function(p, q) c(p, p_adjusted = q), r, a), shares = lapply(1:3, function(i) share(unname(yes[, i]))))))
# “walk” is an answer to the second question alone.
lv <- c("bus", "car", "train", "walk"); t <- table(factor(answers$first_choice, lv), factor(answers$second_choice, lv))
off <- ((t - t(t))^2 / (t + t(t)))[upper.tri(t)]; b <- sum(off, na.rm = TRUE)
kept <- answers[complete.cases(answers[c("first_choice", "second_choice")]), ]; r <- change(kept$first_choice == "train", kept$second_choice == "train")
add("symmetry", "mcnemar.test of four levels, of which one pair may have no change; mcnemar.test of one level", file, list(columns = arr(c("first_choice", "second_choice")), event = "train"),
  list(tables = list(tests = c(list(list(statistic = b, df = 6, p = pchisq(b, 6, lower.tail = FALSE))), r$tests), pairs = list(r$pair),
    counts = lapply(lv, function(l) list(level = l, to_1 = t[l, 1], to_2 = t[l, 2], to_3 = t[l, 3], to_4 = t[l, 4])))))
# Approval of the prime minister in two surveys (Agresti, 1990), by counts; and nobody leaving.
files[["counts.csv"]] <- "first,second,n\napprove,approve,794\napprove,disapprove,150\ndisapprove,approve,86\ndisapprove,disapprove,570"
x <- rep(c(TRUE, TRUE, FALSE, FALSE), c(794, 150, 86, 570)); y <- rep(c(TRUE, FALSE, TRUE, FALSE), c(794, 150, 86, 570)); r <- change(x, y)
add("weighted", "mcnemar.test of Agresti's (1990) table", "tests/reference/analyses/compare.paired_categories/counts.csv", list(columns = arr(c("first", "second")), event = "approve", weights = "n"),
  list(tables = list(tests = r$tests, pairs = list(r$pair), shares = list(share(x), share(y)))))
files[["one_way.csv"]] <- "a,b\nno,yes\nno,yes\nno,no\nyes,yes\nno,yes\nyes,yes\n,yes\nno,no\nno,yes"
x <- c(F, F, F, T, F, T, F, F); y <- c(T, T, F, T, T, T, F, T); r <- change(x, y)
add("one_way", "mcnemar.test and binom.test where all changes go one way", "tests/reference/analyses/compare.paired_categories/one_way.csv", list(columns = arr(c("a", "b"))),
  list(tables = list(tests = r$tests, pairs = list(r$pair))))
