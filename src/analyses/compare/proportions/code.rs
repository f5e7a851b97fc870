//! The same tests in R and Python.

use super::{Design, IntervalKind, Options, Question};
use crate::frame::code::gunel_dickey;
use crate::frame::corrections::Correction;
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    if options.weights.is_some() {
        return None;
    }
    let l = language;
    let info = column_info(tables, &options.outcome);
    let levels = info?.levels.clone()?;
    let event = match options.event.as_str() {
        "" if levels.len() == 2 => levels[1].clone(),
        "" if options.design == Design::Fit => String::new(),
        "" => return None,
        named => named.to_string(),
    };
    let groups = match options.design {
        Design::Groups => l.factor("data", options.group.as_ref()?, tables),
        _ => String::new(),
    };
    let expected = match (&options.expected[..], language) {
        ([], Language::R) => "rep(1, length(counts))".to_string(),
        ([], Language::Python) => "[1] * len(counts)".to_string(),
        (lines, _) => l.list(lines.iter().map(|e| l.number(e.share))),
    };
    let names = match &options.expected[..] {
        [] => l.levels(info?)?,
        lines => l.list(lines.iter().map(|e| l.level(info, e.level.trim()))),
    };
    let alternative = match options.question {
        Question::Different => "two.sided",
        Question::Greater => "greater",
        Question::Less => "less",
    };
    let interval = match options.interval {
        IntervalKind::Wilson => "wilson",
        IntervalKind::Exact => "exact",
        IntervalKind::AgrestiCoull => "agresti_coull",
        IntervalKind::Jeffreys => "jeffreys",
    };
    let body = match (options.design, language) {
        (Design::Groups, Language::R) => R_GROUPS,
        (Design::One, Language::R) => R_ONE,
        (Design::Fit, Language::R) => R_FIT,
        (Design::Groups, Language::Python) => PYTHON_GROUPS,
        (Design::One, Language::Python) => PYTHON_ONE,
        (Design::Fit, Language::Python) => PYTHON_FIT,
    };
    let head = match language {
        Language::R => R,
        Language::Python => PYTHON,
    };
    let correction = options.correction.code_name(language);
    let adjust = match (options.correction, language) {
        (Correction::None, _) => String::new(),
        (_, Language::R) => format!(
            "\nif (nrow(pairs) > 1) pairs$p_adjusted <- p.adjust(pairs$p, \"{correction}\")"
        ),
        (_, Language::Python) => format!(
            "\nif len(pairs) > 1:\n    from statsmodels.stats.multitest import multipletests\n    pairs[\"p_adjusted\"] = multipletests(pairs[\"p\"], method=\"{correction}\")[1]"
        ),
    };
    let bayes = match (options.bayes, options.design, language) {
        (false, ..) | (_, Design::Fit, _) => String::new(),
        (true, Design::One, Language::R) => R_BAYES_ONE.to_string(),
        (true, Design::One, Language::Python) => PYTHON_BAYES_ONE.to_string(),
        (true, Design::Groups, Language::R) => {
            gunel_dickey(l, options.prior_count) + R_BAYES_GROUPS
        }
        (true, Design::Groups, Language::Python) => {
            gunel_dickey(l, options.prior_count) + PYTHON_BAYES_GROUPS
        }
    };
    Some(filled(
        &format!("{head}{body}{bayes}"),
        &[
            ("OUTCOME", &l.column("data", &options.outcome)),
            ("EVENT", &l.level(info, &event)),
            ("GROUP", &groups),
            ("NULL", &l.number(options.null)),
            ("LEVEL", &l.number(options.level)),
            ("SIDE", alternative),
            ("PRIOR", &l.number(options.prior_count)),
            ("INTERVAL", interval),
            ("CORRECT", l.flag(options.continuity)),
            ("NAMES", &names),
            ("EXPECTED", &expected),
            ("ADJUST", &adjust),
        ],
    ))
}

