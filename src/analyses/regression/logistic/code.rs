//! Logistic regression in R and Python.

use super::{Intervals, Method, Options};
use crate::frame::code::{ModelCode, event};
use crate::frame::means::Response;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    if options.method == Method::Firth {
        return None;
    }
    let mut needed = vec![options.outcome.as_str()];
    needed.extend(options.weights.as_deref());
    let model = ModelCode {
        tables,
        needed,
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &options.references,
        curves: &[],
    };
    let event = event(tables, &options.outcome, &options.event, language)?;
    if options.is_sample() {
        let has_margins = !options.means.is_empty() || !options.slopes.is_empty();
        if has_margins || language == Language::Python {
            return None;
        }
        let outcome = language.column("data", &options.outcome);
        return Some(model.r_sample(
            &format!("data$is_event <- as.numeric({outcome} == {event})\n"),
            ("is_event", &model.r_terms()),
            "quasibinomial",
            options.weights.as_deref()?,
            Some("odds_ratio"),
            options.level,
        ));
    }
    match language {
        Language::R => Some(in_r(options, &model, &event)),
        Language::Python => in_python(options, &model, &event),
    }
}

fn in_r(options: &Options, model: &ModelCode, event: &str) -> String {
    let language = Language::R;
    let weights = match &options.weights {
        Some(w) => format!(", weights = {}", language.term(w)),
        None => String::new(),
    };
    let has_margins = !options.means.is_empty() || !options.slopes.is_empty();
    let mut out = if has_margins {
        model.r_complete()
    } else {
        String::new()
    };
    out += &model.r_factors();
    out += &format!(
        "data$is_event <- as.numeric({} == {event})
fit <- glm(is_event ~ {}, family = binomial, data = data{weights}, control = glm.control(epsilon = 1e-14))
estimates <- summary(fit)$coefficients
results <- list(
  coefficients = data.frame(
    estimate = estimates[, 1], std_error = estimates[, 2], z = estimates[, 3], p = estimates[, 4],
    odds_ratio = exp(estimates[, 1])",
        language.column("data", &options.outcome),
        model.r_terms(),
    );
    if options.intervals == Intervals::Wald {
        out += &format!(
            ",
    ci_lower = exp(confint.default(fit, level = {level})[, 1]),
    ci_upper = exp(confint.default(fit, level = {level})[, 2])",
            level = language.number(options.level)
        );
    }
    out += "
  ),
  fit = data.frame(log_likelihood = -deviance(fit) / 2, mcfadden = 1 - deviance(fit) / fit$null.deviance)
)
";
    if options.interactions.is_empty() {
        out += "tests <- drop1(fit, test = \"LRT\")[-1, ]
results$tests <- data.frame(chi_squared = tests$LRT, df = tests$Df, p = tests$`Pr(>Chi)`)
";
    }
    out += &model.r_margins(
        &options.means,
        &options.slopes,
        "",
        options.level,
        (Response::Logit, "z"),
    );
    out
}

fn in_python(options: &Options, model: &ModelCode, event: &str) -> Option<String> {
    let language = Language::Python;
    let weights = match &options.weights {
        Some(w) => format!(", freq_weights={}", language.column("data", w)),
        None => String::new(),
    };
    let mut out = String::from("import statsmodels.api as sm\n\n");
    out += &model.python_design(true)?;
    out += &format!(
        "y = ({} == {event}) * 1.0
fit = sm.GLM(y, X, family=sm.families.Binomial(){weights}).fit(tol=1e-14, maxiter=100)
results = {{
    \"coefficients\": pd.DataFrame({{
        \"estimate\": fit.params, \"std_error\": fit.bse, \"z\": fit.tvalues, \"p\": fit.pvalues,
        \"odds_ratio\": np.exp(fit.params),",
        language.column("data", &options.outcome),
    );
    if options.intervals == Intervals::Wald {
        let alpha = format!("1 - {}", language.number(options.level));
        out += &format!(
            "
        \"ci_lower\": np.exp(fit.conf_int({alpha})[0]), \"ci_upper\": np.exp(fit.conf_int({alpha})[1]),"
        );
    }
    out += "
    }),
    \"fit\": pd.DataFrame({\"log_likelihood\": [fit.llf], \"mcfadden\": [1 - fit.llf / fit.llnull]}),
}
";
    if !options.means.is_empty() || !options.slopes.is_empty() {
        out += "\n# Marginal means and slopes are not in this script; that in R has them.\n";
    }
    Some(out)
}
