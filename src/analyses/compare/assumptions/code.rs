//! The same tests in R and Python.

use super::Options;
use crate::frame::contrasts::MissingRows;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> String {
    let l = language;
    let columns = l.texts(&options.columns);
    let all = l.texts(options.columns.iter().chain(&options.group));
    let listwise = options.missing == MissingRows::Listwise;
    let complete = match (listwise, language) {
        (false, _) => String::new(),
        (_, Language::R) => format!("data <- data[complete.cases(data[{all}]), ]\n"),
        (_, Language::Python) => format!("data = data.dropna(subset={all})\n"),
    };
    let template = match (language, options.group.is_some()) {
        (Language::R, false) => R_COLUMNS,
        (Language::R, true) => R_GROUPS,
        (Language::Python, false) => PYTHON_COLUMNS,
        (Language::Python, true) => PYTHON_GROUPS,
    };
    let group = options
        .group
        .as_ref()
        .map(|g| l.factor("data", g, tables))
        .unwrap_or_default();
    let shared = match language {
        Language::R => R_SHARED,
        Language::Python => PYTHON_SHARED,
    };
    format!(
        "{shared}{}",
        filled(
            template,
            &[
                ("COMPLETE", &complete),
                ("COLUMNS", &columns),
                ("GROUP", &group),
            ],
        )
    )
}

const R_SHARED: &str = r#"
library(nortest)
# Tests that need more values than there are say nothing.
tried <- function(test, x) tryCatch({ t <- test(x); c(t$statistic[[1]], t$p.value) }, error = function(e) c(NA, NA))
normality_of <- function(x) {
  w <- tried(shapiro.test, x); a <- tried(ad.test, x); d <- tried(lillie.test, x)
  data.frame(n = length(x), w = w[1], w_p = w[2], a_squared = a[1], a_squared_p = a[2], d = d[1], d_p = d[2])
}
shape_of <- function(x) {
  n <- length(x); m <- mean(x); s <- sum((x - m)^2)
  g1 <- sqrt(n) * sum((x - m)^3) / s^1.5
  g2 <- n * sum((x - m)^4) / s^2 - 3
  data.frame(n = n, mean = m, sd = sd(x), variance = var(x), skewness = if (n > 2) g1 * sqrt(n * (n - 1)) / (n - 2) else NA,
    kurtosis = if (n > 3) ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)) else NA)
}
"#;

const R_COLUMNS: &str = r#"__COMPLETE__columns <- lapply(__COLUMNS__, function(name) { x <- data[[name]]; x[!is.na(x)] })
results <- list(normality = do.call(rbind, lapply(columns, normality_of)), groups = do.call(rbind, lapply(columns, shape_of)))
"#;

const R_GROUPS: &str = r#"library(car)
__COMPLETE__g <- __GROUP__
normality <- spread <- groups <- NULL
for (name in __COLUMNS__) {
  kept <- !is.na(data[[name]]) & !is.na(g)
  x <- data[[name]][kept]; by <- droplevels(g[kept])
  parts <- split(x, by)
  normality <- rbind(normality, do.call(rbind, lapply(parts, normality_of)), normality_of(x - ave(x, by)))
  groups <- rbind(groups, do.call(rbind, lapply(parts, shape_of)))
  about_means <- leveneTest(x, by, center = mean); about_medians <- leveneTest(x, by, center = median)
  b <- bartlett.test(x[by %in% names(which(table(by) > 1))], droplevels(by[by %in% names(which(table(by) > 1))]))
  spread <- rbind(spread, data.frame(statistic = c(about_means[1, 2], about_medians[1, 2], b$statistic), df1 = c(about_means[1, 1], about_medians[1, 1], b$parameter),
    df2 = c(about_means[2, 1], about_medians[2, 1], NA), p = c(about_means[1, 3], about_medians[1, 3], b$p.value)))
}
results <- list(normality = normality, spread = spread, groups = groups)
"#;

const PYTHON_SHARED: &str = r#"
from scipy import stats
from statsmodels.stats.diagnostic import lilliefors, normal_ad

def normality_of(x):
    # statsmodels takes Lilliefors's p value from a table, so only D is here.
    w = stats.shapiro(x) if 3 <= len(x) <= 5000 else (np.nan, np.nan)
    a = normal_ad(x) if len(x) >= 8 else (np.nan, np.nan)
    d = lilliefors(x)[0] if len(x) >= 5 else np.nan
    return {"n": len(x), "w": w[0], "w_p": w[1], "a_squared": a[0], "a_squared_p": a[1], "d": d}

def shape_of(x):
    skewness = stats.skew(x, bias=False) if len(x) > 2 else np.nan
    kurtosis = stats.kurtosis(x, bias=False) if len(x) > 3 else np.nan
    return {"n": len(x), "mean": x.mean(), "sd": x.std(ddof=1), "variance": x.var(ddof=1), "skewness": skewness, "kurtosis": kurtosis}

"#;

const PYTHON_COLUMNS: &str = r#"__COMPLETE__columns = [data[name].dropna().to_numpy(float) for name in __COLUMNS__]
results = {"normality": pd.DataFrame(map(normality_of, columns)), "groups": pd.DataFrame(map(shape_of, columns))}
"#;

const PYTHON_GROUPS: &str = r#"__COMPLETE__g = pd.Series(__GROUP__, index=data.index)
normality, spread, groups = [], [], []
for name in __COLUMNS__:
    kept = data[name].notna() & g.notna()
    x, by = data[name][kept].astype(float), g[kept].cat.remove_unused_categories()
    parts = [x[by == level].to_numpy() for level in by.cat.categories]
    normality += [normality_of(part) for part in parts]
    normality.append(normality_of(np.concatenate([part - part.mean() for part in parts])))
    groups += [shape_of(part) for part in parts]
    k, n = len(parts), len(x)
    for center in ["mean", "median"]:
        statistic, p = stats.levene(*parts, center=center)
        spread.append({"statistic": statistic, "df1": k - 1, "df2": n - k, "p": p})
    several = [part for part in parts if len(part) > 1]
    statistic, p = stats.bartlett(*several)
    spread.append({"statistic": statistic, "df1": len(several) - 1, "df2": np.nan, "p": p})
results = {"normality": pd.DataFrame(normality), "spread": pd.DataFrame(spread), "groups": pd.DataFrame(groups)}
"#;
