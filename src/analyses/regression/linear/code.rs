//! Linear regression in R and Python.

use super::{Errors, Options};
use crate::frame::code::ModelCode;
use crate::frame::means::Response;
use crate::frame::weights::Weighting;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let mut needed = vec![options.outcome.as_str()];
    needed.extend(options.weights.as_deref());
    if options.errors == Errors::Cluster {
        needed.push(options.cluster.as_deref()?);
    }
    let model = ModelCode {
        tables,
        needed,
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &options.references,
        curves: &options.curves,
    };
    match (options.weights.as_deref(), options.weighting, language) {
        // lm and statsmodels' WLS know no counts of rows.
        (Some(_), Weighting::Frequency, _) => None,
        (Some(weights), Weighting::Sampling, Language::R) => sample_in_r(options, &model, weights),
        (Some(_), Weighting::Sampling, Language::Python) => None,
        (_, _, Language::R) => Some(in_r(options, &model)),
        (_, _, Language::Python) => in_python(options, &model),
    }
}

/// A sample of a population by R's survey: coefficients and fit.
fn sample_in_r(options: &Options, model: &ModelCode, weights: &str) -> Option<String> {
    let has_more = !options.blocks.is_empty()
        || !options.means.is_empty()
        || !options.slopes.is_empty()
        || !matches!(options.errors, Errors::Classical | Errors::Cluster);
    if has_more {
        return None;
    }
    let l = Language::R;
    let clusters = match options.errors {
        Errors::Cluster => l.term(options.cluster.as_deref()?),
        _ => "1".to_string(),
    };
    let formula = format!(
        "{} ~ {}{}",
        l.term(&options.outcome),
        if options.intercept { "" } else { "0 + " },
        model.r_terms()
    );
    let splines = match options.curves.is_empty() {
        true => "",
        false => "library(splines)\n",
    };
    Some(filled(
        R_SAMPLE,
        &[
            ("SPLINES", splines),
            ("COMPLETE", &model.r_complete()),
            ("FACTORS", &model.r_factors()),
            ("CLUSTERS", &clusters),
            ("WEIGHTS", &l.term(weights)),
            ("FORMULA", &formula),
            ("LEVEL", &l.number(options.level)),
        ],
    ))
}

const R_SAMPLE: &str = r#"library(survey)
__SPLINES__
__COMPLETE____FACTORS__design <- svydesign(ids = ~__CLUSTERS__, weights = ~__WEIGHTS__, data = data)
fit <- svyglm(__FORMULA__, design)
estimates <- coef(fit)
std_error <- sqrt(diag(vcov(fit)))[names(estimates)]
t <- estimates / std_error
df <- fit$df.residual
half <- qt((1 + __LEVEL__) / 2, df) * std_error
# R squared and the residuals' spread are those of weights with a mean of 1.
plain <- lm(__FORMULA__, data = data, weights = __WEIGHTS__ / mean(__WEIGHTS__))
slopes <- setdiff(names(estimates), "(Intercept)")
f <- drop(estimates[slopes] %*% solve(vcov(fit)[slopes, slopes], estimates[slopes])) / length(slopes)
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, t = t, p = 2 * pt(-abs(t), df),
    ci_lower = estimates - half, ci_upper = estimates + half
  ),
  fit = data.frame(
    r_squared = summary(plain)$r.squared, adj_r_squared = summary(plain)$adj.r.squared,
    sigma = sigma(plain), rmse = sqrt(deviance(plain) / nobs(plain)),
    f = f, df_model = length(slopes), df_residual = df, p = pf(f, length(slopes), df, lower.tail = FALSE),
    n = nobs(plain)
  )
)
"#;

/// The kind of robust errors as both languages call it.
fn robust(options: &Options) -> Option<&'static str> {
    match options.errors {
        Errors::Classical | Errors::Cluster | Errors::Bootstrap => None,
        Errors::Hc0 => Some("HC0"),
        Errors::Hc1 => Some("HC1"),
        Errors::Hc2 => Some("HC2"),
        Errors::Hc3 => Some("HC3"),
    }
}

