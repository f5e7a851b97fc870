//! The same analysis in R and Python.

use super::{Combinations, Layout, Options, Sums, data};
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let entry = |name: &str, values: &str| match l {
        Language::R => format!(
            "`{}` = {values}",
            name.replace('\\', "\\\\").replace('`', "\\`")
        ),
        Language::Python => format!("{}: {values}", l.text(name)),
    };
    let dictionary = |entries: Vec<String>| match l {
        Language::R => format!("list({})", entries.join(", ")),
        Language::Python => format!("{{{}}}", entries.join(", ")),
    };
    let names = |list: &[String]| match l {
        Language::R if list.is_empty() => "character()".to_string(),
        _ => l.texts(list),
    };
    let between: Vec<String> = options
        .between
        .iter()
        .map(|b| entry(b, &l.factor("data", b, tables)))
        .collect();
    let (read, within) = match options.layout {
        Layout::Columns => {
            let factors = data::named_columns(options).ok()?;
            let entries = factors.iter().map(|f| entry(&f.name, &l.texts(&f.levels)));
            let needed: Vec<&String> = options.measures.iter().chain(&options.between).collect();
            let read = filled(
                match l {
                    Language::R => R_COLUMNS,
                    Language::Python => PYTHON_COLUMNS,
                },
                &[
                    ("NEEDED", &l.texts(needed)),
                    ("MEASURES", &l.texts(&options.measures)),
                    ("BETWEEN", &dictionary(between)),
                ],
            );
            (read, dictionary(entries.collect()))
        }
        Layout::Rows => {
            let (outcome, subject) = (options.outcome.as_ref()?, options.subject.as_ref()?);
            if options.within.is_empty() {
                return None;
            }
            let needed: Vec<&String> = [outcome, subject]
                .into_iter()
                .chain(&options.within)
                .chain(&options.between)
                .collect();
            let within: Vec<String> = options
                .within
                .iter()
                .map(|w| entry(w, &l.factor("data", w, tables)))
                .collect();
            let read = filled(
                match l {
                    Language::R => R_ROWS,
                    Language::Python => PYTHON_ROWS,
                },
                &[
                    ("NEEDED", &l.texts(needed)),
                    ("OUTCOME", &l.column("data", outcome)),
                    ("SUBJECT", &l.column("data", subject)),
                    ("WITHIN", &dictionary(within)),
                    ("BETWEEN", &dictionary(between)),
                ],
            );
            (read, String::new())
        }
    };
    let combinations = match options.combinations {
        Combinations::None => "none",
        Combinations::Simple => "simple",
        Combinations::All => "all",
    };
    let template = match l {
        Language::R => R,
        Language::Python => PYTHON,
    };
    let within = match (within.is_empty(), l) {
        (true, _) => String::new(),
        (false, Language::R) => format!("within <- {within}\n"),
        (false, Language::Python) => format!("within = {within}\n"),
    };
    Some(filled(
        template,
        &[
            ("READ", read.trim()),
            ("WITHIN", &within),
            ("OBSERVED", &names(&options.observed)),
            ("TYPE", if options.sums == Sums::Two { "2" } else { "3" }),
            ("LEVEL", &l.number(options.level)),
            ("METHOD", options.post_hoc.code_name()),
            ("COMBINATIONS", combinations),
        ],
    ))
}

const R_COLUMNS: &str = r#"
data <- data[complete.cases(data[__NEEDED__]), ]
y <- as.matrix(data[__MEASURES__])
between <- lapply(__BETWEEN__, droplevels)
"#;

const R_ROWS: &str = r#"
data <- data[complete.cases(data[__NEEDED__]), ]
# A line for each subject and a column for each combination of levels.
within <- lapply(__WITHIN__, droplevels)
cell <- do.call(interaction, c(unname(within), lex.order = TRUE))
subject <- factor(__SUBJECT__)
y <- tapply(__OUTCOME__, list(subject, cell), mean)
one <- match(levels(subject), subject)[complete.cases(y)]
between <- lapply(__BETWEEN__, function(g) droplevels(g[one]))
y <- y[complete.cases(y), ]
within <- lapply(within, levels)
"#;

const R: &str = r#"
__READ__
__WITHIN__level <- __LEVEL__
n <- nrow(y)
subsets <- function(names) c(list(character()), unlist(lapply(seq_along(names), function(k) combn(length(names), k, function(i) names[i], simplify = FALSE)), recursive = FALSE))

