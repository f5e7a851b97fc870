//! Tests of a sample of a population by R's survey.

use super::{Options, Question};
use crate::frame::contrasts::{Design, MissingRows};
use crate::frame::corrections::Correction;
use crate::spec::code::{column_info, filled};
use crate::spec::{CodeTables, Language};

/// The script in R; `None` for margins, and when the groups are not known.
pub(super) fn code(options: &Options, tables: &CodeTables) -> Option<String> {
    let l = Language::R;
    let alternative = match options.question {
        Question::Different => "two.sided",
        Question::Greater => "greater",
        Question::Less => "less",
        Question::Equivalent | Question::NotInferior => return None,
    };
    let weights = options.weights.as_deref()?;
    let comparison = options.comparison();
    let group = options.group.as_deref().unwrap_or_default();
    let (first, second) = comparison.named_levels(tables)?;
    let info = column_info(tables, group);
    let (first, second) = (l.level(info, &first), l.level(info, &second));
    let is_paired = options.design == Design::Paired;
    let every = match is_paired {
        true => {
            let pairs = options.pairs.iter();
            let pairs: Vec<String> = pairs.map(|p| l.texts([&p.first, &p.second])).collect();
            format!("list({})", pairs.join(", "))
        }
        false => l.texts(&options.outcomes),
    };
    let mut needed: Vec<&str> = vec![weights];
    if options.design == Design::Two {
        needed.push(group);
    }
    if options.missing == MissingRows::Listwise {
        let pairs = options.pairs.iter();
        match is_paired {
            true => needed.extend(pairs.flat_map(|p| [p.first.as_str(), p.second.as_str()])),
            false => needed.extend(options.outcomes.iter().map(String::as_str)),
        }
    }
    let in_two = match options.design {
        Design::Two => {
            let column = l.column("data", group);
            format!(
                "data <- data[{column} %in% c({first}, {second}), ]\ndata$is_first <- as.numeric({column} == {first})\n"
            )
        }
        _ => String::new(),
    };
    let adjusted = match options.correction {
        Correction::None => String::new(),
        correction => format!(
            "tests$p_adjusted <- p.adjust(tests$p, \"{}\")\n",
            correction.code_name(l)
        ),
    };
    Some(filled(
        R,
        &[
            ("ALTERNATIVE", alternative),
            (
                "VALUES",
                if is_paired {
                    "data[[of[1]]] - data[[of[2]]]"
                } else {
                    "data[[of]]"
                },
            ),
            (
                "NAME",
                if is_paired {
                    "paste(of, collapse = \" − \")"
                } else {
                    "of"
                },
            ),
            (
                "SIDES",
                if options.design == Design::Two {
                    "is_first"
                } else {
                    "1"
                },
            ),
            ("NEEDED", &l.texts(needed)),
            ("IN_TWO", &in_two),
            ("EVERY", &every),
            ("WEIGHTS", &l.term(weights)),
            ("NULL", &l.number(options.null)),
            ("LEVEL", &l.number(options.level)),
            ("ADJUST", &adjusted),
        ],
    ))
}

const R: &str = r#"library(survey)

data <- data[complete.cases(data[__NEEDED__]), ]
__IN_TWO__test <- function(of) {
  data$value <- __VALUES__
  design <- svydesign(ids = ~1, weights = ~__WEIGHTS__, data = data[!is.na(data$value), ])
  fit <- svyglm(value ~ __SIDES__, design)
  at <- length(coef(fit))
  difference <- coef(fit)[[at]]
  std_error <- SE(fit)[[at]]
  df <- fit$df.residual
  t <- (difference - __NULL__) / std_error
  sides <- c(two.sided = (1 + __LEVEL__) / 2, greater = __LEVEL__, less = __LEVEL__)
  half <- qt(sides[["__ALTERNATIVE__"]], df) * std_error
  p <- c(two.sided = 2 * pt(-abs(t), df), greater = pt(-t, df), less = pt(t, df))
  data.frame(
    outcome = __NAME__, t = t, df = df, p = p[["__ALTERNATIVE__"]],
    difference = difference, std_error = std_error,
    ci_lower = if ("__ALTERNATIVE__" == "less") -Inf else difference - half,
    ci_upper = if ("__ALTERNATIVE__" == "greater") Inf else difference + half
  )
}
tests <- do.call(rbind, lapply(__EVERY__, test))
__ADJUST__results <- list(tests = tests)
"#;
