//! A model's rows and columns as R and Python have them: what “show the R” of regressions share.

use std::fmt::Write;

use super::Reference;
use super::curves::{Curve, Shape};
use super::means::{Compare, MeansOf, Response, SlopeOf};
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, ColumnInfo, Language};
use crate::table::{ColumnKind, Measure};

/// What a script needs to know of a model.
pub struct ModelCode<'a> {
    pub tables: &'a CodeTables,
    /// Other columns that a row must have, such as the outcome.
    pub needed: Vec<&'a str>,
    pub predictors: &'a [String],
    pub interactions: &'a [Vec<String>],
    pub references: &'a [Reference],
    /// Predictors that act along curves.
    pub curves: &'a [Curve],
}

const R_SAMPLE: &str = r#"library(survey)

__COMPLETE____FACTORS____FIRST__design <- svydesign(ids = ~1, weights = ~__WEIGHTS__, data = data)
fit <- svyglm(
  __FORMULA__, design,
  family = __FAMILY__, control = glm.control(epsilon = 1e-14, maxit = 200)
)
estimates <- coef(fit)
std_error <- sqrt(diag(vcov(fit)))[names(estimates)]
t <- estimates / std_error
df <- fit$df.residual
half <- qt((1 + __LEVEL__) / 2, df) * std_error
results <- list(
  coefficients = data.frame(
    estimate = estimates, std_error = std_error, t = t, p = 2 * pt(-abs(t), df),
    __RATIO__ci_lower = __LOWER__, ci_upper = __UPPER__
  )
)
"#;

const R_MARGINS: &str = r#"
# Marginal means and slopes.
library(emmeans)
expected <- function(names, ...) emmeans(fit, names, __ARGUMENTS__cov.keep = character(0), ...)
shown <- function(of, name, ratio = NULL, p = NULL, ...) {
  s <- summary(of, infer = TRUE, level = __LEVEL__, ...)
  ends <- s[attr(s, "clNames")]
  out <- list(s[[attr(s, "estName")]], s$SE, ends[[1]], ends[[2]])
  names(out) <- c(name, "std_error", "ci_lower", "ci_upper")
  if (!is.null(ratio)) out[[ratio]] <- s[[paste0(ratio, ".ratio")]]
  if (!is.null(p)) out[[p]] <- s$p.value
  as.data.frame(out)
}
"#;

/// Python: the columns of splines and polynomials.
const PYTHON_CURVES: &str = r#"from scipy.interpolate import BSpline


def spline(x, inner, natural):  # the columns of bs and ns in R
    low, high = x.min(), x.max()
    t = np.r_[[low] * 4, inner, [high] * 4]
    basis = BSpline.design_matrix(x, t, 3).toarray()[:, 1:]
    if not natural:
        return basis
    curvature = BSpline(t, np.eye(len(t) - 4), 3).derivative(2)([low, high])[:, 1:]
    return basis @ np.linalg.qr(curvature.T, mode="complete")[0][:, 2:]


def polynomial(x, degree):  # the columns of poly in R
    q, r = np.linalg.qr(np.vander(x - x.mean(), degree + 1, increasing=True))
    return (q * np.sign(np.diag(r)))[:, 1:]


"#;

const R_GUNEL_DICKEY: &str = r#"
# Gunel and Dickey's factor, by the densities of Dirichlet's distribution.
ln_dirichlet <- function(a) sum(lgamma(a)) - lgamma(sum(a))
gained <- function(counts, prior) ln_dirichlet(counts + prior) - ln_dirichlet(rep(prior, length(counts)))
prior <- __PRIOR__
"#;

const PYTHON_GUNEL_DICKEY: &str = r#"
from scipy.special import gammaln
# Gunel and Dickey's factor, by the densities of Dirichlet's distribution.
def gained(counts, prior):
    ln_dirichlet = lambda a: gammaln(a).sum() - gammaln(a.sum())
    return ln_dirichlet(counts + prior) - ln_dirichlet(np.full(len(counts), prior))