# Groups of subjects coded to sum to zero, with all their interactions.
x <- matrix(1, n, 1)
terms <- subsets(names(between))
code <- function(g) contr.sum(nlevels(g))[as.integer(g), , drop = FALSE]
columns <- lapply(terms, function(t) {
  m <- matrix(1, n, 1)
  for (g in t) m <- do.call(cbind, lapply(seq_len(ncol(m)), function(j) m[, j] * code(between[[g]])))
  m
})
x <- do.call(cbind, columns)
assigned <- rep(seq_along(terms), sapply(columns, ncol))
df <- n - ncol(x)
rss <- function(z, which) { k <- assigned %in% which; if (any(k)) sum(lm.fit(x[, k, drop = FALSE], z)$residuals^2) else sum(z^2) }

# Each set of repeated factors has orthonormal contrasts of its own.
sets <- subsets(names(within))
sets <- c(sets[-1], sets[1])
contrasts_of <- function(set) Reduce(kronecker, lapply(names(within), function(f) {
  b <- qr.Q(qr(cbind(1, contr.sum(length(within[[f]])))))
  if (f %in% set) b[, -1, drop = FALSE] else b[, 1, drop = FALSE]
}))
ncp <- function(f, df1, df2, p) if (pf(f, df1, df2) < p) 0 else uniroot(function(l) pf(f, df1, df2, l) - p, c(0, 10 * f * df1 + 100), extendInt = "downX", tol = 1e-10)$root
anova <- sphericity <- corrected <- NULL
found <- logical()
for (set in sets) {
  m <- contrasts_of(set)
  z <- y %*% m
  q <- ncol(z)
  e <- crossprod(lm.fit(x, z)$residuals)
  if (!is.matrix(e)) e <- matrix(e)
  ss_error <- sum(diag(e))
  if (q > 1) {
    gg <- ss_error^2 / (q * sum(e^2))
    hf <- ((df + 1) * q * gg - 2) / (q * (df - q * gg))
    mauchly <- if (df >= q) mauchly.test(structure(list(SSD = e, call = NULL, df = df), class = "SSD")) else list(statistic = NA, p.value = NA)
    sphericity <- rbind(sphericity, data.frame(w = unname(mauchly$statistic), p = mauchly$p.value, greenhouse_geisser = gg, huynh_feldt = hf, lower_bound = 1 / q))
  }
  for (i in seq_along(terms)) {
    if (!length(set) && !length(terms[[i]])) next
    others <- setdiff(seq_along(terms), i)
    before <- if (__TYPE__ == 3) others else others[!vapply(terms[others], function(t) all(terms[[i]] %in% t), NA)]
    ss <- rss(z, before) - rss(z, c(before, i))
    df1 <- q * sum(assigned == i)
    df2 <- q * df
    f <- ss / df1 / (ss_error / df2)
    p <- pf(f, df1, df2, lower.tail = FALSE)
    ends <- c(ncp(f, df1, df2, (1 + level) / 2), ncp(f, df1, df2, (1 - level) / 2))
    ends <- ends / (ends + df1 + df2 + 1)
    anova <- rbind(anova, data.frame(ss = ss, df = df1, ss_error = ss_error, df_error = df2, f = f, p = p, eta_generalised = NA,
      eta_partial = ss / (ss + ss_error), eta_partial_ci_lower = ends[1], eta_partial_ci_upper = ends[2]))
    found <- c(found, any(terms[[i]] %in% __OBSERVED__))
    if (q > 1) {
      epsilon <- c(gg, max(min(hf, 1), 1 / q), 1 / q)
      corrected <- rbind(corrected, data.frame(epsilon = epsilon, df1 = epsilon * df1, df2 = epsilon * df2, f = f, p = pf(f, epsilon * df1, epsilon * df2, lower.tail = FALSE)))
    }
  }
}
# Generalised eta squared: what varies between and within subjects, and what was observed.
errors <- sum(tapply(anova$ss_error, match(anova$ss_error, unique(anova$ss_error)), `[`, 1)) + if (length(between)) 0 else sum(lm.fit(x, y %*% contrasts_of(NULL))$residuals^2)
anova$eta_generalised <- anova$ss / (errors + sum(anova$ss[found]) + ifelse(found, 0, anova$ss))
results <- list(anova = anova)
if (!is.null(sphericity)) results <- c(results, list(sphericity = sphericity, corrected = corrected))

