//! A run by group in R and Python: the script of the analysis as a function of a group's rows.

use crate::spec::code::{CodeTables, Language, filled, frame};

const R: &str = r#"
analyse <- function(__FRAME__) {
__BODY__
  results
}

# Each group's results, in the order of the values; rows without a value are a group of their own.
by <- __KEYS__
groups <- interaction(lapply(by, addNA, ifany = TRUE), drop = TRUE, lex.order = TRUE)
results <- lapply(split(__FRAME__, groups), function(rows) {
  rownames(rows) <- NULL
  tryCatch(analyse(rows), error = function(e) NULL)
})

results
"#;

const PYTHON: &str = r#"

def analyse(__FRAME__):
__BODY__
    return results


# Each group's results, in the order of the values; rows without a value are a group of their own.
by = __KEYS__
results = {}
for group, rows in __FRAME__.groupby(by, observed=True, dropna=False):
    try:
        results[group] = analyse(rows.reset_index(drop=True))
    except Exception:
        results[group] = None

for group, frames in results.items():
    print(*group)
    for name, frame in (frames or {}).items():
        print(name, frame, sep="\n")
"#;

/// What follows the reading of the file of `input`: `body` for each group of its rows by the columns `by`.
/// It leaves the results of each group in `results`.
pub fn code(
    body: &str,
    by: &[String],
    input: &str,
    tables: &CodeTables,
    language: Language,
) -> String {
    let frame = frame(input);
    let template = match language {
        Language::R => R,
        Language::Python => PYTHON,
    };
    let keys: Vec<String> = by
        .iter()
        .map(|name| language.factor(frame, name, tables))
        .collect();
    let keys = match language {
        Language::R => format!("list({})", keys.join(", ")),
        Language::Python => language.list(keys),
    };
    filled(
        template,
        &[
            ("FRAME", frame),
            ("KEYS", &keys),
            ("BODY", &indented(body, language)),
        ],
    )
}

fn indented(body: &str, language: Language) -> String {
    let space = match language {
        Language::R => "  ",
        Language::Python => "    ",
    };
    let line = |line: &str| match line.trim().is_empty() {
        true => String::new(),
        false => format!("{space}{line}"),
    };
    body.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::ColumnInfo;
    use crate::table::Column;

    #[test]
    fn the_script_stands_in_a_function() {
        let columns = [
            Column::text("size", ["S", "L"]),
            Column::int("year", vec![1, 2]),
        ];
        let infos = columns.iter().map(ColumnInfo::of).collect();
        let tables = CodeTables::from([("table".to_string(), infos)]);
        let by = ["size".to_string(), "year".to_string()];
        let check = |language: Language, body: &str, parts: &[&str]| {
            let text = code(body, &by, "table", &tables, language);
            for part in parts {
                assert!(text.contains(part), "{part} is not in\n{text}");
            }
        };
        check(
            Language::R,
            "x <- 1\n\nresults <- list()\n",
            &[
                "analyse <- function(data) {\n  x <- 1\n\n  results <- list()\n  results\n}",
                "by <- list(factor(data$size, levels = c(\"L\", \"S\")), factor(data$year, levels = c(1, 2)))",
            ],
        );
        check(
            Language::Python,
            "import math\nresults = {}",
            &[
                "def analyse(data):\n    import math\n    results = {}\n    return results\n",
                "by = [pd.Categorical(data[\"size\"], categories=[\"L\", \"S\"]), pd.Categorical(data[\"year\"], categories=[1, 2])]",
            ],
        );
    }
}