/// The terms of each block: predictors, or the columns of interactions.
fn blocks(options: &Options) -> Vec<Vec<Vec<String>>> {
    let named: Vec<&Vec<String>> = options.blocks.iter().map(|b| &b.columns).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let alone = |names: &[String]| names.iter().map(|n| vec![n.clone()]).collect();
    let mut blocks: Vec<Vec<Vec<String>>> = named.iter().map(|names| alone(names)).collect();
    let rest = options
        .predictors
        .iter()
        .filter(|p| !named.iter().any(|n| n.contains(p)));
    blocks.push(alone(&rest.cloned().collect::<Vec<_>>()));
    blocks.push(options.interactions.clone());
    blocks.retain(|terms| !terms.is_empty());
    blocks
}

fn in_r(options: &Options, model: &ModelCode) -> String {
    let l = Language::R;
    let kind = robust(options);
    let is_cluster = options.errors == Errors::Cluster;
    let has_tests = !options.curves.is_empty() || !options.blocks.is_empty();
    let has_margins = !options.means.is_empty() || !options.slopes.is_empty();
    let mut out = String::new();
    if kind.is_some() || is_cluster {
        out += "library(sandwich)\n";
    }
    if !options.curves.is_empty() {
        out += "library(splines)\n";
    }
    if !out.is_empty() {
        out += "\n";
    }
    if is_cluster || has_tests || has_margins {
        out += &model.r_complete();
    }
    out += &model.r_factors();
    let cluster = l.column("data", options.cluster.as_deref().unwrap_or_default());
    let covariance_of = |fit: &str| match kind {
        Some(kind) => format!("vcovHC({fit}, type = \"{kind}\")"),
        None if is_cluster => format!("vcovCL({fit}, cluster = {cluster}, type = \"HC1\")"),
        None => format!("vcov({fit})"),
    };
    let df_of = |fit: &str| match is_cluster {
        true => format!("length(unique({cluster})) - 1"),
        false => format!("df.residual({fit})"),
    };
    let lm = |terms: &str| {
        format!(
            "lm({} ~ {}{terms}, data = data{})",
            l.term(&options.outcome),
            if options.intercept { "" } else { "0 + " },
            match &options.weights {
                Some(w) => format!(", weights = {}", l.term(w)),
                None => String::new(),
            },
        )
    };
    out += &format!("fit <- {}\nestimates <- coef(fit)\n", lm(&model.r_terms()));
    if options.errors == Errors::Bootstrap {
        out += &filled(
            R_BOOTSTRAP,
            &[("RESAMPLES", &options.resamples.to_string())],
        );
    } else {
        out += &format!(
            "covariance <- {}
std_error <- sqrt(diag(covariance))[names(estimates)]
t <- estimates / std_error
df <- {}
half <- qt((1 + {}) / 2, df) * std_error
",
            covariance_of("fit"),
            df_of("fit"),
            l.number(options.level),
        );
    }
    out += if options.errors == Errors::Bootstrap {
        "f <- summary(fit)$fstatistic
results <- list(
  coefficients = data.frame(estimate = estimates),
"
    } else {
        "f <- summary(fit)$fstatistic
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, t = t, p = 2 * pt(-abs(t), df),
    ci_lower = estimates - half, ci_upper = estimates + half
  ),
"
    };
    let df_residual = if is_cluster { "df.residual(fit)" } else { "df" };
    out += &format!(
        "  fit = data.frame(
    r_squared = summary(fit)$r.squared, adj_r_squared = summary(fit)$adj.r.squared,
    sigma = sigma(fit), rmse = sqrt(deviance(fit) / nobs(fit)),
    f = f[[1]], df_model = f[[2]], df_residual = {df_residual}, p = pf(f[[1]], f[[2]], f[[3]], lower.tail = FALSE),
    aic = AIC(fit), bic = BIC(fit), log_likelihood = as.numeric(logLik(fit)), n = nobs(fit)
  )
)
"
    );
    if has_tests {
        out += &filled(
            R_WALD,
            &[("COVARIANCE", &covariance_of("fit")), ("DF", &df_of("fit"))],
        );
    }
    let blocks = blocks(options);
    if !blocks.is_empty() {
        let term = |set: &Vec<String>| model.r_interaction(set);
        let mut terms: Vec<String> = Vec::new();
        let mut fits = Vec::new();
        for block in &blocks {
            terms.extend(block.iter().map(term));
            fits.push(lm(&terms.join(" + ")));
        }
        out += &filled(R_BLOCKS, &[("FITS", &fits.join(",\n  "))]);
    }
    if !options.curves.is_empty() && options.errors != Errors::Bootstrap {
        let terms = options
            .curves
            .iter()
            .map(|c| l.text(&model.r_term(&c.column)));
        out += &filled(R_CURVES, &[("TERMS", &l.list(terms))]);
    }
    if options.errors != Errors::Bootstrap {
        out += &model.r_margins(
            &options.means,
            &options.slopes,
            match options.errors {
                Errors::Classical | Errors::Bootstrap => "",
                Errors::Cluster => "vcov. = covariance, df = df, ",
                _ => "vcov. = covariance, ",
            },
            options.level,
            (Response::Identity, "t"),
        );
    }
    out
}