const R: &str = r#"
level <- __LEVEL__
outcome <- __OUTCOME__
interval <- function(k, n, side = "two.sided", how = "__INTERVAL__") {
  tail <- if (side == "two.sided") (1 - level) / 2 else 1 - level
  z <- qnorm(1 - tail)
  ends <- switch(how,
    wilson = (k + z^2 / 2 + c(-1, 1) * z * sqrt(k * (n - k) / n + z^2 / 4)) / (n + z^2),
    exact = c(if (k == 0) 0 else qbeta(tail, k, n - k + 1), if (k == n) 1 else qbeta(1 - tail, k + 1, n - k)),
    agresti_coull = { p <- (k + z^2 / 2) / (n + z^2); p + c(-1, 1) * z * sqrt(p * (1 - p) / (n + z^2)) },
    jeffreys = c(if (k == 0) 0 else qbeta(tail, k + 0.5, n - k + 0.5), if (k == n) 1 else qbeta(1 - tail, k + 0.5, n - k + 0.5)))
  ends <- pmin(1, pmax(0, ends))
  if (side == "greater") ends[2] <- 1
  if (side == "less") ends[1] <- 0
  ends
}
"#;

const R_GROUPS: &str = r#"
g <- __GROUP__
kept <- !is.na(outcome) & !is.na(g)
g <- droplevels(g[kept])
k <- as.vector(tapply(outcome[kept] == __EVENT__, g, sum))
n <- as.vector(table(g))
two <- length(k) == 2
side <- if (two) "__SIDE__" else "two.sided"
shares <- do.call(rbind, lapply(seq_along(k), function(i) data.frame(count = k[i], n = n[i], share = k[i] / n[i], ci_lower = interval(k[i], n[i])[1], ci_upper = interval(k[i], n[i])[2])))
if (two) {
  r <- prop.test(k, n, alternative = side, correct = __CORRECT__)
  z <- sign(k[1] / n[1] - k[2] / n[2]) * sqrt(unname(r$statistic))
  tests <- data.frame(statistic = c(z, NA), df = NA, p = c(r$p.value, fisher.test(rbind(k, n - k), alternative = side)$p.value))
} else {
  r <- prop.test(k, n)
  tests <- data.frame(statistic = unname(r$statistic), df = unname(r$parameter), p = r$p.value)
}
pairs <- do.call(rbind, lapply(combn(length(k), 2, simplify = FALSE), function(i) {
  a <- interval(k[i[1]], n[i[1]], how = "wilson"); b <- interval(k[i[2]], n[i[2]], how = "wilson")
  s <- k[i] / n[i]
  d <- s[1] - s[2]
  # Newcombe's interval of the difference; ratios on the scale of logarithms.
  low <- d - sqrt((s[1] - a[1])^2 + (b[2] - s[2])^2)
  high <- d + sqrt((a[2] - s[1])^2 + (s[2] - b[1])^2)
  cells <- rbind(k[i], n[i] - k[i])
  if (any(cells == 0)) cells <- cells + 0.5
  of <- colSums(cells)
  z <- qnorm((1 + level) / 2)
  rr <- log(cells[1, 1] / of[1] / (cells[1, 2] / of[2]))
  rr <- exp(rr + c(0, -1, 1) * z * sqrt(sum(1 / cells[1, ] - 1 / of)))
  or <- exp(log(cells[1, 1] * cells[2, 2] / cells[2, 1] / cells[1, 2]) + c(0, -1, 1) * z * sqrt(sum(1 / cells)))
  data.frame(difference = d, ci_lower = low, ci_upper = high, p = prop.test(k[i], n[i], alternative = side, correct = __CORRECT__)$p.value,
    h = 2 * (asin(sqrt(s[1])) - asin(sqrt(s[2]))), risk_ratio = rr[1], risk_ratio_ci_lower = rr[2], risk_ratio_ci_upper = rr[3],
    odds_ratio = or[1], odds_ratio_ci_lower = or[2], odds_ratio_ci_upper = or[3])
}))__ADJUST__
results <- list(tests = tests, pairs = pairs, shares = shares)
"#;

const R_ONE: &str = r#"
outcome <- outcome[!is.na(outcome)]
k <- sum(outcome == __EVENT__)
n <- length(outcome)
null <- __NULL__
r <- prop.test(k, n, null, alternative = "__SIDE__", correct = __CORRECT__)
ends <- interval(k, n, "__SIDE__")
results <- list(
  tests = data.frame(statistic = c(sign(k / n - null) * sqrt(unname(r$statistic)), NA), df = NA, p = c(r$p.value, binom.test(k, n, null, alternative = "__SIDE__")$p.value)),
  shares = data.frame(count = k, n = n, share = k / n, ci_lower = ends[1], ci_upper = ends[2]))
"#;

