//! The same analysis in R and Python.

use super::{Options, Sums, Weighting};
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    // Frequency weights change the degrees of freedom, which lm does not know.
    if options.weights.is_some() && options.weighting == Weighting::Frequency {
        return None;
    }
    let terms = options.terms().ok()?;
    let l = language;
    let mut needed: Vec<&str> = vec![&options.outcome];
    needed.extend(options.factors.iter().map(String::as_str));
    needed.extend(options.covariates.iter().map(String::as_str));
    needed.extend(options.weights.as_deref());
    let name = |factor: usize| l.term(&options.factors[factor]);
    let term_texts: Vec<String> = terms
        .iter()
        .map(|t| t.iter().map(|&f| name(f)).collect::<Vec<_>>().join(":"))
        .collect();
    let covariates: Vec<String> = options.covariates.iter().map(|c| l.term(c)).collect();
    let factors: Vec<String> = options
        .factors
        .iter()
        .map(|f| {
            format!(
                "{} {} {}",
                l.column("data", f),
                l_assign(l),
                l.factor("data", f, tables)
            )
        })
        .collect();
    let list_of_terms = match l {
        Language::R => format!(
            "list({})",
            terms
                .iter()
                .map(|t| l.texts(t.iter().map(|&f| &options.factors[f])))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Language::Python => l.list(
            terms
                .iter()
                .map(|t| l.texts(t.iter().map(|&f| &options.factors[f]))),
        ),
    };
    let right: Vec<String> = covariates
        .iter()
        .cloned()
        .chain(term_texts.iter().map(|t| match l {
            Language::R => t.clone(),
            Language::Python => sum_coded(t),
        }))
        .collect();
    let type_number = match options.sums {
        Sums::One => "1",
        Sums::Two => "2",
        Sums::Three => "3",
    };
    let weights = options.weights.as_deref();
    let (template, weight) = match l {
        Language::R => (
            R,
            weights.map_or(String::new(), |w| {
                format!(", weights = {}", l.column("data", w))
            }),
        ),
        Language::Python => (
            PYTHON,
            weights.map_or("None".to_string(), |w| l.column("data", w)),
        ),
    };
    let one_way = options.factors.len() == 1 && options.covariates.is_empty() && weights.is_none();
    Some(filled(
        template,
        &[
            ("NEEDED", &l.texts(needed)),
            ("FACTORS", &factors.join("\n")),
            ("OUTCOME", &l.term(&options.outcome)),
            ("OUTCOME_TEXT", &l.text(&options.outcome)),
            ("OUTCOME_COLUMN", &l.column("data", &options.outcome)),
            ("RIGHT", &right.join(" + ")),
            ("ALL", &l.texts(&right)),
            ("TERMS", &list_of_terms),
            (
                "COVARIATES",
                &match l {
                    Language::R if covariates.is_empty() => "character()".to_string(),
                    _ => l.texts(&options.covariates),
                },
            ),
            ("WEIGHT", &weight),
            ("TYPE", type_number),
            ("METHOD", options.post_hoc.code_name()),
            ("LEVEL", &l.number(options.level)),
            ("WITHIN", l.flag(options.compare_interactions)),
            ("SIMPLE", l.flag(options.simple_effects)),
            ("ONE_WAY", l.flag(one_way)),
            ("CHECKED", l.flag(weights.is_none())),
        ],
    ))
}

fn l_assign(language: Language) -> &'static str {
    match language {
        Language::R => "<-",
        Language::Python => "=",
    }
}

/// A term of patsy with factors coded to sum to zero.
fn sum_coded(term: &str) -> String {
    let part = |name: &str| format!("C({name}, Sum)");
    // A quoted name may hold a colon of its own.
    let mut parts = Vec::new();
    let mut rest = term;
    while !rest.is_empty() {
        let end = match rest.strip_prefix("Q(\"") {
            Some(inner) => inner.find("\")").map_or(rest.len(), |e| e + 5),
            None => rest.find(':').unwrap_or(rest.len()),
        };
        parts.push(part(&rest[..end]));
        rest = rest[end..].strip_prefix(':').unwrap_or("");
    }
    parts.join(":")
}

