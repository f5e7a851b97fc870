//! The same tests in R and Python.

use super::{ColumnPairs, Design, GroupPairs, Options};
use crate::frame::corrections::Correction;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let correction = options.correction.code_name(language);
    let is_adjusted = options.correction != Correction::None;
    let adjust = match (is_adjusted, language) {
        (false, _) => String::new(),
        (_, Language::R) => format!("\npairs$p_adjusted <- p.adjust(pairs$p, \"{correction}\")"),
        (_, Language::Python) => format!(
            "\nfrom statsmodels.stats.multitest import multipletests\npairs[\"p_adjusted\"] = multipletests(pairs[\"p\"], method=\"{correction}\")[1]"
        ),
    };
    if options.design == Design::Columns {
        if options.measures.len() < 2 {
            return None;
        }
        let (pairs, adjust) = match (options.column_pairs, language) {
            (ColumnPairs::None, _) => ("", String::new()),
            (ColumnPairs::Conover, Language::R) => (R_CONOVER, adjust),
            (ColumnPairs::Conover, Language::Python) => (PYTHON_CONOVER, adjust),
            (ColumnPairs::Nemenyi, Language::R) => (R_NEMENYI, String::new()),
            (ColumnPairs::Nemenyi, Language::Python) => (PYTHON_NEMENYI, String::new()),
        };
        let template = match language {
            Language::R => R_COLUMNS,
            Language::Python => PYTHON_COLUMNS,
        };
        return Some(filled(
            template,
            &[
                ("COLUMNS", &l.texts(&options.measures)),
                ("PAIRS", pairs),
                ("ADJUST", &adjust),
                ("ADD", add(pairs, language)),
            ],
        ));
    }
    let (outcome, group) = (options.outcome.as_ref()?, options.group.as_ref()?);
    let (pairs, adjust) = match (options.group_pairs, language) {
        (GroupPairs::None, _) => ("", String::new()),
        (GroupPairs::Dunn, Language::R) => (R_DUNN, adjust),
        (GroupPairs::Dunn, Language::Python) => (PYTHON_DUNN, adjust),
        (GroupPairs::Dwass, Language::R) => (R_DWASS, String::new()),
        (GroupPairs::Dwass, Language::Python) => (PYTHON_DWASS, String::new()),
    };
    let template = match language {
        Language::R => R_GROUPS,
        Language::Python => PYTHON_GROUPS,
    };
    Some(filled(
        template,
        &[
            ("OUTCOME", &l.column("data", outcome)),
            ("GROUP", &l.factor("data", group, tables)),
            ("PAIRS", pairs),
            ("ADJUST", &adjust),
            ("ADD", add(pairs, language)),
        ],
    ))
}

fn add(pairs: &str, language: Language) -> &'static str {
    match (pairs.is_empty(), language) {
        (true, _) => "",
        (false, Language::R) => ", pairs = pairs",
        (false, Language::Python) => ", \"pairs\": pairs",
    }
}

const R_GROUPS: &str = r#"
y <- __OUTCOME__
g <- __GROUP__
kept <- !is.na(y) & !is.na(g)
y <- y[kept]
g <- droplevels(g[kept])
k <- kruskal.test(y, g)
h <- unname(k$statistic)
n <- length(y)
test <- data.frame(statistic = h, df1 = unname(k$parameter), p = k$p.value, epsilon_squared = h / (n - 1), eta_squared = (h - nlevels(g) + 1) / (n - nlevels(g)))
ranks <- rank(y)
mean_rank <- tapply(ranks, g, mean)
groups <- data.frame(n = as.vector(table(g)), median = as.vector(tapply(y, g, median)), q1 = as.vector(tapply(y, g, quantile, 0.25)),
  q3 = as.vector(tapply(y, g, quantile, 0.75)), mean_rank = as.vector(mean_rank))
__PAIRS____ADJUST__
results <- list(test = test, groups = groups__ADD__)
"#;

