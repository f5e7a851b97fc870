//! The same table in R and Python.

use super::{Options, Sampling};
use crate::frame::code::gunel_dickey;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    if options.is_sample() {
        return (l == Language::R).then(|| sample_in_r(options, tables));
    }
    // SciPy has Fisher's test of two by two levels alone.
    if l == Language::Python && options.exact {
        return None;
    }
    let needed: Vec<&String> = [&options.row, &options.column]
        .into_iter()
        .chain(&options.weights)
        .collect();
    let weight = match (&options.weights, l) {
        (Some(w), _) => l.column("data", w),
        (None, Language::R) => "rep(1, nrow(data))".to_string(),
        (None, Language::Python) => "np.ones(len(data))".to_string(),
    };
    let template = match l {
        Language::R => R,
        Language::Python => PYTHON,
    };
    let bayes = match (options.bayes, l) {
        (false, _) => String::new(),
        (true, Language::R) => gunel_dickey(l, options.prior_count) + R_BAYES,
        (true, Language::Python) => gunel_dickey(l, options.prior_count) + PYTHON_BAYES,
    };
    Some(filled(
        &format!("{template}{bayes}"),
        &[
            ("NEEDED", &l.texts(needed)),
            ("ROW", &l.factor("data", &options.row, tables)),
            ("COLUMN", &l.factor("data", &options.column, tables)),
            ("WEIGHT", &weight),
            ("LEVEL", &l.number(options.level)),
            ("EXPECTED", l.flag(options.expected)),
            ("OF_ROW", l.flag(options.row_percent)),
            ("OF_COLUMN", l.flag(options.column_percent)),
            ("OF_ALL", l.flag(options.total_percent)),
            ("RESIDUALS", l.flag(options.residuals)),
            ("ORDINAL", l.flag(options.ordinal)),
            ("EXACT", l.flag(options.exact)),
            ("DRAWS", &options.n_draws.to_string()),
            ("ROWS_FIXED", l.flag(options.sampling == Sampling::Rows)),
        ],
    ))
}

/// The counts and the test of a sample by R's survey.
fn sample_in_r(options: &Options, tables: &CodeTables) -> String {
    let l = Language::R;
    let weights = options.weights.as_deref().unwrap_or_default();
    let needed = [options.row.as_str(), options.column.as_str(), weights];
    filled(
        R_SAMPLE,
        &[
            ("NEEDED", &l.texts(needed)),
            ("ROW", &l.factor("data", &options.row, tables)),
            ("COLUMN", &l.factor("data", &options.column, tables)),
            ("WEIGHT", &l.column("data", weights)),
        ],
    )
}

const R_SAMPLE: &str = r#"library(survey)

data <- data[complete.cases(data[__NEEDED__]), ]
rows <- data.frame(row = __ROW__, column = __COLUMN__, weight = __WEIGHT__)
rows <- droplevels(rows[rows$weight > 0, ])
design <- svydesign(ids = ~1, weights = ~weight, data = rows)
test <- svychisq(~row + column, design, statistic = "F")
print(addmargins(svytable(~row + column, design)))
results <- list(tests = data.frame(
  statistic = test$statistic, df = test$parameter[[1]], df2 = test$parameter[[2]], p = as.numeric(test$p.value)
))
"#;

const R: &str = r#"
data <- data[complete.cases(data[__NEEDED__]), ]
level <- __LEVEL__
t <- tapply(__WEIGHT__, list(__ROW__, __COLUMN__), sum)
t[is.na(t)] <- 0
t <- unname(t[rowSums(t) > 0, colSums(t) > 0, drop = FALSE])
n <- sum(t)
expected <- outer(rowSums(t), colSums(t)) / n
df <- (nrow(t) - 1) * (ncol(t) - 1)
residual <- (t - expected) / sqrt(expected * outer(1 - rowSums(t) / n, 1 - colSums(t) / n))
inner <- function(v) c(v, NA)
cells <- do.call(rbind, lapply(seq_len(nrow(t) + 1), function(i) {
  total <- i > nrow(t)
  count <- if (total) colSums(t) else t[i, ]
  rbind(c(count, sum(count)),
    if (__EXPECTED__ && !total) inner(expected[i, ]),
    if (__OF_ROW__) c(count / sum(count), 1),
    if (__OF_COLUMN__) c(count / colSums(t), sum(count) / n),
    if (__OF_ALL__) c(count, sum(count)) / n,
    if (__RESIDUALS__ && !total && df > 0) inner(residual[i, ]))
}))
cells <- setNames(as.data.frame(cells), c(paste0("c", seq_len(ncol(t))), "total"))
results <- list(cells = cells)