prior = __PRIOR__
"#;

/// What Gunel and Dickey's Bayes factors of a table of counts are made of: `gained(counts, prior)`, and `prior`.
pub fn gunel_dickey(language: Language, prior: f64) -> String {
    let template = match language {
        Language::R => R_GUNEL_DICKEY,
        Language::Python => PYTHON_GUNEL_DICKEY,
    };
    filled(template, &[("PRIOR", &language.number(prior))])
}

/// The levels of a column as a list, the level `first` before the others. `None` when they are not known.
pub fn levels_from(info: &ColumnInfo, first: Option<&str>, language: Language) -> Option<String> {
    let mut info = info.clone();
    let levels = info.levels.as_mut()?;
    if let Some(place) = levels.iter().position(|l| Some(l.as_str()) == first) {
        levels[..=place].rotate_right(1);
    }
    language.levels(&info)
}

/// The level of `column` that is the event, as a value of its kind: the one named, or the last.
/// `None` when its levels are not known.
pub fn event(tables: &CodeTables, column: &str, event: &str, language: Language) -> Option<String> {
    let mut info = column_info(tables, column)?.clone();
    let levels = info.levels.as_mut()?;
    let event = match event {
        "" => levels.last()?.clone(),
        event => event.to_string(),
    };
    *levels = vec![event];
    let list = language.levels(&info)?;
    let inner = match language {
        Language::R => list.strip_prefix("c(")?.strip_suffix(')')?,
        Language::Python => list.strip_prefix('[')?.strip_suffix(']')?,
    };
    Some(inner.to_string())
}

