//! Missing values in R and Python.

use super::{MAX_TESTED, Options};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, ColumnInfo, Language};
use crate::table::{ColumnKind, Measure};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let chosen: Vec<&ColumnInfo> = match options.columns.is_empty() {
        true => tables.get("table")?.iter().collect(),
        false => options
            .columns
            .iter()
            .filter_map(|name| column_info(tables, name))
            .collect(),
    };
    let is_number = |c: &&&ColumnInfo| {
        matches!(c.kind, ColumnKind::Float | ColumnKind::Int) && c.measure == Measure::Scale
    };
    let numbers: Vec<&str> = chosen
        .iter()
        .filter(is_number)
        .map(|c| c.name.as_str())
        .collect();
    let is_tested = options.test && (2..=MAX_TESTED).contains(&numbers.len());
    let (patterns, test) = match l {
        Language::R => (R, R_TEST),
        Language::Python => (PYTHON, PYTHON_TEST),
    };
    let text = match is_tested {
        true => format!("{patterns}{test}"),
        false => patterns.to_string(),
    };
    Some(filled(
        &text,
        &[
            ("COLUMNS", &l.texts(chosen.iter().map(|c| &c.name))),
            ("NUMBERS", &l.texts(numbers)),
            ("MOST", &options.max_patterns.to_string()),
        ],
    ))
}

const R: &str = r#"gaps <- is.na(data[__COLUMNS__])
n_rows <- nrow(gaps)
missing <- colSums(gaps)
results <- list(
  columns = data.frame(missing = missing, percent = missing / n_rows, n = n_rows - missing)
)
if (any(gaps)) {
  pattern <- apply(gaps, 1, function(row) paste(which(row), collapse = " "))
  n <- as.vector(table(pattern))
  n_missing <- lengths(strsplit(names(table(pattern)), " "))
  first <- head(order(-n, n_missing), __MOST__)
  results$patterns <- data.frame(n = n[first], percent = n[first] / n_rows, n_missing = n_missing[first])
}
"#;

const R_TEST: &str = r#"
# Little's test: mean and covariance of a normal sample by EM, pattern by pattern.
x <- as.matrix(data[__NUMBERS__])
x[!is.finite(x)] <- NA
x <- x[, apply(x, 2, function(v) length(unique(v[!is.na(v)])) > 1), drop = FALSE]
x <- scale(x[rowSums(!is.na(x)) > 0, , drop = FALSE])
seen <- !is.na(x)
parts <- split(seq_len(nrow(x)), apply(seen, 1, paste, collapse = " "))
if (length(parts) > 1) {
  p <- ncol(x)
  centre <- rep(0, p)
  spread <- diag(p)
  for (step in 1:5000) {
    sums <- rep(0, p)
    products <- matrix(0, p, p)
    for (rows in parts) {
      s <- seen[rows[1], ]
      y <- x[rows, , drop = FALSE]
      if (!all(s)) {
        b <- solve(spread[s, s], spread[s, !s, drop = FALSE])
        y[, !s] <- rep(centre[!s], each = length(rows)) + sweep(y[, s, drop = FALSE], 2, centre[s]) %*% b
        products[!s, !s] <- products[!s, !s] +
          length(rows) * (spread[!s, !s] - spread[!s, s, drop = FALSE] %*% b)
      }
      sums <- sums + colSums(y)
      products <- products + crossprod(y)
    }
    new <- sums / nrow(x)
    covariance <- products / nrow(x) - tcrossprod(new)
    change <- max(abs(new - centre), abs(covariance - spread))
    centre <- new
    spread <- covariance
    if (change < 1e-13) break
  }
  distance <- sapply(parts, function(rows) {
    s <- seen[rows[1], ]
    miss <- colMeans(x[rows, s, drop = FALSE]) - centre[s]
    length(rows) * sum(miss * solve(spread[s, s], miss))
  })
  df <- sum(sapply(parts, function(rows) sum(seen[rows[1], ]))) - p
  results$little <- data.frame(
    chi_squared = sum(distance), df = df, p = pchisq(sum(distance), df, lower.tail = FALSE), n_patterns = length(parts)
  )
}
"#;

const PYTHON: &str = r#"gaps = data[__COLUMNS__].isna().to_numpy()
missing = gaps.sum(axis=0)
results = {
    "columns": pd.DataFrame({"missing": missing, "percent": missing / len(gaps), "n": len(gaps) - missing}),
}
if gaps.any():
    found, n = np.unique(gaps, axis=0, return_counts=True)
    n_missing = found.sum(axis=1)
    first = np.lexsort((n_missing, -n))[:__MOST__]
    results["patterns"] = pd.DataFrame({
        "n": n[first], "percent": n[first] / len(gaps), "n_missing": n_missing[first],
    })
"#;

const PYTHON_TEST: &str = r#"
# Little's test: mean and covariance of a normal sample by EM, pattern by pattern.
from scipy import stats

x = data[__NUMBERS__].to_numpy(float)
x[~np.isfinite(x)] = np.nan
x = x[:, [len(np.unique(v[~np.isnan(v)])) > 1 for v in x.T]]
x = x[~np.isnan(x).all(axis=1)]
x = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0, ddof=1)
patterns, which = np.unique(~np.isnan(x), axis=0, return_inverse=True)
parts = [(s, x[which.ravel() == k]) for k, s in enumerate(patterns)]
if len(parts) > 1:
    p = x.shape[1]
    centre, spread = np.zeros(p), np.eye(p)
    for _ in range(5000):
        sums, products = np.zeros(p), np.zeros((p, p))
        for s, y in parts:
            y = y.copy()
            if not s.all():
                b = np.linalg.solve(spread[np.ix_(s, s)], spread[np.ix_(s, ~s)])
                y[:, ~s] = centre[~s] + (y[:, s] - centre[s]) @ b
                products[np.ix_(~s, ~s)] += len(y) * (spread[np.ix_(~s, ~s)] - spread[np.ix_(~s, s)] @ b)
            sums += y.sum(axis=0)
            products += y.T @ y
        new = sums / len(x)
        covariance = products / len(x) - np.outer(new, new)
        change = max(abs(new - centre).max(), abs(covariance - spread).max())
        centre, spread = new, covariance
        if change < 1e-13:
            break
    chi_squared, df = 0.0, -p
    for s, y in parts:
        miss = y[:, s].mean(axis=0) - centre[s]
        chi_squared += len(y) * miss @ np.linalg.solve(spread[np.ix_(s, s)], miss)
        df += s.sum()
    results["little"] = pd.DataFrame({
        "chi_squared": [chi_squared], "df": [df], "p": [stats.chi2.sf(chi_squared, df)], "n_patterns": [len(parts)],
    })
"#;