if (df > 0) {
  two <- all(dim(t) == 2)
  whole <- all(t == round(t))
  line <- function(statistic, df, p) data.frame(statistic = statistic, df = df, p = p)
  chi <- sum((t - expected)^2 / expected)
  tests <- line(chi, df, pchisq(chi, df, lower.tail = FALSE))
  if (two) { y <- suppressWarnings(chisq.test(t)); tests <- rbind(tests, line(unname(y$statistic), 1, y$p.value)) }
  g <- 2 * sum(ifelse(t > 0, t * log(t / expected), 0))
  tests <- rbind(tests, line(g, df, pchisq(g, df, lower.tail = FALSE)))
  fisher <- function() tryCatch(fisher.test(t, workspace = 2e7)$p.value, error = function(e) fisher.test(t, simulate.p.value = TRUE, B = __DRAWS__)$p.value)
  if (whole && (two || __EXACT__)) tests <- rbind(tests, line(NA, NA, fisher()))

  # Cramer's V, its interval by the noncentrality of chi squared.
  least <- min(dim(t)) - 1
  end <- function(q) if (pchisq(chi, df) < q) 0 else uniroot(function(l) pchisq(chi, df, ncp = l) - q, c(0, 4 * chi + 100), tol = 1e-12)$root
  strength <- function(l) sqrt(l / (n * least))
  measure <- function(value, error = NA, low = NA, high = NA) data.frame(value = value, std_error = error, ci_lower = low, ci_upper = high)
  association <- measure(strength(chi), NA, min(1, strength(end((1 + level) / 2))), min(1, strength(end((1 - level) / 2))))
  if (two) association <- rbind(association, measure((t[1, 1] * t[2, 2] - t[1, 2] * t[2, 1]) / sqrt(prod(rowSums(t), colSums(t)))))
  if (__ORDINAL__) {
    # For each cell the rows that agree with it in order, and that disagree.
    place <- expand.grid(i = seq_len(nrow(t)), j = seq_len(ncol(t)))
    side <- sign(outer(place$i, place$i, "-")) * sign(outer(place$j, place$j, "-"))
    counts <- as.vector(t)
    agree <- as.vector((side == 1) %*% counts)
    differ <- as.vector((side == -1) %*% counts)
    p <- sum(counts * agree)
    q <- sum(counts * differ)
    w_row <- n^2 - sum(rowSums(t)^2)
    w_column <- n^2 - sum(colSums(t)^2)
    w <- sqrt(w_row * w_column)
    tau <- (p - q) / w
    v <- rowSums(t)[place$i] * w_column + colSums(t)[place$j] * w_row
    value <- c((p - q) / (p + q), tau)
    error <- c(4 / (p + q)^2 * sqrt(sum(counts * (q * agree - p * differ)^2)),
      sqrt(sum(counts * (2 * w * (agree - differ) + tau * v)^2) - n^3 * tau^2 * (w_row + w_column)^2) / w^2)
    reach <- qnorm((1 + level) / 2) * error
    association <- rbind(association, measure(value, error, pmax(value - reach, -1), pmin(value + reach, 1)))
  }
  results <- c(results, list(tests = tests, association = association))

  if (two) {
    reach <- qnorm((1 + level) / 2)
    ratio <- function(value, error) data.frame(value = value, ci_lower = value * exp(-reach * error), ci_upper = value * exp(reach * error))
    f <- if (any(t == 0)) t + 0.5 else t
    ratios <- ratio(f[1, 1] * f[2, 2] / (f[1, 2] * f[2, 1]), sqrt(sum(1 / f)))
    if (whole) { e <- fisher.test(t, conf.level = level); ratios <- rbind(ratios, data.frame(value = unname(e$estimate), ci_lower = e$conf.int[1], ci_upper = e$conf.int[2])) }
    risk <- function(k) f[, k] / rowSums(f)
    for (k in 1:2) ratios <- rbind(ratios, ratio(risk(k)[1] / risk(k)[2], sqrt(sum(1 / f[, k] - 1 / rowSums(f)))))
    results$ratios <- ratios
    share <- t[, 1] / rowSums(t)
    wilson <- function(s, m) (s + reach^2 / (2 * m) + c(-1, 1) * reach * sqrt(s * (1 - s) / m + reach^2 / (4 * m^2))) / (1 + reach^2 / m)
    a <- wilson(share[1], sum(t[1, ])); b <- wilson(share[2], sum(t[2, ]))
    d <- share[1] - share[2]
    results$difference <- data.frame(first = share[1], second = share[2], difference = d,
      ci_lower = d - sqrt((share[1] - a[1])^2 + (b[2] - share[2])^2), ci_upper = d + sqrt((a[2] - share[1])^2 + (share[2] - b[1])^2))
  }
}
"#;

