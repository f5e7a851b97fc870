//! Regression of counts and positive numbers in R and Python.

use super::{Intervals, Kind, Options};
use crate::frame::code::ModelCode;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    // Weights of R's glm count rows only where the dispersion is held at one.
    let is_counted = options.weights.is_some() && !options.is_sample();
    if is_counted && options.family != Kind::Poisson {
        return None;
    }
    let mut needed = vec![options.outcome.as_str()];
    let others = [&options.exposure, &options.offset, &options.weights];
    needed.extend(others.into_iter().filter_map(Option::as_deref));
    let model = ModelCode {
        tables,
        needed,
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &options.references,
        curves: &[],
    };
    if options.is_sample() {
        let has_margins = !options.means.is_empty() || !options.slopes.is_empty();
        if has_margins || language == Language::Python {
            return None;
        }
        return Some(model.r_sample(
            "",
            (&language.term(&options.outcome), &r_right(options, &model)),
            r_family(options.family)?,
            options.weights.as_deref()?,
            (options.family != Kind::GammaInverse).then_some("ratio"),
            options.level,
        ));
    }
    match language {
        Language::R => Some(in_r(options, &model)),
        Language::Python => in_python(options, &model),
    }
}

/// The key of the column with the test statistic.
fn statistic(options: &Options) -> &'static str {
    if options.family.is_scaled() { "t" } else { "z" }
}

/// The right side of the formula, offsets among it.
fn r_right(options: &Options, model: &ModelCode) -> String {
    let language = Language::R;
    let mut right = model.r_terms();
    if let Some(exposure) = &options.exposure {
        right += &format!(" + offset(log({}))", language.term(exposure));
    }
    if let Some(offset) = &options.offset {
        right += &format!(" + offset({})", language.term(offset));
    }
    right
}

/// The family as R's `glm` takes it; the negative binomial has a function of its own.
fn r_family(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Poisson => Some("poisson"),
        Kind::QuasiPoisson => Some("quasipoisson"),
        Kind::NegativeBinomial => None,
        Kind::Gamma => Some("Gamma(link = \"log\")"),
        Kind::GammaInverse => Some("Gamma"),
    }
}

fn in_r(options: &Options, model: &ModelCode) -> String {
    let language = Language::R;
    let is_nb = options.family == Kind::NegativeBinomial;
    let mut out = String::new();
    if is_nb {
        out += "library(MASS)\n\n";
    }
    // Places of slopes are those of the rows that are used.
    if !options.means.is_empty() || !options.slopes.is_empty() {
        out += &model.r_complete();
    }
    out += &model.r_factors();
    let right = r_right(options, model);
    let fitter = if is_nb { "glm.nb" } else { "glm" };
    let family = match r_family(options.family) {
        Some(family) => format!("family = {family}, "),
        None => String::new(),
    };
    let weights = match &options.weights {
        Some(w) => format!("weights = {}, ", language.term(w)),
        None => String::new(),
    };
    let (n, df) = match options.weights {
        Some(_) => ("sum(fit$prior.weights)", "n - fit$rank"),
        None => ("nobs(fit)", "df.residual(fit)"),
    };
    let is_log = options.family != Kind::GammaInverse;
    out += &format!(
        "fit <- {fitter}(
  {} ~ {right},
  {family}data = data, {weights}control = glm.control(epsilon = 1e-14, maxit = 200)
)
estimates <- coef(fit)
std_error <- sqrt(diag(vcov(fit)))[names(estimates)]
statistic <- estimates / std_error
n <- {n}
df <- {df}
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, {} = statistic, p = 2 * {}{}
  ),
  fit = data.frame(
    n = n, deviance = deviance(fit), df = df, null_deviance = fit$null.deviance, dispersion = summary(fit)$dispersion
  )
)
",
        language.term(&options.outcome),
        statistic(options),
        if options.family.is_scaled() {
            "pt(-abs(statistic), df)"
        } else {
            "pnorm(-abs(statistic))"
        },
        if is_log { ", ratio = exp(estimates)" } else { "" },
    );
    if options.intervals == Intervals::Wald {
        let shown = |end: &str| match is_log {
            true => format!("exp({end})"),
            false => end.to_string(),
        };
        let share = format!("(1 + {}) / 2", language.number(options.level));
        out += &format!(
            "half <- {} * std_error
results$coefficients$ci_lower <- {}
results$coefficients$ci_upper <- {}
",
            if options.family.is_scaled() {
                format!("qt({share}, df)")
            } else {
                format!("qnorm({share})")
            },
            shown("estimates - half"),
            shown("estimates + half"),
        );
    }
    if options.family != Kind::QuasiPoisson {
        out += "log_likelihood <- as.numeric(logLik(fit))
k <- attr(logLik(fit), \"df\")
results$fit$log_likelihood <- log_likelihood
results$fit$aic <- 2 * k - 2 * log_likelihood
results$fit$bic <- log(n) * k - 2 * log_likelihood
";
    }
    if is_nb {
        out += "results$fit$theta <- fit$theta\n";
    }
    if options.interactions.is_empty() {
        out += "dropped <- drop1(fit)[-1, ]\ndifference <- dropped$Deviance - deviance(fit)\n";
        out += if options.family.is_scaled() {
            "f <- difference / dropped$Df / summary(fit)$dispersion
results$tests <- data.frame(f = f, df = dropped$Df, p = pf(f, dropped$Df, df, lower.tail = FALSE))
"
        } else {
            "results$tests <- data.frame(
  chi_squared = difference, df = dropped$Df, p = pchisq(difference, dropped$Df, lower.tail = FALSE)
)
"
        };
    }
    // R's own choice for quasi-Poisson is the normal distribution.
    let mut arguments = match options.family.is_scaled() {
        true => "df = df, ",
        false => "df = Inf, ",
    }
    .to_string();
    if options.exposure.is_some() || options.offset.is_some() {
        arguments += "offset = 0, ";
    }
    out += &model.r_margins(
        &options.means,
        &options.slopes,
        &arguments,
        options.level,
        (options.family.response(), statistic(options)),
    );
    out
}

