//! Linear regression in R and Python.

use super::{Errors, Options};
use crate::frame::Reference;
use crate::frame::code::ModelCode;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let mut needed = vec![options.outcome.as_str()];
    needed.extend(options.weights.as_deref());
    let references = options.references.iter().map(|r| Reference {
        column: r.column.clone(),
        level: r.level.clone(),
    });
    let model = ModelCode {
        tables,
        needed,
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &references.collect::<Vec<_>>(),
    };
    match language {
        Language::R => Some(in_r(options, &model)),
        Language::Python => in_python(options, &model),
    }
}

/// The kind of robust errors as both languages call it.
fn robust(options: &Options) -> Option<&'static str> {
    match options.errors {
        Errors::Classical => None,
        Errors::Hc0 => Some("HC0"),
        Errors::Hc1 => Some("HC1"),
        Errors::Hc2 => Some("HC2"),
        Errors::Hc3 => Some("HC3"),
    }
}

fn in_r(options: &Options, model: &ModelCode) -> String {
    let language = Language::R;
    let kind = robust(options);
    let mut out = String::new();
    if kind.is_some() {
        out += "library(sandwich)\n\n";
    }
    out += &model.r_factors();
    out += &format!(
        "fit <- lm({} ~ {}{}, data = data{})
estimates <- coef(fit)
covariance <- {}
std_error <- sqrt(diag(covariance))[names(estimates)]
t <- estimates / std_error
df <- df.residual(fit)
half <- qt((1 + {}) / 2, df) * std_error
f <- summary(fit)$fstatistic
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, t = t, p = 2 * pt(-abs(t), df),
    ci_lower = estimates - half, ci_upper = estimates + half
  ),
  fit = data.frame(
    r_squared = summary(fit)$r.squared, adj_r_squared = summary(fit)$adj.r.squared,
    sigma = sigma(fit), rmse = sqrt(deviance(fit) / nobs(fit)),
    f = f[[1]], df_model = f[[2]], df_residual = df, p = pf(f[[1]], f[[2]], f[[3]], lower.tail = FALSE),
    aic = AIC(fit), bic = BIC(fit), log_likelihood = as.numeric(logLik(fit)), n = nobs(fit)
  )
)
",
        language.term(&options.outcome),
        if options.intercept { "" } else { "0 + " },
        model.r_terms(),
        match &options.weights {
            Some(w) => format!(", weights = {}", language.term(w)),
            None => String::new(),
        },
        match kind {
            Some(kind) => format!("vcovHC(fit, type = \"{kind}\")"),
            None => "vcov(fit)".to_string(),
        },
        language.number(options.level),
    );
    out
}

fn in_python(options: &Options, model: &ModelCode) -> Option<String> {
    let language = Language::Python;
    // What R and this program make of interactions without an intercept depends on their margins.
    if !options.intercept && !options.interactions.is_empty() {
        return None;
    }
    let weights = options.weights.as_deref();
    let mut out = String::from("import statsmodels.api as sm\n\n");
    out += &model.python_design(options.intercept)?;
    out += &format!(
        "# Columns that are combinations of earlier ones are left out.
corner = np.linalg.qr(X / np.sqrt((X ** 2).sum()))[1]
kept = X.columns[np.abs(np.diag(corner)) > 1e-9]
y = {} * 1.0
model = sm.{}(y, X[kept]{}, hasconst={})
fit = model.fit()
tests = {}
interval = tests.conf_int(1 - {}).reindex(X.columns)
k = len(kept) + 1  # sigma counts as a parameter
results = {{
    \"coefficients\": pd.DataFrame({{
        \"estimate\": tests.params, \"std_error\": tests.bse, \"t\": tests.tvalues, \"p\": tests.pvalues,
    }}).reindex(X.columns).assign(ci_lower=interval[0], ci_upper=interval[1]),
    \"fit\": pd.DataFrame({{
        \"r_squared\": [fit.rsquared], \"adj_r_squared\": [fit.rsquared_adj],
        \"sigma\": [np.sqrt(fit.scale)], \"rmse\": [np.sqrt(fit.ssr / fit.nobs)],
        \"f\": [fit.fvalue], \"df_model\": [fit.df_model], \"df_residual\": [fit.df_resid], \"p\": [fit.f_pvalue],
        \"aic\": [2 * k - 2 * fit.llf], \"bic\": [np.log(fit.nobs) * k - 2 * fit.llf],
        \"log_likelihood\": [fit.llf], \"n\": [fit.nobs],
    }}),
}}
",
        language.column("data", &options.outcome),
        if weights.is_some() { "WLS" } else { "OLS" },
        match weights {
            Some(w) => format!(", weights={}", language.column("data", w)),
            None => String::new(),
        },
        language.flag(options.intercept),
        match robust(options) {
            Some(kind) => format!("model.fit(cov_type=\"{kind}\", use_t=True)"),
            None => "fit".to_string(),
        },
        language.number(options.level),
    );
    Some(out)
}