/// Draws of another generator: what follows from them agrees but for chance.
const R_BOOTSTRAP: &str = r"# Rows are drawn by another generator than the report's: errors and intervals agree but for chance,
# so that they are not among the results.
X <- model.matrix(fit)
y <- model.response(model.frame(fit))
w <- if (is.null(weights(fit))) rep(1, length(y)) else weights(fit)
resampled <- replicate(__RESAMPLES__, {
  i <- sample(nrow(X), replace = TRUE)
  lm.wfit(X[i, , drop = FALSE], y[i], w[i])$coefficients
})
std_error <- apply(rbind(resampled), 1, sd, na.rm = TRUE)
df <- df.residual(fit)
";

const R_WALD: &str = r"
wald <- function(fit, names) {
  b <- coef(fit)[names]
  names <- names[!is.na(b)]
  b <- coef(fit)[names]
  f <- drop(b %*% solve(__COVARIANCE__[names, names], b)) / length(b)
  df2 <- __DF__
  list(f = f, df1 = length(b), df2 = df2, p = pf(f, length(b), df2, lower.tail = FALSE))
}
";

const R_BLOCKS: &str = r#"
# Blocks of predictors, each with those before it.
fits <- list(
  __FITS__
)
results$blocks <- do.call(rbind, lapply(seq_along(fits), function(i) {
  before <- if (i > 1) names(coef(fits[[i - 1]])) else "(Intercept)"
  r_squared <- sapply(fits, function(fit) summary(fit)$r.squared)
  test <- wald(fits[[i]], setdiff(names(coef(fits[[i]])), before))
  data.frame(
    r_squared = r_squared[i], adj_r_squared = summary(fits[[i]])$adj.r.squared,
    delta_r_squared = diff(c(0, r_squared))[i], f = test$f, df1 = test$df1, df2 = test$df2, p = test$p,
    aic = AIC(fits[[i]])
  )
}))
"#;

const R_CURVES: &str = r#"
# Whether each curve has any effect, its interactions among it.
results$curves <- do.call(rbind, lapply(__TERMS__, function(term) {
  with_it <- which(attr(terms(fit), "factors")[term, ] > 0)
  test <- wald(fit, names(estimates)[attr(model.matrix(fit), "assign") %in% with_it])
  data.frame(f = test$f, df1 = test$df1, p = test$p, df2 = test$df2)
}))
"#;