const R_FIT: &str = r#"
counts <- as.vector(table(factor(outcome, levels = __NAMES__)))
shares <- __EXPECTED__
shares <- shares / sum(shares)
r <- chisq.test(counts, p = shares)
n <- sum(counts)
ends <- t(sapply(counts, interval, n = n))
results <- list(
  tests = data.frame(chi_squared = unname(r$statistic), df = unname(r$parameter), p = r$p.value, w = sqrt(unname(r$statistic) / n)),
  fit = data.frame(observed = counts, expected = r$expected, residual = r$residuals, share = counts / n, ci_lower = ends[, 1], ci_upper = ends[, 2], expected_share = shares))
"#;

const PYTHON: &str = r#"
from itertools import combinations
from scipy import stats

level = __LEVEL__
outcome = __OUTCOME__


def interval(k, n, side="two.sided", how="__INTERVAL__"):
    tail = (1 - level) / 2 if side == "two.sided" else 1 - level
    z = stats.norm.ppf(1 - tail)
    ends = np.array([-1, 1])
    if how == "wilson":
        ends = (k + z**2 / 2 + ends * z * np.sqrt(k * (n - k) / n + z**2 / 4)) / (n + z**2)
    elif how == "agresti_coull":
        p = (k + z**2 / 2) / (n + z**2)
        ends = p + ends * z * np.sqrt(p * (1 - p) / (n + z**2))
    else:
        low, high = ((k, n - k + 1), (k + 1, n - k)) if how == "exact" else ((k + 0.5, n - k + 0.5),) * 2
        ends = [0 if k == 0 else stats.beta.ppf(tail, *low), 1 if k == n else stats.beta.ppf(1 - tail, *high)]
    low, high = np.clip(ends, 0, 1)
    return 0 if side == "less" else low, 1 if side == "greater" else high


def tail_of(z, side):
    return {"two.sided": 2 * stats.norm.sf(abs(z)), "greater": stats.norm.sf(z), "less": stats.norm.cdf(z)}[side]
"#;

const PYTHON_GROUPS: &str = r#"

def z_of(k, n):
    shared, widths = sum(k) / sum(n), sum(1 / n)
    d = k[0] / n[0] - k[1] / n[1]
    cut = min(0.5, abs(d) / widths) if __CORRECT__ else 0
    return np.sign(d) * (abs(d) - cut * widths) / np.sqrt(shared * (1 - shared) * widths)


g = pd.Series(__GROUP__, index=data.index)
kept = outcome.notna() & g.notna()
g = g[kept].cat.remove_unused_categories()
is_event = outcome[kept] == __EVENT__
k = np.array([is_event[g == name].sum() for name in g.cat.categories])
n = np.array([(g == name).sum() for name in g.cat.categories])
side = "__SIDE__" if len(k) == 2 else "two.sided"
shares = pd.DataFrame([{"count": a, "n": b, "share": a / b, "ci_lower": interval(a, b)[0], "ci_upper": interval(a, b)[1]} for a, b in zip(k, n)])
if len(k) == 2:
    z = z_of(k, n)
    tests = pd.DataFrame({"statistic": [z, np.nan], "df": np.nan, "p": [tail_of(z, side), stats.fisher_exact([k, n - k], side.replace(".", "-")).pvalue]})
else:
    r = stats.chi2_contingency([k, n - k], correction=False)
    tests = pd.DataFrame([{"statistic": r.statistic, "df": r.dof, "p": r.pvalue}])
pairs = []
for i, j in combinations(range(len(k)), 2):
    s, t = k[i] / n[i], k[j] / n[j]
    a, b = interval(k[i], n[i], how="wilson"), interval(k[j], n[j], how="wilson")
    # Newcombe's interval of the difference; ratios on the scale of logarithms.
    row = {"difference": s - t, "ci_lower": s - t - np.hypot(s - a[0], b[1] - t), "ci_upper": s - t + np.hypot(a[1] - s, t - b[0]),
           "p": tail_of(z_of(k[[i, j]], n[[i, j]]), side), "h": 2 * (np.arcsin(np.sqrt(s)) - np.arcsin(np.sqrt(t)))}
    c = np.array([[k[i], n[i] - k[i]], [k[j], n[j] - k[j]]], float)
    c += 0.5 * (c == 0).any()
    of = c.sum(axis=1)
    z = stats.norm.ppf((1 + level) / 2)
    errors = {"risk_ratio": (c[0, 0] / of[0] / (c[1, 0] / of[1]), np.sqrt((1 / c[:, 0] - 1 / of).sum())),
              "odds_ratio": (c[0, 0] * c[1, 1] / c[0, 1] / c[1, 0], np.sqrt((1 / c).sum()))}
    for name, (value, error) in errors.items():
        row |= {name: value, f"{name}_ci_lower": value / np.exp(z * error), f"{name}_ci_upper": value * np.exp(z * error)}
    pairs.append(row)
