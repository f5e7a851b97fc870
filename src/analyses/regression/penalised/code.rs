//! Penalised regression in R (glmnet) and Python (scikit-learn).

use super::{Choose, Options, Penalty};
use crate::frame::code::ModelCode;
use crate::spec::code::filled;
use crate::spec::{CodeTables, Language};

pub(super) fn code(options: &Options, tables: &CodeTables, language: Language) -> Option<String> {
    let l = language;
    let mut needed = vec![options.outcome.as_str()];
    needed.extend(options.weights.as_deref());
    needed.extend(options.fold_column.as_deref());
    let model = ModelCode {
        tables,
        needed,
        predictors: &options.predictors,
        interactions: &options.interactions,
        references: &options.references,
        curves: &[],
    };
    let alpha = match options.penalty {
        Penalty::Lasso => 1.0,
        Penalty::Ridge => 0.0,
        Penalty::ElasticNet => options.mixing,
    };
    let (design, template) = match l {
        Language::R => (model.r_complete() + &model.r_factors(), R),
        Language::Python => (model.python_design(true)?, PYTHON),
    };
    let weights = match (&options.weights, l) {
        (Some(w), Language::R) => l.column("data", w),
        (Some(w), Language::Python) => format!("{}.to_numpy(float)", l.column("data", w)),
        (None, Language::R) => "rep(1, nrow(data))".to_string(),
        (None, Language::Python) => "np.ones(len(data))".to_string(),
    };
    let folds = match (&options.fold_column, l) {
        (Some(column), Language::R) => {
            format!("fold <- as.integer(factor({}))\n", l.column("data", column))
        }
        (Some(column), Language::Python) => {
            format!(
                "fold = pd.factorize({}, sort=True)[0]\n",
                l.column("data", column)
            )
        }
        (None, Language::R) => format!(
            "{OTHER_FOLDS}set.seed(1)\nfold <- sample(rep_len(1:{}, nrow(data)))\n",
            options.folds
        ),
        (None, Language::Python) => format!(
            "{OTHER_FOLDS}fold = np.random.default_rng(1).permutation(np.arange(len(data)) % {})\n",
            options.folds
        ),
    };
    let given = options.choose == Choose::Given;
    let chosen = match (options.choose, l) {
        (Choose::Best, Language::R) => "best".to_string(),
        (Choose::Simplest, Language::R) => "simplest".to_string(),
        (Choose::Best, Language::Python) => "best".to_string(),
        (Choose::Simplest, Language::Python) => "simplest".to_string(),
        (Choose::Given, _) => l.number(options.lambda?),
    };
    let end = match (given, l) {
        (false, Language::R) => R_CHOSEN,
        (true, Language::R) => R_GIVEN,
        (false, Language::Python) => PYTHON_CHOSEN,
        (true, Language::Python) => PYTHON_GIVEN,
    };
    let text = filled(template, &[("DESIGN", design.as_str()), ("END", end)]);
    Some(filled(
        &text,
        &[
            ("TERMS", &model.r_terms()),
            ("OUTCOME", &l.column("data", &options.outcome)),
            ("WEIGHTS", &weights),
            ("FOLDS", &folds),
            ("ALPHA", &l.number(alpha)),
            ("STANDARDISE", l.flag(options.standardise)),
            ("LENGTH", &options.path_length.to_string()),
            ("CHOSEN", &chosen),
        ],
    ))
}

const OTHER_FOLDS: &str =
    "# Folds drawn by another generator than the report's: what is chosen by them may differ.\n";

const R: &str = r#"library(glmnet)

__DESIGN__X <- model.matrix(~ __TERMS__, data)[, -1, drop = FALSE]
y <- __OUTCOME__
w <- __WEIGHTS__
__FOLDS__glmnet.control(fdev = 0, devmax = 1)
path <- function(f, ...) {
  f(X, y, weights = w, alpha = __ALPHA__, standardize = __STANDARDISE__, thresh = 1e-22, maxit = 1e8, ...)
}
lambda <- path(glmnet, nlambda = __LENGTH__, lambda.min.ratio = 1e-4)$lambda
cv <- path(cv.glmnet, lambda = lambda, foldid = fold, type.measure = "mse")
best <- match(cv$lambda.min, cv$lambda)
simplest <- match(cv$lambda.1se, cv$lambda)
line <- function(i) {
  data.frame(
    lambda = cv$lambda[i], n_nonzero = cv$nzero[[i]], r_squared = cv$glmnet.fit$dev.ratio[i],
    cv_error = cv$cvm[i], cv_se = cv$cvsd[i]
  )
}
__END__results <- list(
  coefficients = data.frame(estimate = b, beta = c(NA, b[-1] * apply(X, 2, sd) / sd(y))),
  path = rbind(line(best), line(simplest), last)
)
"#;