fn in_python(options: &Options, model: &ModelCode) -> Option<String> {
    let l = Language::Python;
    // What R and this program make of interactions without an intercept depends on their margins.
    if !options.intercept && !options.interactions.is_empty() {
        return None;
    }
    let is_bootstrap = options.errors == Errors::Bootstrap;
    let weights = options.weights.as_deref();
    let mut out = String::from("import statsmodels.api as sm\n");
    if options.curves.is_empty() {
        out += "\n";
    }
    out += &model.python_design(options.intercept)?;
    let cluster = l.column("data", options.cluster.as_deref().unwrap_or_default());
    let chosen = match (robust(options), options.errors) {
        (Some(kind), _) => Some(format!("cov_type=\"{kind}\", use_t=True")),
        (None, Errors::Cluster) => Some(format!(
            "cov_type=\"cluster\", cov_kwds={{\"groups\": pd.factorize({cluster})[0]}}, use_t=True"
        )),
        (None, _) => None,
    };
    let fitted = format!(
        "sm.{}(y, X[kept]{}, hasconst={})",
        if weights.is_some() { "WLS" } else { "OLS" },
        match weights {
            Some(w) => format!(", weights={}", l.column("data", w)),
            None => String::new(),
        },
        l.flag(options.intercept),
    );
    out += &format!(
        "# Columns that are combinations of earlier ones are left out.
corner = np.linalg.qr(X / np.sqrt((X ** 2).sum()))[1]
kept = X.columns[np.abs(np.diag(corner)) > 1e-9]
y = {} * 1.0
model = {fitted}
fit = model.fit()
tests = {}
interval = tests.conf_int(1 - {}).reindex(X.columns)
k = len(kept) + 1  # sigma counts as a parameter
results = {{
",
        l.column("data", &options.outcome),
        match &chosen {
            Some(chosen) => format!("model.fit({chosen})"),
            None => "fit".to_string(),
        },
        l.number(options.level),
    );
    out += if is_bootstrap {
        "    # Errors and intervals of resamples are not among the results: they agree but for chance.
    \"coefficients\": pd.DataFrame({\"estimate\": tests.params}).reindex(X.columns),
"
    } else {
        "    \"coefficients\": pd.DataFrame({
        \"estimate\": tests.params, \"std_error\": tests.bse, \"t\": tests.tvalues, \"p\": tests.pvalues,
    }).reindex(X.columns).assign(ci_lower=interval[0], ci_upper=interval[1]),
"
    };
    out += "    \"fit\": pd.DataFrame({
        \"r_squared\": [fit.rsquared], \"adj_r_squared\": [fit.rsquared_adj],
        \"sigma\": [np.sqrt(fit.scale)], \"rmse\": [np.sqrt(fit.ssr / fit.nobs)],
        \"f\": [fit.fvalue], \"df_model\": [fit.df_model], \"df_residual\": [fit.df_resid], \"p\": [fit.f_pvalue],
        \"aic\": [2 * k - 2 * fit.llf], \"bic\": [np.log(fit.nobs) * k - 2 * fit.llf],
        \"log_likelihood\": [fit.llf], \"n\": [fit.nobs],
    }),
}
";
    let blocks = blocks(options);
    if !blocks.is_empty() || !options.curves.is_empty() {
        out += PYTHON_WALD;
    }
    if !blocks.is_empty() {
        let terms = |block: &Vec<Vec<String>>| l.list(block.iter().map(|set| l.texts(set)));
        let first = if options.intercept {
            "[\"Intercept\"]"
        } else {
            "[]"
        };
        out += &filled(
            PYTHON_BLOCKS,
            &[
                ("FIRST", first),
                ("BLOCKS", &l.list(blocks.iter().map(terms))),
                ("MODEL", &fitted),
                ("CHOSEN", chosen.as_deref().unwrap_or_default()),
            ],
        );
    }
    if !options.curves.is_empty() && !is_bootstrap {
        let names = l.texts(options.curves.iter().map(|c| &c.column));
        out += &filled(PYTHON_CURVES, &[("NAMES", &names)]);
    }
    if !options.means.is_empty() || !options.slopes.is_empty() {
        out += "\n# Marginal means and slopes are not in this script; that in R has them.\n";
    }
    Some(out)
}

const PYTHON_WALD: &str = r#"

def is_of(part, name):
    return part == name or part.startswith(name + ": ")


def wald(tests, names):
    columns = list(tests.params.index)
    test = tests.f_test(np.eye(len(columns))[[columns.index(n) for n in names if n in columns]])
    return {"f": float(test.fvalue), "df1": test.df_num, "df2": test.df_denom, "p": float(test.pvalue)}

"#;

const PYTHON_BLOCKS: &str = r#"
# Blocks of predictors, each with those before it.
columns, steps, r_squared = __FIRST__, [], 0.0
for terms in __BLOCKS__:
    parts = [(c, c.split(" × ")) for c in X]
    added = [
        c for term in terms for c, p in parts
        if len(p) == len(term) and all(is_of(part, name) for part, name in zip(p, term))
    ]
    columns = columns + added
    corner = np.linalg.qr(X[columns] / np.sqrt((X[columns] ** 2).sum()))[1]
    kept = X[columns].columns[np.abs(np.diag(corner)) > 1e-9]
    step = __MODEL__
    fit = step.fit()
    test = wald(step.fit(__CHOSEN__), added)
    steps.append({
        "r_squared": fit.rsquared, "adj_r_squared": fit.rsquared_adj, "delta_r_squared": fit.rsquared - r_squared,
        **test, "aic": 2 * (len(kept) + 1) - 2 * fit.llf,
    })
    r_squared = fit.rsquared
results["blocks"] = pd.DataFrame(steps)
"#;

const PYTHON_CURVES: &str = r#"
# Whether each curve has any effect, its interactions among it.
results["curves"] = pd.DataFrame([
    wald(tests, [c for c in X if any(is_of(part, name) for part in c.split(" × "))]) for name in __NAMES__
])
"#;