impl ModelCode<'_> {
    /// Whether a predictor enters as a number.
    fn is_number(&self, name: &str) -> bool {
        self.info(name).is_some_and(|c| {
            matches!(c.kind, ColumnKind::Float | ColumnKind::Int) && c.measure == Measure::Scale
        })
    }

    fn info(&self, name: &str) -> Option<&ColumnInfo> {
        column_info(self.tables, name)
    }

    /// The levels of a predictor, its reference first.
    fn levels(&self, language: Language, name: &str) -> Option<String> {
        let chosen = self.references.iter().find(|r| r.column == name);
        levels_from(self.info(name)?, chosen.map(|r| r.level.as_str()), language)
    }

    /// R: predictors with levels become factors.
    pub fn r_factors(&self) -> String {
        let language = Language::R;
        let mut out = String::new();
        for name in self.predictors.iter().filter(|n| !self.is_number(n)) {
            let column = language.column("data", name);
            let levels = match self.levels(language, name) {
                Some(levels) => format!(", levels = {levels}"),
                None => String::new(),
            };
            let _ = writeln!(out, "{column} <- factor({column}{levels})");
        }
        out
    }

    /// R: the right side of the formula.
    pub fn r_terms(&self) -> String {
        let mut terms: Vec<String> = self.predictors.iter().map(|n| self.r_term(n)).collect();
        terms.extend(self.interactions.iter().map(|set| self.r_interaction(set)));
        terms.join(" + ")
    }

    /// R: an interaction as a term of the formula.
    pub fn r_interaction(&self, set: &[String]) -> String {
        let terms: Vec<String> = set.iter().map(|n| self.r_term(n)).collect();
        terms.join(":")
    }

    /// R: a predictor as a term of the formula.
    pub fn r_term(&self, name: &str) -> String {
        let language = Language::R;
        let term = language.term(name);
        let Some(curve) = self.curves.iter().find(|c| c.column == name) else {
            return term;
        };
        let knots = curve.stated_knots().unwrap_or_default();
        let spline = |function: &str, least: usize| match &knots[..] {
            [] => format!("{function}({term}, df = {})", curve.knots + least),
            stated => {
                let places = language.list(stated.iter().map(|k| language.number(*k)));
                format!("{function}({term}, knots = {places})")
            }
        };
        match curve.shape {
            Shape::Natural => spline("ns", 1),
            Shape::BSpline => spline("bs", 3),
            Shape::Orthogonal => format!("poly({term}, {})", curve.degree),
            Shape::Raw => format!("poly({term}, {}, raw = TRUE)", curve.degree),
        }
    }

    /// R: marginal means and slopes by emmeans, of `fit` with further arguments such as `df = df`; `statistic`
    /// is `t` or `z`. Slopes of curves are left out.
    pub fn r_margins(
        &self,
        means: &[MeansOf],
        slopes: &[SlopeOf],
        arguments: &str,
        level: f64,
        (response, statistic): (Response, &str),
    ) -> String {
        let l = Language::R;
        let mut out = String::new();
        if means.is_empty() && slopes.is_empty() {
            return out;
        }
        out += &filled(
            R_MARGINS,
            &[("ARGUMENTS", arguments), ("LEVEL", &l.number(level))],
        );
        let turned_back = match response {
            Response::Identity => "",
            _ => ", type = \"response\"",
        };
        for (i, of) in means.iter().enumerate() {
            // The first name of emmeans varies fastest.
            let names = l.texts(of.columns.iter().rev());
            let _ = writeln!(
                out,
                "means <- expected({names})\nresults$means_{} <- shown(means, \"mean\"{turned_back})",
                i + 1
            );
            let adjust = match of.compare {
                Compare::None => continue,
                Compare::Tukey => "tukey",
                Compare::Holm => "holm",
                Compare::Bonferroni => "bonferroni",
                Compare::Unadjusted => "none",
            };
            let name = match response {
                Response::Logit => "odds_ratio",
                Response::Log => "ratio",
                Response::Identity | Response::Inverse => "difference",
            };
            let _ = writeln!(
                out,
                "results$pairs_{} <- shown(contrast(means, \"pairwise\"), \"{name}\", \"{statistic}\", \"p_adjusted\", adjust = \"{adjust}\"{turned_back})",
                i + 1
            );
        }
        for (i, of) in slopes.iter().enumerate() {
            if self.curves.iter().any(|c| c.column == of.column) {
                let _ = writeln!(out, "# The slope of a curve is not among the results.");
                continue;
            }
            let mut at = vec![format!("{} = c(0, 1)", l.term(&of.column))];
            let mut names = vec![of.column.as_str()];
            let mut by = "NULL".to_string();
            if let Some(name) = &of.by {
                names.push(name);
                by = l.text(name);
                if self.is_number(name) {
                    let x = l.column("data", name);
                    at.push(format!(
                        "{} = mean({x}) + c(-1, 0, 1) * sd({x})",
                        l.term(name)
                    ));
                }
            }
            let _ = writeln!(
                out,
                "slope <- contrast(expected({}, at = list({})), \"revpairwise\", by = {by})\nresults$slopes_{} <- shown(slope, \"slope\", \"{statistic}\", \"p\", by = NULL, adjust = \"none\")",
                l.texts(names),
                at.join(", "),
                i + 1,
            );
            if response == Response::Log {
                let _ = writeln!(
                    out,
                    "results$slopes_{k} <- transform(results$slopes_{k}, ratio = exp(slope), ci_lower = exp(ci_lower), ci_upper = exp(ci_upper))",
                    k = i + 1
                );
            }
        }
        out
    }

    /// R: only the rows that have all values. The columns of curves depend on them.
    pub fn r_complete(&self) -> String {
        let mut names: Vec<&str> = self.needed.clone();
        names.extend(self.predictors.iter().map(String::as_str));
        format!(
            "data <- data[complete.cases(data[{}]), ]\n",
            Language::R.texts(&names)
        )
    }

    /// R's survey: the coefficients of a generalised linear model of a sample drawn with unequal chances,
    /// with `weights` a column of them. `first` are lines that make the data ready, `left` and `right` the
    /// sides of the formula, `family` R's;
    /// under the name `ratio` stand coefficients turned back from a logarithm.
    pub fn r_sample(
        &self,
        first: &str,
        (left, right): (&str, &str),
        family: &str,
        weights: &str,
        ratio: Option<&str>,
        level: f64,
    ) -> String {
        let l = Language::R;
        let turned = |text: &str| match ratio {
            Some(_) => format!("exp({text})"),
            None => text.to_string(),
        };
        filled(
            R_SAMPLE,
            &[
                ("FAMILY", family),
                ("FIRST", first),
                ("COMPLETE", &self.r_complete()),
                ("FACTORS", &self.r_factors()),
                ("WEIGHTS", &l.term(weights)),
                ("FORMULA", &format!("{left} ~ {right}")),
                ("LEVEL", &l.number(level)),
                (
                    "RATIO",
                    &ratio.map_or(String::new(), |name| format!("{name} = exp(estimates), ")),
                ),
                ("LOWER", &turned("estimates - half")),
                ("UPPER", &turned("estimates + half")),
            ],
        )
    }

    /// Python: the columns of a curve, an array.
    fn python_curve(&self, curve: &Curve) -> Option<String> {
        let language = Language::Python;
        let x = format!("{}.to_numpy(float)", language.column("data", &curve.column));
        let knots = match &curve.stated_knots()?[..] {
            [] => format!("np.quantile({x}, np.arange(1, {0}) / {0})", curve.knots + 1),
            stated => language.list(stated.iter().map(|k| language.number(*k))),
        };
        Some(match curve.shape {
            Shape::Natural => format!("spline({x}, {knots}, True)"),
            Shape::BSpline => format!("spline({x}, {knots}, False)"),
            Shape::Orthogonal => format!("polynomial({x}, {})", curve.degree),
            Shape::Raw => format!(
                "np.column_stack([{x} ** k for k in range(1, {})])",
                curve.degree + 1
            ),
        })
    }

    /// Python: the rows that have all values, and the design `X` by columns, with the intercept
    /// first where there is one. `None` for interactions of more than two.
    pub fn python_design(&self, intercept: bool) -> Option<String> {
        if self.interactions.iter().any(|i| i.len() > 2) {
            return None;
        }
        let language = Language::Python;
        let mut names: Vec<&str> = self.needed.clone();
        names.extend(self.predictors.iter().map(String::as_str));
        let mut out = if self.curves.is_empty() {
            String::new()
        } else {
            PYTHON_CURVES.to_string()
        };
        let _ = writeln!(out, "data = data.dropna(subset={})", language.texts(&names));
        out += if intercept {
            "X = pd.DataFrame({\"Intercept\": 1.0}, index=data.index)\n"
        } else {
            "X = pd.DataFrame(index=data.index)\n"
        };
        let mut is_full = !intercept;
        for name in self.predictors {
            let (column, text) = (language.column("data", name), language.text(name));
            if let Some(curve) = self.curves.iter().find(|c| c.column == *name) {
                let prefix = language.text(&format!("{name}: "));
                let values = self.python_curve(curve)?;
                let _ = writeln!(
                    out,
                    "for k, values in enumerate({values}.T):\n    X[{prefix} + str(k + 1)] = values"
                );
                continue;
            }
            if self.is_number(name) {
                let _ = writeln!(out, "X[{text}] = {column} * 1.0");
                continue;
            }
            let levels = self.levels(language, name)?;
            let prefix = language.text(&format!("{name}: "));
            // Without an intercept the first factor has a column for each of its levels.
            let first = if is_full { "" } else { "[1:]" };
            is_full = false;
            let _ = writeln!(
                out,
                "for level in [l for l in {levels} if ({column} == l).any()]{first}:\n    X[{prefix} + str(level)] = ({column} == level) * 1.0",
            );
        }
        for set in self.interactions {
            let [a, b] = &set[..] else { return None };
            let (a, b) = (language.text(a), language.text(b));
            let _ = writeln!(
                out,
                "of = lambda name: [c for c in X if c == name or c.startswith(name + \": \") and \" × \" not in c]\nfor b in of({b}):\n    for a in of({a}):\n        X[a + \" × \" + b] = X[a] * X[b]",
            );
        }
        Some(out)
    }
}