const R_CHOSEN: &str = "last <- line(__CHOSEN__)
b <- as.vector(coef(cv$glmnet.fit, s = last$lambda))
";

const R_GIVEN: &str = "given <- path(glmnet, lambda = c(lambda[lambda > __CHOSEN__], __CHOSEN__))
i <- length(given$lambda)
b <- as.vector(coef(given))[(i - 1) * (ncol(X) + 1) + seq_len(ncol(X) + 1)]
last <- data.frame(lambda = __CHOSEN__, n_nonzero = given$df[i], r_squared = given$dev.ratio[i], cv_error = NA, cv_se = NA)
";

const PYTHON: &str = r#"from sklearn.linear_model import ElasticNet

__DESIGN__X = X.drop(columns="Intercept").to_numpy(float)
y = __OUTCOME__.to_numpy(float)
w = __WEIGHTS__
__FOLDS__alpha = __ALPHA__


def scaled(X, y, w):
    centre, spread = w @ X, np.sqrt(w @ (X - w @ X) ** 2)
    spread = np.where(spread > 0, spread, 1) if __STANDARDISE__ else np.ones(X.shape[1])
    return centre, spread, w @ y, np.sqrt(w @ (y - w @ y) ** 2)


def fitted(X, y, w, sizes):  # intercept and coefficients for each size of the penalty
    w = w / w.sum()
    centre, spread, middle, unit = scaled(X, y, w)
    Z, v = (X - centre) / spread, (y - middle) / unit
    squares, products = Z.T @ (Z * w[:, None]), Z.T @ (w * v)
    out = []
    for size in np.asarray(sizes) / unit:
        b = np.ones(X.shape[1])
        if alpha > 0:
            model = ElasticNet(alpha=size, l1_ratio=alpha, fit_intercept=False, tol=1e-10, max_iter=10**6)
            b = model.fit(Z, v, sample_weight=w).coef_
        # The last digits: what is kept, in closed form.
        at = np.flatnonzero(b)
        inner = squares[np.ix_(at, at)] + size * (1 - alpha) * np.eye(len(at))
        b[at] = np.linalg.solve(inner, products[at] - size * alpha * np.sign(b[at]))
        b = b * unit / spread
        out.append(np.r_[middle - centre @ b, b])
    return np.array(out)


def explained(b):
    return 1 - w @ (y - b[0] - X @ b[1:]) ** 2 / (w @ (y - w @ y / w.sum()) ** 2)


centre, spread, middle, unit = scaled(X, y, w / w.sum())
largest = abs(((X - centre) / spread).T @ (w * (y - middle))).max() / w.sum() / max(alpha, 0.001)
sizes = largest * 1e-4 ** (np.arange(__LENGTH__) / (__LENGTH__ - 1))
path = fitted(X, y, w, sizes)
means, totals = [], []
for k in np.unique(fold):
    out = fold == k
    b = fitted(X[~out], y[~out], w[~out], sizes)
    errors = (y[out, None] - b[:, 0] - X[out] @ b[:, 1:].T) ** 2
    means.append(w[out] @ errors / w[out].sum())
    totals.append(w[out].sum())
means, totals = np.array(means), np.array(totals) / sum(totals)
cv_error = totals @ means
cv_se = np.sqrt(totals @ (means - cv_error) ** 2 / (len(totals) - 1))
best = cv_error.argmin()
simplest = np.flatnonzero(cv_error <= cv_error[best] + cv_se[best])[0]


def line(i):
    return [sizes[i], (path[i, 1:] != 0).sum(), explained(path[i]), cv_error[i], cv_se[i]]


__END__results = {
    "coefficients": pd.DataFrame({"estimate": b, "beta": np.r_[np.nan, b[1:] * X.std(axis=0, ddof=1) / y.std(ddof=1)]}),
    "path": pd.DataFrame([line(best), line(simplest), last], columns=["lambda", "n_nonzero", "r_squared", "cv_error", "cv_se"]),
}
"#;

const PYTHON_CHOSEN: &str = "b, last = path[__CHOSEN__], line(__CHOSEN__)
";

const PYTHON_GIVEN: &str = "b = fitted(X, y, w, [__CHOSEN__])[0]
last = [__CHOSEN__, (b[1:] != 0).sum(), explained(b), np.nan, np.nan]
";