const R: &str = r#"
data <- data[complete.cases(data[__NEEDED__]), ]
__FACTORS__
data <- droplevels(data)
options(contrasts = c("contr.sum", "contr.poly"))
level <- __LEVEL__
fit <- lm(__OUTCOME__ ~ __RIGHT__, data__WEIGHT__)

# Each line's sum of squares after the terms that its type asks for.
labels <- attr(terms(fit), "term.labels")
parts <- strsplit(labels, ":", fixed = TRUE)
x <- model.matrix(fit)
assigned <- attr(x, "assign")
w <- if (is.null(weights(fit))) rep(1, nrow(x)) else weights(fit)
y <- model.response(model.frame(fit))
rss <- function(terms) { f <- lm.wfit(x[, assigned %in% c(0, terms), drop = FALSE], y, w); c(sum(w * f$residuals^2), f$rank) }
line <- function(i) {
  others <- setdiff(seq_along(labels), i)
  before <- switch(__TYPE__, others[others < i], others[!vapply(parts[others], function(p) all(parts[[i]] %in% p), NA)], others)
  without <- rss(before)
  with <- rss(c(before, i))
  data.frame(ss = without[1] - with[1], df = with[2] - without[2])
}
anova <- do.call(rbind, lapply(seq_along(labels), line))
residual <- data.frame(ss = sum(w * residuals(fit)^2), df = df.residual(fit))
sigma2 <- residual$ss / residual$df
f <- anova$ss / anova$df / sigma2
p <- pf(f, anova$df, residual$df, lower.tail = FALSE)
whole <- sum(anova$ss) + residual$ss
n <- nrow(x)
ncp <- function(f, df, p) if (pf(f, df, residual$df) < p) 0 else uniroot(function(l) pf(f, df, residual$df, l) - p, c(0, 10 * f * df + 100), extendInt = "downX", tol = 1e-10)$root
share <- function(l, df) l / (l + df + residual$df + 1)
anova <- rbind(
  data.frame(anova, ms = anova$ss / anova$df, f = f, p = p, eta = anova$ss / whole, eta_partial = anova$ss / (anova$ss + residual$ss),
    eta_partial_ci_lower = mapply(function(f, d) share(ncp(f, d, (1 + level) / 2), d), f, anova$df),
    eta_partial_ci_upper = mapply(function(f, d) share(ncp(f, d, (1 - level) / 2), d), f, anova$df),
    omega = (anova$ss - anova$df * sigma2) / (whole + sigma2),
    omega_partial = (anova$ss - anova$df * sigma2) / (anova$ss + (n - anova$df) * sigma2)),
  data.frame(residual, ms = sigma2, f = NA, p = NA, eta = NA, eta_partial = NA, eta_partial_ci_lower = NA, eta_partial_ci_upper = NA, omega = NA, omega_partial = NA))
results <- list(anova = anova)

if (__ONE_WAY__) {
  r <- oneway.test(__OUTCOME__ ~ __RIGHT__, data)
  results$welch <- data.frame(f = unname(r$statistic), df1 = unname(r$parameter[1]), df2 = unname(r$parameter[2]), p = r$p.value)
}

# Checks of the residuals.
factors <- unique(unlist(__TERMS__))
cell <- interaction(data[factors], drop = TRUE)
if (__CHECKED__) {
  e <- residuals(fit)
  s <- if (length(e) %in% 3:5000) shapiro.test(e) else list(statistic = NA, p.value = NA)
  spread <- function(centre) {
    a <- stats::anova(lm(abs(e - ave(e, cell, FUN = centre)) ~ cell))
    data.frame(statistic = a[1, 4], df1 = a[1, 1], df2 = a[2, 1], p = a[1, 5])
  }
  results$checks <- rbind(data.frame(statistic = unname(s$statistic), df1 = NA, df2 = NA, p = s$p.value), spread(mean), spread(median))
}