const R_DUNN: &str = r#"ties <- table(y)
variance <- n * (n + 1) / 12 - sum(ties^3 - ties) / (12 * (n - 1))
two <- combn(nlevels(g), 2)
difference <- as.vector(mean_rank[two[1, ]] - mean_rank[two[2, ]])
z <- difference / sqrt(variance * as.vector(1 / table(g)[two[1, ]] + 1 / table(g)[two[2, ]]))
pairs <- data.frame(difference = difference, statistic = z, p = 2 * pnorm(-abs(z)))"#;

const R_DWASS: &str = r#"# Each pair ranked by itself.
pairs <- do.call(rbind, lapply(combn(levels(g), 2, simplify = FALSE), function(two) {
  x <- y[g == two[1]]; z <- y[g == two[2]]
  r <- rank(c(x, z)); a <- length(x); b <- length(z); all <- a + b
  ties <- table(r)
  off <- sum(r[seq_along(x)]) - a * (all + 1) / 2
  w <- sqrt(2) * off / sqrt(a * b / 12 * (all + 1 - sum(ties^3 - ties) / (all * (all - 1))))
  data.frame(difference = off * all / (a * b), statistic = w, p = ptukey(abs(w), nlevels(g), Inf, lower.tail = FALSE))
}))"#;

const R_COLUMNS: &str = r#"
columns <- __COLUMNS__
m <- as.matrix(data[complete.cases(data[columns]), columns])
f <- friedman.test(m)
n <- nrow(m); k <- ncol(m)
q <- unname(f$statistic)
iman <- (n - 1) * q / (n * (k - 1) - q)
test <- data.frame(statistic = c(q, iman), df1 = k - 1, df2 = c(NA, (k - 1) * (n - 1)),
  p = c(f$p.value, pf(iman, k - 1, (k - 1) * (n - 1), lower.tail = FALSE)), kendall_w = c(q / (n * (k - 1)), NA))
if (!is.finite(iman)) test <- test[1, ]
ranks <- t(apply(m, 1, rank))
mean_rank <- unname(colMeans(ranks))
groups <- data.frame(n = n, median = unname(apply(m, 2, median)), q1 = unname(apply(m, 2, quantile, 0.25)), q3 = unname(apply(m, 2, quantile, 0.75)), mean_rank = mean_rank)
__PAIRS____ADJUST__
results <- list(test = test, groups = groups__ADD__)
"#;

const R_CONOVER: &str = r#"two <- combn(k, 2)
difference <- mean_rank[two[1, ]] - mean_rank[two[2, ]]
df <- (n - 1) * (k - 1)
t <- n * difference / sqrt(2 * (n * sum(ranks^2) - sum(colSums(ranks)^2)) / df)
pairs <- data.frame(difference = difference, statistic = t, p = 2 * pt(-abs(t), df))"#;

const R_NEMENYI: &str = r#"two <- combn(k, 2)
difference <- mean_rank[two[1, ]] - mean_rank[two[2, ]]
s <- difference / sqrt(k * (k + 1) / (12 * n))
pairs <- data.frame(difference = difference, statistic = s, p = ptukey(abs(s), k, Inf, lower.tail = FALSE))"#;

const PYTHON_GROUPS: &str = r#"
from itertools import combinations
from scipy import stats

g = pd.Series(__GROUP__, index=data.index)
y = __OUTCOME__.astype(float)
kept = y.notna() & g.notna()
y, g = y[kept], g[kept].cat.remove_unused_categories()
values = [y[g == level].to_numpy() for level in g.cat.categories]
h, p = stats.kruskal(*values)
n, k = len(y), len(values)
test = pd.DataFrame([{"statistic": h, "df1": k - 1, "p": p, "epsilon_squared": h / (n - 1), "eta_squared": (h - k + 1) / (n - k)}])
ranks = pd.Series(stats.rankdata(y), index=y.index)
mean_rank = [ranks[g == level].mean() for level in g.cat.categories]
groups = pd.DataFrame([
    {"n": len(v), "median": np.median(v), "q1": np.quantile(v, 0.25), "q3": np.quantile(v, 0.75), "mean_rank": r}
    for v, r in zip(values, mean_rank)
])
__PAIRS____ADJUST__
results = {"test": test, "groups": groups__ADD__}
"#;