# Marginal means: the model on a grid of all levels, averaged with equal weights.
fit <- lm.fit(x, y)
sigma <- crossprod(fit$residuals) / df
b <- matrix(fit$coefficients, ncol = ncol(y))
xx <- solve(crossprod(x))
levels_of <- c(within, lapply(between, levels))
grid <- function(names) if (length(names)) expand.grid(lapply(levels_of[rev(names)], seq_along))[length(names):1] else data.frame(one = 1)
of_measures <- grid(names(within))
groups <- grid(names(between))
on_groups <- do.call(cbind, lapply(terms, function(t) {
  m <- matrix(1, nrow(groups), 1)
  for (g in t) m <- do.call(cbind, lapply(seq_len(ncol(m)), function(j) m[, j] * contr.sum(nlevels(between[[g]]))[groups[[g]], , drop = FALSE]))
  m
}))
method <- "__METHOD__"
all_terms <- subsets(names(levels_of))[-1]
for (i in seq_along(all_terms)) {
  term <- all_terms[[i]]
  own <- grid(term)
  share <- function(table, row) { k <- rep(TRUE, nrow(table)); for (f in intersect(term, names(table))) k <- k & table[[f]] == own[row, f]; k / sum(k) }
  a <- t(sapply(seq_len(nrow(own)), function(r) colSums(share(groups, r) * on_groups)))
  if (ncol(x) == 1) a <- t(a)
  m <- t(sapply(seq_len(nrow(own)), function(r) share(of_measures, r)))
  mean <- rowSums((a %*% b) * m)
  covariance <- (a %*% xx %*% t(a)) * (m %*% sigma %*% t(m))
  se <- sqrt(diag(covariance))
  reach <- qt((1 + level) / 2, df)
  results[[paste0("means_", i)]] <- data.frame(mean = mean, std_error = se, ci_lower = mean - reach * se, ci_upper = mean + reach * se)
  if (method == "none") next
  families <- if (length(term) == 1 || "__COMBINATIONS__" == "all") list(seq_len(nrow(own))) else if ("__COMBINATIONS__" == "none") list() else
    do.call(c, lapply(seq_along(term), function(v) { key <- do.call(paste, own[-v]); unname(split(seq_len(nrow(own)), factor(key, unique(key)))) }))
  comparisons <- do.call(rbind, lapply(families, function(members) {
    two <- combn(members, 2)
    k <- length(members)
    difference <- mean[two[1, ]] - mean[two[2, ]]
    spread <- sqrt(se[two[1, ]]^2 + se[two[2, ]]^2 - 2 * covariance[t(two)])
    t <- difference / spread
    p <- if (method == "tukey") ptukey(abs(t) * sqrt(2), k, df, lower.tail = FALSE) else p.adjust(2 * pt(-abs(t), df), if (method == "uncorrected") "none" else method)
    reach <- if (method == "tukey") qtukey(level, k, df) / sqrt(2) else if (method == "bonferroni") qt(1 - (1 - level) / (2 * length(t)), df) else qt((1 + level) / 2, df)
    data.frame(difference = difference, std_error = spread, df = df, t = t, p = p, ci_lower = difference - reach * spread, ci_upper = difference + reach * spread)
  }))
  if (is.null(comparisons)) next
  if (method != "uncorrected") names(comparisons)[5] <- "p_adjusted"
  results[[paste0("comparisons_", i)]] <- comparisons
}
"#;

const PYTHON_COLUMNS: &str = r#"
data = data.dropna(subset=__NEEDED__).reset_index(drop=True)
y = data[__MEASURES__].to_numpy(float)
between = __BETWEEN__
between = {name: pd.Series(g).cat.remove_unused_categories().cat for name, g in between.items()}
"#;

const PYTHON_ROWS: &str = r#"
data = data.dropna(subset=__NEEDED__).reset_index(drop=True)
# A line for each subject and a column for each combination of levels.
within = {name: pd.Series(g).cat.remove_unused_categories().cat for name, g in __WITHIN__.items()}
cell = np.zeros(len(data), int)
for g in within.values():
    cell = cell * len(g.categories) + g.codes.to_numpy()
