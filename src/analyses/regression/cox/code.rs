//! Cox regression in R and Python.

use super::Options;
use crate::frame::code::{ModelCode, event};
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let model = ModelCode {
        tables,
        needed: vec![&options.time, &options.status],
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &options.references,
        curves: &[],
    };
    let event = event(tables, &options.status, &options.event, language)?;
    match language {
        Language::R => Some(in_r(options, &model, &event)),
        Language::Python => in_python(options, &model, &event),
    }
}

fn in_r(options: &Options, model: &ModelCode, event: &str) -> String {
    let language = Language::R;
    let mut names = model.needed.clone();
    names.extend(options.predictors.iter().map(String::as_str));
    let mut out = format!(
        "library(survival)\n\ndata <- data[complete.cases(data[{}]), ]\n",
        language.texts(&names)
    );
    out += &model.r_factors();
    out += &format!(
        "data$is_event <- {} == {event}
fit <- coxph(
  Surv({}, is_event) ~ {}, data = data,
  control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
)
estimates <- coef(fit)
std_error <- sqrt(diag(vcov(fit)))
z <- estimates / std_error
half <- qnorm((1 + {}) / 2) * std_error
ratio <- 2 * diff(fit$loglik)
df <- sum(!is.na(estimates))
check <- cox.zph(fit, transform = \"km\")$table
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, z = z, p = 2 * pnorm(-abs(z)),
    hazard_ratio = exp(estimates), ci_lower = exp(estimates - half), ci_upper = exp(estimates + half)
  ),
  fit = data.frame(
    n = fit$n, events = fit$nevent, concordance = fit$concordance[[\"concordance\"]],
    log_likelihood = fit$loglik[2], aic = AIC(fit), likelihood_ratio = ratio,
    wald = fit$wald.test[[1]], score = fit$score[[1]], df = df, p = pchisq(ratio, df, lower.tail = FALSE)
  ),
  proportional = data.frame(chi_squared = check[, 1], df = check[, 2], p = check[, 3])
)
",
        language.column("data", &options.status),
        language.term(&options.time),
        model.r_terms(),
        language.number(options.level),
    );
    if options.interactions.is_empty() {
        out += "dropped <- drop1(fit, test = \"Chisq\")[-1, ]
results$tests <- data.frame(chi_squared = dropped$LRT, df = dropped$Df, p = dropped$`Pr(>Chi)`)
";
    }
    out
}

fn in_python(options: &Options, model: &ModelCode, event: &str) -> Option<String> {
    let language = Language::Python;
    let mut out = String::from("import statsmodels.api as sm\n\n");
    out += &model.python_design(true)?;
    out += "X = X.drop(columns=\"Intercept\")\n";
    out += &format!(
        "is_event = ({} == {event}) * 1
fit = sm.PHReg({}, X, status=is_event, ties=\"efron\").fit(disp=0, tol=1e-14)
interval = np.exp(fit.conf_int(1 - {}))
results = {{
    \"coefficients\": pd.DataFrame({{
        \"estimate\": fit.params, \"std_error\": fit.bse, \"z\": fit.tvalues, \"p\": fit.pvalues,
        \"hazard_ratio\": np.exp(fit.params), \"ci_lower\": interval[:, 0], \"ci_upper\": interval[:, 1],
    }}),
    \"fit\": pd.DataFrame({{
        \"n\": [len(data)], \"events\": [is_event.sum()], \"log_likelihood\": [fit.llf],
        \"aic\": [2 * len(fit.params) - 2 * fit.llf], \"df\": [len(fit.params)],
    }}),
}}
",
        language.column("data", &options.status),
        language.column("data", &options.time),
        language.number(options.level),
    );
    Some(out)
}