const PYTHON_DUNN: &str = r#"ties = y.value_counts().to_numpy(float)
variance = n * (n + 1) / 12 - (ties**3 - ties).sum() / (12 * (n - 1))
pairs = []
for a, b in combinations(range(k), 2):
    difference = mean_rank[a] - mean_rank[b]
    z = difference / np.sqrt(variance * (1 / len(values[a]) + 1 / len(values[b])))
    pairs.append({"difference": difference, "statistic": z, "p": 2 * stats.norm.sf(abs(z))})
pairs = pd.DataFrame(pairs)"#;

const PYTHON_DWASS: &str = r#"# Each pair ranked by itself.
pairs = []
for x, z in combinations(values, 2):
    r = stats.rankdata(np.concatenate([x, z]))
    a, b, both = len(x), len(z), len(r)
    ties = np.unique(r, return_counts=True)[1].astype(float)
    off = r[:a].sum() - a * (both + 1) / 2
    w = np.sqrt(2) * off / np.sqrt(a * b / 12 * (both + 1 - (ties**3 - ties).sum() / (both * (both - 1))))
    pairs.append({"difference": off * both / (a * b), "statistic": w, "p": stats.studentized_range.sf(abs(w), k, np.inf)})
pairs = pd.DataFrame(pairs)"#;

const PYTHON_COLUMNS: &str = r#"
from itertools import combinations
from scipy import stats

m = data[__COLUMNS__].dropna().to_numpy(float)
n, k = m.shape
ranks = np.apply_along_axis(stats.rankdata, 1, m)
mean_rank = ranks.mean(axis=0)
# Friedman's statistic with its correction for ties; SciPy has it for three columns and more.
ties = sum((c**3 - c).sum() for c in (np.unique(row, return_counts=True)[1].astype(float) for row in m))
q = 12 * ((n * mean_rank - n * (k + 1) / 2) ** 2).sum() / (n * k * (k + 1) - ties / (k - 1))
rows = [{"statistic": q, "df1": k - 1, "df2": np.nan, "p": stats.chi2.sf(q, k - 1), "kendall_w": q / (n * (k - 1))}]
if n * (k - 1) > q:
    iman = (n - 1) * q / (n * (k - 1) - q)
    rows.append({"statistic": iman, "df1": k - 1, "df2": (k - 1) * (n - 1), "p": stats.f.sf(iman, k - 1, (k - 1) * (n - 1)), "kendall_w": np.nan})
test = pd.DataFrame(rows)
groups = pd.DataFrame({"n": n, "median": np.median(m, axis=0), "q1": np.quantile(m, 0.25, axis=0), "q3": np.quantile(m, 0.75, axis=0), "mean_rank": mean_rank})
__PAIRS____ADJUST__
results = {"test": test, "groups": groups__ADD__}
"#;

const PYTHON_CONOVER: &str = r#"df = (n - 1) * (k - 1)
spread = np.sqrt(2 * (n * (ranks**2).sum() - (ranks.sum(axis=0) ** 2).sum()) / df)
pairs = []
for a, b in combinations(range(k), 2):
    t = n * (mean_rank[a] - mean_rank[b]) / spread
    pairs.append({"difference": mean_rank[a] - mean_rank[b], "statistic": t, "p": 2 * stats.t.sf(abs(t), df)})
pairs = pd.DataFrame(pairs)"#;

const PYTHON_NEMENYI: &str = r#"pairs = []
for a, b in combinations(range(k), 2):
    s = (mean_rank[a] - mean_rank[b]) / np.sqrt(k * (k + 1) / (12 * n))
    pairs.append({"difference": mean_rank[a] - mean_rank[b], "statistic": s, "p": stats.studentized_range.sf(abs(s), k, np.inf)})
pairs = pd.DataFrame(pairs)"#;
