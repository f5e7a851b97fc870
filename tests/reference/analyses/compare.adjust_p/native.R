# p.adjust of R: typed values with ties, the 15 p values of Benjamini and Hochberg (1995) with one missing, more tests than
# p values, and many p values of which the smallest are shown.
ways <- c(bonferroni = "bonferroni", holm = "holm", hochberg = "hochberg", hommel = "hommel", bh = "BH", by = "BY")
adjusted <- function(p, n = length(p), without = character()) { d <- data.frame(p = p, lapply(ways[setdiff(names(ways), without)], function(w) p.adjust(p, w, n = n))); d }
p <- c(0.011, 0.013, 0.012, 0.05, 0.05, 0.2, 0.021, 0.033, 0.9, 0.0101, 0.0101)
add("typed", "p.adjust(p, method) with ties", NULL, list(typed = paste(paste(p[1:4], collapse = " "), paste(p[5:8], collapse = ", "), paste(p[9:11], collapse = "; "), sep = "\n"), method = "hommel"),
  list(tables = list(adjusted = rows(adjusted(p))), outputs = list(adjusted = list(columns = list(p_adjusted = arr(p.adjust(p, "hommel")))))), tolerance = 1e-13)
t <- read("p_values.csv"); k <- t$p[!is.na(t$p)]
add("column", "p.adjust(p, method) of the p values of Benjamini and Hochberg (1995), one missing", "tests/data/p_values.csv", list(source = "column", p = "p", names = "test", method = "bh"),
  list(tables = list(adjusted = rows(adjusted(k))), outputs = list(adjusted = list(columns = list(p_adjusted = arr(p.adjust(t$p, "BH")))))), tolerance = 1e-13)
add("of_more", "p.adjust(p, method, n = 40)", "tests/data/p_values.csv", list(source = "column", p = "p", n_tests = 40, method = "by"),
  list(tables = list(adjusted = rows(adjusted(k, 40))), outputs = list(adjusted = list(columns = list(p_adjusted = arr(p.adjust(t$p, "BY", n = 40)))))), tolerance = 1e-13)
set.seed(8); p <- round(c(rbeta(150, 0.3, 6), runif(850)), 5); m <- data.frame(p = p)
files[["many.csv"]] <- paste(c("p", p), collapse = "\n")
add("many", "p.adjust(p, method) of 1,000 p values", "tests/reference/analyses/compare.adjust_p/many.csv", list(source = "column", p = "p", method = "hochberg"),
  list(tables = list(adjusted = rows(adjusted(p)[order(p)[1:200], ]))), tolerance = 1e-13)