# Marginal means: the model on a grid of all levels, averaged with equal weights.
grid <- do.call(expand.grid, lapply(data[factors], levels))
for (name in __COVARIATES__) grid[[name]] <- weighted.mean(data[[name]], w)
on_grid <- model.matrix(delete.response(terms(fit)), grid, contrasts.arg = fit$contrasts)
method <- "__METHOD__"
for (i in seq_along(__TERMS__)) {
  term <- __TERMS__[[i]]
  key <- do.call(paste, c(lapply(term, function(f) sprintf("%05d", as.integer(grid[[f]]))), sep = "."))
  weights_of <- t(sapply(sort(unique(key)), function(k) colMeans(on_grid[key == k, , drop = FALSE])))
  mean <- drop(weights_of %*% coef(fit))
  covariance <- weights_of %*% vcov(fit) %*% t(weights_of)
  se <- sqrt(diag(covariance))
  reach <- qt((1 + level) / 2, residual$df)
  results[[paste0("means_", i)]] <- data.frame(mean = mean, std_error = se, ci_lower = mean - reach * se, ci_upper = mean + reach * se)
  compare <- function(members) {
    pairs <- combn(members, 2)
    k <- length(members)
    if (method == "games_howell") {
      group <- do.call(interaction, c(data[term], lex.order = TRUE))
      m <- tapply(y, group, base::mean); v <- tapply(y, group, var) / table(group)
      difference <- m[pairs[1, ]] - m[pairs[2, ]]
      both <- v[pairs[1, ]] + v[pairs[2, ]]
      df <- both^2 / (v[pairs[1, ]]^2 / (table(group)[pairs[1, ]] - 1) + v[pairs[2, ]]^2 / (table(group)[pairs[2, ]] - 1))
      spread <- sqrt(both)
    } else {
      difference <- mean[pairs[1, ]] - mean[pairs[2, ]]
      spread <- sqrt(se[pairs[1, ]]^2 + se[pairs[2, ]]^2 - 2 * covariance[t(pairs)])
      df <- rep(residual$df, length(difference))
    }
    difference <- as.vector(difference); spread <- as.vector(spread); df <- as.vector(df)
    t <- difference / spread
    tukey <- method %in% c("tukey", "games_howell")
    p <- if (tukey) ptukey(abs(t) * sqrt(2), k, df, lower.tail = FALSE) else p.adjust(2 * pt(-abs(t), df), if (method == "uncorrected") "none" else method)
    reach <- if (tukey) qtukey(level, k, df) / sqrt(2) else if (method == "bonferroni") qt(1 - (1 - level) / (2 * length(t)), df) else qt((1 + level) / 2, df)
    comparisons <- data.frame(difference = difference, std_error = spread, df = df, t = t, p = p, ci_lower = difference - reach * spread, ci_upper = difference + reach * spread)
    if (method != "uncorrected") names(comparisons)[5] <- "p_adjusted"
    comparisons
  }
  if (__SIMPLE__ && length(term) > 1) {
    # Each factor within each combination of the others' levels.
    at <- do.call(expand.grid, lapply(data[rev(term)], function(f) seq_along(levels(f))))[length(term):1]
    families <- do.call(c, lapply(seq_along(term), function(v) { held <- do.call(paste, at[-v]); unname(split(seq_len(nrow(at)), factor(held, unique(held)))) }))
    results[[paste0("simple_", i)]] <- do.call(rbind, lapply(families, function(members) {
      l <- cbind(diag(length(members) - 1), -1)
      d <- l %*% mean[members]
      df1 <- nrow(l)
      f <- drop(t(d) %*% solve(l %*% covariance[members, members] %*% t(l), d)) / df1
      data.frame(f = f, df1 = df1, df2 = residual$df, p = pf(f, df1, residual$df, lower.tail = FALSE), eta_partial = f * df1 / (f * df1 + residual$df))
    }))
    if (method != "none") results[[paste0("simple_comparisons_", i)]] <- do.call(rbind, lapply(families, compare))
  }
  if (method == "none" || (length(term) > 1 && !__WITHIN__)) next
  results[[paste0("comparisons_", i)]] <- compare(seq_along(mean))
}
"#;