const PYTHON: &str = r#"
from scipy import stats
from scipy.optimize import brentq

data = data.dropna(subset=__NEEDED__).reset_index(drop=True)
level = __LEVEL__
weight = pd.Series(__WEIGHT__)
table = weight.groupby([pd.Series(__ROW__), pd.Series(__COLUMN__)], observed=False).sum().unstack().to_numpy(float)
table = np.nan_to_num(table)
t = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
n = t.sum()
rows, columns = t.sum(axis=1), t.sum(axis=0)
expected = np.outer(rows, columns) / n
df = (t.shape[0] - 1) * (t.shape[1] - 1)
with np.errstate(all="ignore"):
    residual = (t - expected) / np.sqrt(expected * np.outer(1 - rows / n, 1 - columns / n))
cells = []
for i in range(len(t) + 1):
    total = i == len(t)
    count = columns if total else t[i]
    with_total = np.append(count, count.sum())
    cells.append(with_total)
    if __EXPECTED__ and not total:
        cells.append(np.append(expected[i], np.nan))
    if __OF_ROW__:
        cells.append(with_total / count.sum())
    if __OF_COLUMN__:
        cells.append(np.append(count / columns, count.sum() / n))
    if __OF_ALL__:
        cells.append(with_total / n)
    if __RESIDUALS__ and not total and df > 0:
        cells.append(np.append(residual[i], np.nan))
results = {"cells": pd.DataFrame(cells, columns=[f"c{j + 1}" for j in range(t.shape[1])] + ["total"])}