pairs = pd.DataFrame(pairs)__ADJUST__
results = {"tests": tests, "pairs": pairs, "shares": shares}
"#;

const PYTHON_ONE: &str = r#"
outcome = outcome.dropna()
k, n, null = (outcome == __EVENT__).sum(), len(outcome), __NULL__
off = k - n * null
cut = min(0.5, abs(off)) if __CORRECT__ else 0
z = np.sign(off) * (abs(off) - cut) / np.sqrt(n * null * (1 - null))
low, high = interval(k, n, "__SIDE__")
results = {
    "tests": pd.DataFrame({"statistic": [z, np.nan], "df": np.nan, "p": [tail_of(z, "__SIDE__"), stats.binomtest(k, n, null, "__SIDE__".replace(".", "-")).pvalue]}),
    "shares": pd.DataFrame([{"count": k, "n": n, "share": k / n, "ci_lower": low, "ci_upper": high}]),
}
"#;

const PYTHON_FIT: &str = r#"
counts = np.array([(outcome == name).sum() for name in __NAMES__])
shares = np.array(__EXPECTED__, float)
shares /= shares.sum()
n = counts.sum()
r = stats.chisquare(counts, shares * n)
ends = np.array([interval(k, n) for k in counts])
results = {
    "tests": pd.DataFrame([{"chi_squared": r.statistic, "df": len(counts) - 1, "p": r.pvalue, "w": np.sqrt(r.statistic / n)}]),
    "fit": pd.DataFrame({
        "observed": counts, "expected": shares * n, "residual": (counts - shares * n) / np.sqrt(shares * n), "share": counts / n,
        "ci_lower": ends[:, 0], "ci_upper": ends[:, 1], "expected_share": shares,
    }),
}
"#;

const R_BAYES_ONE: &str = r#"
prior <- __PRIOR__
ln_bf <- lbeta(k + prior, n - k + prior) - lbeta(prior, prior) - dbinom(k, n, null, log = TRUE) + lchoose(n, k)
# A one-sided prior is cut at the null value.
share_of <- function(a, b) switch("__SIDE__", two.sided = 1, less = pbeta(null, a, b), greater = pbeta(null, a, b, lower.tail = FALSE))
bf10 <- exp(ln_bf) * share_of(k + prior, n - k + prior) / share_of(prior, prior)
results$bayes <- data.frame(bf10 = bf10, bf01 = 1 / bf10)
"#;

const PYTHON_BAYES_ONE: &str = r#"
from scipy.special import betaln
prior = __PRIOR__
ln_bf = betaln(k + prior, n - k + prior) - betaln(prior, prior) - k * np.log(null) - (n - k) * np.log(1 - null)
# A one-sided prior is cut at the null value.
share_of = {"two.sided": lambda d: 1, "less": lambda d: d.cdf(null), "greater": lambda d: d.sf(null)}["__SIDE__"]
bf10 = np.exp(ln_bf) * share_of(stats.beta(k + prior, n - k + prior)) / share_of(stats.beta(prior, prior))
results["bayes"] = pd.DataFrame([{"bf10": bf10, "bf01": 1 / bf10}])
"#;

const R_BAYES_GROUPS: &str = r#"t <- cbind(k, n - k)
ln_bf <- sum(apply(t, 1, gained, prior)) - gained(colSums(t), prior * nrow(t) - (nrow(t) - 1))
results$bayes <- data.frame(bf10 = exp(ln_bf), bf01 = exp(-ln_bf))
"#;

const PYTHON_BAYES_GROUPS: &str = r#"t = np.column_stack([k, n - k])
ln_bf = sum(gained(row, prior) for row in t) - gained(t.sum(axis=0), prior * len(t) - (len(t) - 1))
results["bayes"] = pd.DataFrame([{"bf10": np.exp(ln_bf), "bf01": np.exp(-ln_bf)}])
"#;