fn in_python(options: &Options, model: &ModelCode) -> Option<String> {
    let language = Language::Python;
    let family = match options.family {
        Kind::Poisson | Kind::QuasiPoisson => "Poisson()",
        // statsmodels has another parameter of spread there.
        Kind::NegativeBinomial => return None,
        Kind::Gamma => "Gamma(sm.families.links.Log())",
        Kind::GammaInverse => "Gamma()",
    };
    let mut out = String::from("import statsmodels.api as sm\n\n");
    out += &model.python_design(true)?;
    let mut offsets = Vec::new();
    if let Some(exposure) = &options.exposure {
        offsets.push(format!("np.log({})", language.column("data", exposure)));
    }
    if let Some(offset) = &options.offset {
        offsets.push(language.column("data", offset));
    }
    let mut extra = String::new();
    if !offsets.is_empty() {
        extra += &format!(", offset={}", offsets.join(" + "));
    }
    if let Some(w) = &options.weights {
        extra += &format!(", freq_weights={}", language.column("data", w));
    }
    let scale = match options.family.is_scaled() {
        true => "scale=\"X2\", use_t=True, ",
        false => "",
    };
    let is_log = options.family != Kind::GammaInverse;
    out += &format!(
        "y = {} * 1.0
fit = sm.GLM(y, X, family=sm.families.{family}{extra}).fit({scale}tol=1e-14, maxiter=200)
n = fit.df_resid + len(fit.params)
results = {{
    \"coefficients\": pd.DataFrame({{
        \"estimate\": fit.params, \"std_error\": fit.bse, \"{}\": fit.tvalues, \"p\": fit.pvalues,{}
    }}),
    \"fit\": pd.DataFrame({{
        \"n\": [n], \"deviance\": [fit.deviance], \"df\": [fit.df_resid],
        \"null_deviance\": [fit.null_deviance], \"dispersion\": [fit.scale],
    }}),
}}
",
        language.column("data", &options.outcome),
        statistic(options),
        if is_log {
            " \"ratio\": np.exp(fit.params),"
        } else {
            ""
        },
    );
    if options.intervals == Intervals::Wald {
        out += &format!(
            "ends = {}fit.conf_int(1 - {}){}
results[\"coefficients\"][\"ci_lower\"] = ends[0]
results[\"coefficients\"][\"ci_upper\"] = ends[1]
",
            if is_log { "np.exp(" } else { "" },
            language.number(options.level),
            if is_log { ")" } else { "" },
        );
    }
    if options.family == Kind::Poisson {
        out += "k = len(fit.params)
results[\"fit\"][\"log_likelihood\"] = fit.llf
results[\"fit\"][\"aic\"] = 2 * k - 2 * fit.llf
results[\"fit\"][\"bic\"] = np.log(n) * k - 2 * fit.llf
";
    }
    Some(out)
}