if df > 0:
    two = t.shape == (2, 2)
    whole = (t == t.round()).all()
    chi = ((t - expected) ** 2 / expected).sum()
    tests = [(chi, df, stats.chi2.sf(chi, df))]
    if two:
        y = stats.chi2_contingency(t, correction=True)
        tests.append((y[0], 1, y[1]))
    g = 2 * np.sum(t * np.log(np.where(t > 0, t / expected, 1)))
    tests.append((g, df, stats.chi2.sf(g, df)))
    if two and whole:
        tests.append((np.nan, np.nan, stats.fisher_exact(t.astype(int))[1]))
    results["tests"] = pd.DataFrame(tests, columns=["statistic", "df", "p"])

    # Cramer's V, its interval by the noncentrality of chi squared.
    least = min(t.shape) - 1

    def end(q):
        if stats.chi2.cdf(chi, df) < q:
            return 0
        high = chi + 1
        while stats.ncx2.cdf(chi, df, high) > q:
            high *= 2
        return brentq(lambda l: (stats.ncx2.cdf(chi, df, l) if l > 0 else stats.chi2.cdf(chi, df)) - q, 0, high, xtol=1e-12)

    def strength(l):
        return np.sqrt(l / (n * least))

    association = [(strength(chi), np.nan, min(1, strength(end((1 + level) / 2))), min(1, strength(end((1 - level) / 2))))]
    if two:
        association.append(((t[0, 0] * t[1, 1] - t[0, 1] * t[1, 0]) / np.sqrt(rows.prod() * columns.prod()), np.nan, np.nan, np.nan))
    if __ORDINAL__:
        # For each cell the rows that agree with it in order, and that disagree.
        i, j = (k.ravel() for k in np.indices(t.shape))
        side = np.sign(i[:, None] - i) * np.sign(j[:, None] - j)
        counts = t.ravel()
        agree, differ = (side == 1) @ counts, (side == -1) @ counts
        p, q = (counts * agree).sum(), (counts * differ).sum()
        w_row, w_column = n**2 - (rows**2).sum(), n**2 - (columns**2).sum()
        w = np.sqrt(w_row * w_column)
        tau = (p - q) / w
        v = rows[i] * w_column + columns[j] * w_row
        tau_error = np.sqrt((counts * (2 * w * (agree - differ) + tau * v) ** 2).sum() - n**3 * tau**2 * (w_row + w_column) ** 2) / w**2
        gamma_error = 4 / (p + q) ** 2 * np.sqrt((counts * (q * agree - p * differ) ** 2).sum())
        for value, error in (((p - q) / (p + q), gamma_error), (tau, tau_error)):
            reach = stats.norm.ppf((1 + level) / 2) * error
            association.append((value, error, max(value - reach, -1), min(value + reach, 1)))
    results["association"] = pd.DataFrame(association, columns=["value", "std_error", "ci_lower", "ci_upper"])

    if two:
        reach = stats.norm.ppf((1 + level) / 2)
        f = t + 0.5 if (t == 0).any() else t

        def ratio(value, error):
            return value, value * np.exp(-reach * error), value * np.exp(reach * error)

        ratios = [ratio(f[0, 0] * f[1, 1] / (f[0, 1] * f[1, 0]), np.sqrt((1 / f).sum()))]
        if whole:
            e = stats.contingency.odds_ratio(t.astype(int))
            ratios.append((e.statistic, *e.confidence_interval(level)))
        for k in range(2):
            risk = f[:, k] / f.sum(axis=1)
            ratios.append(ratio(risk[0] / risk[1], np.sqrt((1 / f[:, k] - 1 / f.sum(axis=1)).sum())))
        results["ratios"] = pd.DataFrame(ratios, columns=["value", "ci_lower", "ci_upper"])
        share = t[:, 0] / rows
        half = reach * np.sqrt(share * (1 - share) / rows + reach**2 / (4 * rows**2))
        middle = share + reach**2 / (2 * rows)
        low, high = ((middle + s * half) / (1 + reach**2 / rows) for s in (-1, 1))
        d = share[0] - share[1]
        results["difference"] = pd.DataFrame([{
            "first": share[0], "second": share[1], "difference": d,
            "ci_lower": d - np.hypot(share[0] - low[0], high[1] - share[1]), "ci_upper": d + np.hypot(high[0] - share[0], share[1] - low[1]),
        }])
"#;

const R_BAYES: &str = r#"if (df > 0) {
  columns <- gained(colSums(t), prior * nrow(t) - (nrow(t) - 1))
  ln_bf <- if (__ROWS_FIXED__) sum(apply(t, 1, gained, prior)) - columns else
    gained(as.vector(t), prior) - columns - gained(rowSums(t), prior * ncol(t) - (ncol(t) - 1))
  results$bayes <- data.frame(bf10 = exp(ln_bf), bf01 = exp(-ln_bf))
}
"#;

const PYTHON_BAYES: &str = r#"if df > 0:
    n_rows, n_columns = t.shape
    columns = gained(t.sum(axis=0), prior * n_rows - (n_rows - 1))
    if __ROWS_FIXED__:
        ln_bf = sum(gained(row, prior) for row in t) - columns
    else:
        ln_bf = gained(t.ravel(), prior) - columns - gained(t.sum(axis=1), prior * n_columns - (n_columns - 1))
    results["bayes"] = pd.DataFrame([{"bf10": np.exp(ln_bf), "bf01": np.exp(-ln_bf)}])
"#;
