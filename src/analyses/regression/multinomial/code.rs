//! Multinomial logistic regression in R and Python.

use super::Options;
use crate::frame::code::{ModelCode, levels_from};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
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
    let outcome = column_info(tables, &options.outcome)?;
    let levels = levels_from(outcome, Some(&options.baseline), l)?;
    let level = l.number(options.level);
    let column = l.column("data", &options.outcome);
    let common = [
        ("OUTCOME", column.as_str()),
        ("LEVELS", &levels),
        ("LEVEL", &level),
    ];
    let text = match l {
        Language::R => in_r(options, &model),
        Language::Python => in_python(options, &model)?,
    };
    Some(filled(&text, &common))
}

const R_NEWTON: &str = r#"
# Newton's method, which goes on to the last digits; nnet's multinom fits the same model.
newton <- function(X) {
  at <- function(i) (i - 1) * ncol(X) + seq_len(ncol(X))
  b <- matrix(0, ncol(X), k)
  for (step in 1:60) {
    eta <- cbind(0, X %*% b)
    p <- exp(eta - apply(eta, 1, max))
    p <- p / rowSums(p)
    information <- matrix(0, length(b), length(b))
    for (i in 1:k) for (j in 1:k) {
      information[at(i), at(j)] <- crossprod(X, X * (w * p[, i + 1] * ((i == j) - p[, j + 1])))
    }
    change <- solve(information, as.vector(crossprod(X, w * (Y - p)[, -1])))
    b <- b + change
    if (max(abs(change)) < 1e-10 * max(abs(b))) break
  }
  list(b = b, p = p, log_likelihood = sum(w * log(p[cbind(seq_along(y), y)])), covariance = solve(information))
}
"#;

const R: &str = r#"
data$y <- droplevels(factor(__OUTCOME__, levels = __LEVELS__))
X <- model.matrix(~ __RIGHT__, data)
y <- as.integer(data$y)
w <- __WEIGHT__
k <- nlevels(data$y) - 1
Y <- diag(k + 1)[y, ]
size <- apply(abs(X), 2, max)
fit <- newton(sweep(X, 2, size, "/"))
estimates <- as.vector(fit$b / size)
std_error <- sqrt(diag(fit$covariance)) / size
half <- qnorm((1 + __LEVEL__) / 2) * std_error
n <- sum(w)
totals <- colSums(w * Y)
null <- sum(totals * log(totals / n))
df <- k * (ncol(X) - 1)
statistic <- 2 * (fit$log_likelihood - null)
cox_snell <- 1 - exp(-statistic / n)
predicted <- max.col(fit$p, ties.method = "first")
confusion <- crossprod(Y, w * diag(k + 1)[predicted, ])
results <- list(
  coefficients = data.frame(
    level = rep(levels(data$y)[-1], each = ncol(X)),
    estimate = estimates, std_error = std_error, z = estimates / std_error,
    p = 2 * pnorm(-abs(estimates / std_error)), odds_ratio = exp(estimates),
    ci_lower = exp(estimates - half), ci_upper = exp(estimates + half)
  ),
  fit = data.frame(
    n = n, log_likelihood = fit$log_likelihood, aic = 2 * (df + k) - 2 * fit$log_likelihood,
    bic = log(n) * (df + k) - 2 * fit$log_likelihood, chi_squared = statistic, df = df,
    p = pchisq(statistic, df, lower.tail = FALSE), mcfadden = 1 - fit$log_likelihood / null,
    cox_snell = cox_snell, nagelkerke = cox_snell / (1 - exp(2 * null / n)), accuracy = sum(diag(confusion)) / n
  ),
  confusion = data.frame(setNames(data.frame(confusion), paste0("c", 1:(k + 1))), right = diag(confusion) / rowSums(confusion))
)
"#;