wide = __OUTCOME__.groupby([__SUBJECT__, cell]).mean().unstack().dropna()
first = __SUBJECT__.drop_duplicates()
one = pd.Series(first.index, index=first.to_numpy())[wide.index].to_numpy()
between = {name: pd.Series(g[one]).cat.remove_unused_categories().cat for name, g in __BETWEEN__.items()}
y = wide.to_numpy()
within = {name: list(g.categories) for name, g in within.items()}
"#;

const PYTHON: &str = r#"
from functools import reduce
from itertools import combinations, product

from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests

__READ__
__WITHIN__level = __LEVEL__
n = len(y)


def subsets(names):
    return [s for k in range(len(names) + 1) for s in combinations(names, k)]


def sum_coded(codes, k):
    return np.vstack([np.eye(k - 1), -np.ones(k - 1)])[codes]


# Groups of subjects coded to sum to zero, with all their interactions.
terms = subsets(list(between))


def columns(codes, n):
    blocks = []
    for term in terms:
        block = np.ones((n, 1))
        for g in term:
            c = sum_coded(codes[g], len(between[g].categories))
            block = (block[:, :, None] * c[:, None, :]).reshape(n, -1)
        blocks.append(block)
    return blocks


blocks = columns({g: c.codes.to_numpy() for g, c in between.items()}, n)
x = np.hstack(blocks)
assigned = np.repeat(np.arange(len(terms)), [b.shape[1] for b in blocks])
df = n - x.shape[1]


def residuals(z, which):
    a = x[:, np.isin(assigned, list(which))]
    return z - a @ np.linalg.lstsq(a, z, rcond=None)[0] if a.shape[1] else z


# Each set of repeated factors has orthonormal contrasts of its own.
def contrasts_of(chosen):
    parts = []
    for f, levels in within.items():
        k = len(levels)
        b = np.linalg.qr(np.hstack([np.ones((k, 1)), np.eye(k)[:, : k - 1]]))[0]
        parts.append(b[:, 1:] if f in chosen else b[:, :1])
    return reduce(np.kron, parts)


def ncp(f, df1, df2, p):
    if stats.f.cdf(f, df1, df2) < p:
        return 0
    high = f * df1 + 1
    while stats.ncf.cdf(f, df1, df2, high) > p:
        high *= 1.5
    return brentq(lambda l: stats.ncf.cdf(f, df1, df2, l) - p, 0, high)


anova, sphericity, corrected, observed, errors = [], [], [], [], 0
sets = subsets(list(within))
for chosen in sets[1:] + sets[:1]:
    z = y @ contrasts_of(chosen)
    q = z.shape[1]
    r = residuals(z, range(len(terms)))
    e = r.T @ r
    ss_error = np.trace(e)
    errors += ss_error
    if q > 1:
        gg = ss_error**2 / (q * (e**2).sum())
        hf = ((df + 1) * q * gg - 2) / (q * (df - q * gg))
        w = p = np.nan
        if df >= q:
            # Mauchly's W, its p value by Box's series.
            w = np.linalg.det(e / (ss_error / q))
            rho = 1 - (2 * q**2 + q + 2) / (6 * df * q)
            second = (q + 2) * (q - 1) * (q - 2) * (2 * q**3 + 6 * q**2 + 3 * q + 2) / (288 * (df * q * rho) ** 2)
            statistic, f0 = -df * rho * np.log(w), q * (q + 1) / 2 - 1
            p = stats.chi2.sf(statistic, f0)
            p += second * (stats.chi2.sf(statistic, f0 + 4) - p)
        sphericity.append({"w": w, "p": p, "greenhouse_geisser": gg, "huynh_feldt": hf, "lower_bound": 1 / q})
    for i, term in enumerate(terms):
        if not chosen and not term:
            continue
        others = [j for j in range(len(terms)) if j != i]
        before = others if __TYPE__ == 3 else [j for j in others if not set(term) <= set(terms[j])]
        ss = (residuals(z, before) ** 2).sum() - (residuals(z, before + [i]) ** 2).sum()
        df1, df2 = q * (assigned == i).sum(), q * df
        f = ss / df1 / (ss_error / df2)
        low, high = (l / (l + df1 + df2 + 1) for l in (ncp(f, df1, df2, (1 + level) / 2), ncp(f, df1, df2, (1 - level) / 2)))
        anova.append({
            "ss": ss, "df": df1, "ss_error": ss_error, "df_error": df2, "f": f, "p": stats.f.sf(f, df1, df2),
            "eta_partial": ss / (ss + ss_error), "eta_partial_ci_lower": low, "eta_partial_ci_upper": high,
        })
        observed.append(any(g in __OBSERVED__ for g in term))
        if q > 1:
            for epsilon in (gg, max(min(hf, 1), 1 / q), 1 / q):
                corrected.append({"epsilon": epsilon, "df1": epsilon * df1, "df2": epsilon * df2, "f": f, "p": stats.f.sf(f, epsilon * df1, epsilon * df2)})