const PYTHON: &str = r#"
import itertools

import patsy
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests

data = data.dropna(subset=__NEEDED__).reset_index(drop=True)
__FACTORS__
level = __LEVEL__
formula = '__OUTCOME__ ~ __RIGHT__'
weight = __WEIGHT__
outcome, predictors = patsy.dmatrices(formula, data, return_type="dataframe")
fit = sm.OLS(outcome, predictors).fit() if weight is None else sm.WLS(outcome, predictors, weights=weight).fit()
w = np.ones(len(data)) if weight is None else weight.to_numpy(float)

# Each line's sum of squares after the terms that its type asks for.
design = predictors.design_info
terms = [next(t for t in design.terms if t.name() == name) for name in __ALL__]
x, y = fit.model.exog, fit.model.endog


def rss(chosen):
    columns = [0] + [c for t in chosen for c in range(*design.term_slices[t].indices(x.shape[1]))]
    a, b = x[:, columns] * np.sqrt(w)[:, None], y * np.sqrt(w)
    solution = np.linalg.lstsq(a, b, rcond=None)
    return ((b - a @ solution[0]) ** 2).sum(), solution[2]


rows = []
df2 = fit.df_resid
ss2 = (w * fit.resid**2).sum()
for i, term in enumerate(terms):
    others = [t for t in terms if t is not term]
    before = {1: terms[:i], 2: [t for t in others if not set(term.factors) <= set(t.factors)], 3: others}[__TYPE__]
    without, with_term = rss(before), rss(before + [term])
    rows.append((without[0] - with_term[0], with_term[1] - without[1]))
ss, df = map(np.array, zip(*rows))
sigma2 = ss2 / df2
f = ss / df / sigma2
p = stats.f.sf(f, df, df2)
whole = ss.sum() + ss2


def ncp(f, df, p):
    if stats.f.cdf(f, df, df2) < p:
        return 0
    high = f * df + 1
    while stats.ncf.cdf(f, df, df2, high) > p:
        high *= 1.5
    return brentq(lambda l: stats.ncf.cdf(f, df, df2, l) - p, 0, high)


def share(l, df):
    return l / (l + df + df2 + 1)


anova = pd.DataFrame({
    "ss": ss, "df": df, "ms": ss / df, "f": f, "p": p, "eta": ss / whole, "eta_partial": ss / (ss + ss2),
    "eta_partial_ci_lower": [share(ncp(a, d, (1 + level) / 2), d) for a, d in zip(f, df)],
    "eta_partial_ci_upper": [share(ncp(a, d, (1 - level) / 2), d) for a, d in zip(f, df)],
    "omega": (ss - df * sigma2) / (whole + sigma2),
    "omega_partial": (ss - df * sigma2) / (ss + (len(y) - df) * sigma2),
})
anova = pd.concat([anova, pd.DataFrame({"ss": [ss2], "df": [df2], "ms": [sigma2]})], ignore_index=True)
results = {"anova": anova}

# Checks of the residuals.
every = __TERMS__
factors = list(dict.fromkeys(name for term in every for name in term))
if __CHECKED__:
    e = fit.resid
    cells = [part.to_numpy() for _, part in e.groupby([data[name] for name in factors], observed=True)]
    s = stats.shapiro(e) if 3 <= len(e) <= 5000 else (np.nan, np.nan)
    checks = [{"statistic": s[0], "df1": np.nan, "df2": np.nan, "p": s[1]}]
    for center in ["mean", "median"]:
        r = stats.levene(*cells, center=center)
        checks.append({"statistic": r.statistic, "df1": len(cells) - 1, "df2": len(e) - len(cells), "p": r.pvalue})
    results["checks"] = pd.DataFrame(checks)

# Marginal means: the model on a grid of all levels, averaged with equal weights.
used = {name: [l for l in data[name].cat.categories if (data[name] == l).any()] for name in factors}
grid = pd.DataFrame(list(itertools.product(*used.values())), columns=factors)
for name in factors:
    grid[name] = pd.Categorical(grid[name], categories=data[name].cat.categories)