const R_TESTS: &str = r#"
# Each term left out.
tests <- sapply(unique(attr(X, "assign"))[-1], function(term) {
  less <- newton(sweep(X, 2, size, "/")[, attr(X, "assign") != term, drop = FALSE])
  c(2 * (fit$log_likelihood - less$log_likelihood), k * sum(attr(X, "assign") == term))
})
results$tests <- data.frame(
  chi_squared = tests[1, ], df = tests[2, ], p = pchisq(tests[1, ], tests[2, ], lower.tail = FALSE)
)
"#;

fn in_r(options: &Options, model: &ModelCode) -> String {
    let l = Language::R;
    let mut out = model.r_complete();
    out += &model.r_factors();
    out += R_NEWTON;
    out += R;
    if options.interactions.is_empty() {
        out += R_TESTS;
    }
    let weight = match &options.weights {
        Some(w) => l.column("data", w),
        None => "rep(1, nrow(data))".to_string(),
    };
    filled(&out, &[("RIGHT", &model.r_terms()), ("WEIGHT", &weight)])
}

const PYTHON: &str = r#"y = pd.Categorical(__OUTCOME__, categories=__LEVELS__).remove_unused_categories()
k = len(y.categories) - 1
Y = np.eye(k + 1)[y.codes]


def fitted(X):
    model = sm.MNLogit(y.codes, X.to_numpy(float))
    return model.fit(method="newton", maxiter=100, tol=1e-14, disp=0)


fit = fitted(X)
estimates, std_error = np.ravel(fit.params, "F"), np.ravel(fit.bse, "F")
z = estimates / std_error
half = stats.norm.ppf((1 + __LEVEL__) / 2) * std_error
n, df = len(data), fit.df_model
statistic = 2 * (fit.llf - fit.llnull)
cox_snell = 1 - np.exp(-statistic / n)
confusion = Y.T @ np.eye(k + 1)[fit.predict().argmax(axis=1)]
results = {
    "coefficients": pd.DataFrame({
        "level": np.repeat([str(level) for level in y.categories[1:]], X.shape[1]), "estimate": estimates,
        "std_error": std_error, "z": z, "p": 2 * stats.norm.sf(abs(z)), "odds_ratio": np.exp(estimates),
        "ci_lower": np.exp(estimates - half), "ci_upper": np.exp(estimates + half),
    }),
    "fit": pd.DataFrame({
        "n": [n], "log_likelihood": [fit.llf], "aic": [2 * (df + k) - 2 * fit.llf],
        "bic": [np.log(n) * (df + k) - 2 * fit.llf], "chi_squared": [statistic], "df": [df],
        "p": [stats.chi2.sf(statistic, df)], "mcfadden": [1 - fit.llf / fit.llnull], "cox_snell": [cox_snell],
        "nagelkerke": [cox_snell / (1 - np.exp(2 * fit.llnull / n))], "accuracy": [np.trace(confusion) / n],
    }),
    "confusion": pd.DataFrame(confusion, columns=[f"c{c + 1}" for c in range(k + 1)]),
}
results["confusion"]["right"] = np.diag(confusion) / confusion.sum(axis=1)
"#;

const PYTHON_TESTS: &str = r#"
# Each term left out.
tests = []
for term in __TERMS__:
    kept = [c for c in X if c != term and not c.startswith(term + ": ")]
    chi_squared, df = 2 * (fit.llf - fitted(X[kept]).llf), k * (X.shape[1] - len(kept))
    tests.append({"chi_squared": chi_squared, "df": df, "p": stats.chi2.sf(chi_squared, df)})
results["tests"] = pd.DataFrame(tests)
"#;

fn in_python(options: &Options, model: &ModelCode) -> Option<String> {
    // statsmodels has no weights there.
    if options.weights.is_some() {
        return None;
    }
    let mut out = String::from("import statsmodels.api as sm\nfrom scipy import stats\n\n");
    out += &model.python_design(true)?;
    out += PYTHON;
    if options.interactions.is_empty() {
        out += PYTHON_TESTS;
    }
    Some(filled(
        &out,
        &[("TERMS", &Language::Python.texts(&options.predictors))],
    ))
}