anova = pd.DataFrame(anova)
# Generalised eta squared: what varies between and within subjects, and what was observed.
observed = np.array(observed)
anova["eta_generalised"] = anova["ss"] / (errors + anova["ss"][observed].sum() + np.where(observed, 0, anova["ss"]))
results = {"anova": anova}
if sphericity:
    results |= {"sphericity": pd.DataFrame(sphericity), "corrected": pd.DataFrame(corrected)}

# Marginal means: the model on a grid of all levels, averaged with equal weights.
b = np.linalg.lstsq(x, y, rcond=None)[0]
r = residuals(y, range(len(terms)))
sigma = r.T @ r / df
xx = np.linalg.inv(x.T @ x)
sizes = {f: len(levels) for f, levels in within.items()} | {g: len(c.categories) for g, c in between.items()}


def grid(names):
    return pd.DataFrame(list(product(*(range(sizes[f]) for f in names))), columns=list(names))


of_measures, groups = grid(within), grid(between)
on_groups = np.hstack(columns({g: groups[g].to_numpy() for g in between}, len(groups)))
method = "__METHOD__"
names = {"BH": "fdr_bh", "BY": "fdr_by", "hochberg": "simes-hochberg"}
for i, term in enumerate(subsets(list(sizes))[1:], start=1):
    own = grid(term)

    def shares(table):
        same = np.array([[all(line[f] == row[f] for f in term if f in table) for _, line in table.iterrows()] for _, row in own.iterrows()], float)
        return same / same.sum(axis=1, keepdims=True)

    a, m = shares(groups) @ on_groups, shares(of_measures)
    mean = ((a @ b) * m).sum(axis=1)
    covariance = (a @ xx @ a.T) * (m @ sigma @ m.T)
    se = np.sqrt(np.diag(covariance))
    reach = stats.t.ppf((1 + level) / 2, df)
    results[f"means_{i}"] = pd.DataFrame({"mean": mean, "std_error": se, "ci_lower": mean - reach * se, "ci_upper": mean + reach * se})
    if method == "none":
        continue
    families = []
    if len(term) == 1 or "__COMBINATIONS__" == "all":
        families = [np.arange(len(own))]
    elif "__COMBINATIONS__" == "simple":
        for v in term:
            families += [g.index.to_numpy() for _, g in own.groupby([f for f in term if f != v])]
    parts = []
    for members in families:
        first, second = map(np.array, zip(*combinations(members, 2)))
        difference = mean[first] - mean[second]
        spread = np.sqrt(se[first] ** 2 + se[second] ** 2 - 2 * covariance[first, second])
        t = difference / spread
        if method == "tukey":
            p = stats.studentized_range.sf(np.abs(t) * np.sqrt(2), len(members), df)
            reach = stats.studentized_range.ppf(level, len(members), df) / np.sqrt(2)
        else:
            p = 2 * stats.t.sf(np.abs(t), df)
            if method != "uncorrected":
                p = multipletests(p, method=names.get(method, method))[1]
            reach = stats.t.ppf(1 - (1 - level) / (2 * len(t)) if method == "bonferroni" else (1 + level) / 2, df)
        parts.append(pd.DataFrame({
            "difference": difference, "std_error": spread, "df": df, "t": t, "p" if method == "uncorrected" else "p_adjusted": p,
            "ci_lower": difference - reach * spread, "ci_upper": difference + reach * spread,
        }))
    if parts:
        results[f"comparisons_{i}"] = pd.concat(parts, ignore_index=True)
"#;