for name in __COVARIATES__:
    grid[name] = np.average(data[name], weights=w)
on_grid = np.asarray(patsy.build_design_matrices([design], grid)[0])
method = "__METHOD__"
for i, term in enumerate(every):
    key = list(zip(*[grid[name].cat.codes for name in term]))
    weights_of = np.array([on_grid[[a == k for a in key]].mean(axis=0) for k in sorted(set(key))])
    mean = weights_of @ fit.params.to_numpy()
    covariance = weights_of @ fit.cov_params().to_numpy() @ weights_of.T
    se = np.sqrt(np.diag(covariance))
    reach = stats.t.ppf((1 + level) / 2, df2)
    results[f"means_{i + 1}"] = pd.DataFrame({"mean": mean, "std_error": se, "ci_lower": mean - reach * se, "ci_upper": mean + reach * se})

    def compare(members):
        a, b = map(np.array, zip(*itertools.combinations(members, 2)))
        if method == "games_howell":
            groups = data.groupby(term, observed=False)[__OUTCOME_TEXT__]
            m, n = groups.mean().dropna().to_numpy(), groups.count()
            n = n[n > 0].to_numpy()
            v = groups.var().dropna().to_numpy() / n
            difference, spread = m[a] - m[b], np.sqrt(v[a] + v[b])
            df = (v[a] + v[b]) ** 2 / (v[a] ** 2 / (n[a] - 1) + v[b] ** 2 / (n[b] - 1))
        else:
            difference = mean[a] - mean[b]
            spread = np.sqrt(se[a] ** 2 + se[b] ** 2 - 2 * covariance[a, b])
            df = np.full(len(difference), df2)
        t = difference / spread
        if method in ("tukey", "games_howell"):
            p = stats.studentized_range.sf(np.abs(t) * np.sqrt(2), len(members), df)
            reach = stats.studentized_range.ppf(level, len(members), df) / np.sqrt(2)
        else:
            p = 2 * stats.t.sf(np.abs(t), df)
            if method != "uncorrected":
                p = multipletests(p, method={"BH": "fdr_bh", "BY": "fdr_by", "hochberg": "simes-hochberg"}.get(method, method))[1]
            reach = stats.t.ppf(1 - (1 - level) / (2 * len(t)) if method == "bonferroni" else (1 + level) / 2, df)
        return pd.DataFrame({
            "difference": difference, "std_error": spread, "df": df, "t": t, "p" if method == "uncorrected" else "p_adjusted": p,
            "ci_lower": difference - reach * spread, "ci_upper": difference + reach * spread,
        })

    if __SIMPLE__ and len(term) > 1:
        # Each factor within each combination of the others' levels.
        at = pd.DataFrame(sorted(set(key)), columns=term)
        families = [g.index.to_numpy() for v in term for _, g in at.groupby([f for f in term if f != v])]
        tests = []
        for members in families:
            l = np.hstack([np.eye(len(members) - 1), -np.ones((len(members) - 1, 1))])
            d, df1 = l @ mean[members], len(l)
            f1 = d @ np.linalg.solve(l @ covariance[np.ix_(members, members)] @ l.T, d) / df1
            tests.append({"f": f1, "df1": df1, "df2": df2, "p": stats.f.sf(f1, df1, df2), "eta_partial": f1 * df1 / (f1 * df1 + df2)})
        results[f"simple_{i + 1}"] = pd.DataFrame(tests)
        if method != "none":
            results[f"simple_comparisons_{i + 1}"] = pd.concat([compare(members) for members in families], ignore_index=True)
    if method == "none" or (len(term) > 1 and not __WITHIN__):
        continue
    results[f"comparisons_{i + 1}"] = compare(np.arange(len(mean)))
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_patsy_keep_quoted_names() {
        let check = |term: &str, expected: &str| assert_eq!(sum_coded(term), expected);
        check("a", "C(a, Sum)");
        check("a:b", "C(a, Sum):C(b, Sum)");
        check("Q(\"x:y\"):b", "C(Q(\"x:y\"), Sum):C(b, Sum)");
    }
}
