//! The registry: one analysis is one file, and one line here.

use std::collections::BTreeMap;

use crate::spec::{
    Analysis, CodeTables, Ctx, Input, Language, Options, Output, RunError, Spec, Values, by,
};

/// Declares the modules' analyses, in the order of their ids: `group::module::Type`.
macro_rules! registry {
    ($( $group:ident :: $module:ident :: $analysis:ident ),+ $(,)?) => {
        /// The declarations of all analyses, in the order of their ids.
        ///
        /// Naming only this function links no algorithm into a binary.
        pub fn specs() -> &'static [&'static Spec] {
            &[$( &<$group::$module::$analysis as Analysis>::SPEC ),+]
        }

        /// Runs the analysis called `id` with values as a person set them.
        ///
        /// # Errors
        /// Those of the analysis, and option values that do not fit its declaration or the tables.
        ///
        /// # Panics
        /// When there is no such analysis: look it up with [`find`] first.
        pub fn run(id: &str, values: &Values, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
            $( if id == <$group::$module::$analysis as Analysis>::SPEC.id {
                return run_one::<$group::$module::$analysis>(values, input, ctx);
            } )+
            panic!("there is no analysis {id}")
        }

        /// The analysis called `id` as a script that reads each input from its file, for each group by the
        /// columns `by` where there are any; `None` when the analysis has no such code for these values.
        ///
        /// # Errors
        /// Option values that do not fit the declaration or the tables.
        ///
        /// # Panics
        /// When there is no such analysis.
        pub fn code(
            id: &str,
            by: &[String],
            values: &Values,
            tables: &CodeTables,
            files: &BTreeMap<String, String>,
            language: Language,
        ) -> Result<Option<String>, RunError> {
            $( if id == <$group::$module::$analysis as Analysis>::SPEC.id {
                return code_of::<$group::$module::$analysis>(by, values, tables, files, language);
            } )+
            panic!("there is no analysis {id}")
        }

        /// Whether the answer of the analysis `id` may depend on the seed.
        pub fn uses_seed(id: &str) -> bool {
            match id {
                $( id if id == <$group::$module::$analysis as Analysis>::SPEC.id => {
                    <$group::$module::$analysis as Analysis>::USES_SEED
                } )+
                _ => false,
            }
        }

        /// Values that version `from` of the analysis `id` wrote, as today's version reads them.
        pub fn migrate(id: &str, values: Values, from: u32) -> Values {
            $( if id == <$group::$module::$analysis as Analysis>::SPEC.id {
                return <$group::$module::$analysis as Analysis>::migrate(values, from);
            } )+
            values
        }
    };
}

pub mod compare;
pub mod experiment;
pub mod explore;
pub mod regression;
pub mod segment;
pub mod transform;

registry! {
    compare::adjust_p::AdjustP,
    compare::anova::AnovaCell,
    compare::assumptions::Assumptions,
    compare::paired_categories::PairedCategories,
    compare::power::PowerCell,
    compare::proportions::ProportionsCell,
    compare::rank_groups::RankGroupsCell,
    compare::rank_test::RankTestCell,
    compare::repeated_measures::RepeatedMeasures,
    compare::t_test::TTestCell,
    experiment::ab_test::AbTest,
    explore::chart::ChartCell,
    explore::correlation::CorrelationCell,
    explore::crosstab::Crosstab,
    explore::describe::Describe,
    explore::distribution::Distribution,
    explore::frequencies::Frequencies,
    explore::missing::Missing,
    explore::pairs::Pairs,
    regression::cox::Cox,
    regression::glm::Glm,
    regression::linear::Linear,
    regression::logistic::Logistic,
    regression::multinomial::Multinomial,
    regression::penalised::Penalised,
    regression::survival::Survival,
    segment::k_means::KMeans,
    transform::append::Append,
    transform::bin::Bin,
    transform::compute::Compute,
    transform::date_parts::DateParts,
    transform::deduplicate::Deduplicate,
    transform::encode::Encode,
    transform::filter::Filter,
    transform::group::GroupBy,
    transform::join::JoinTables,
    transform::longer::Longer,
    transform::missing::Missing,
    transform::multi_response::MultiResponse,
    transform::recode::Recode,
    transform::sample::Sample,
    transform::scale::Scale,
    transform::sort::Sort,
    transform::split::Split,
    transform::text::TextCell,
    transform::wider::WiderTable,
    transform::window::Window,
}

/// The declaration of the analysis called `id`.
pub fn find(id: &str) -> Option<&'static Spec> {
    specs().iter().copied().find(|s| s.id == id)
}

/// Runs the analysis called `id` on the rows of each group by the columns `by`, or on all rows when
/// there are none: see [`by::run`].
///
/// # Errors
/// Those of [`run`] and of [`by::run`].
///
/// # Panics
/// When there is no such analysis.
pub fn run_by(
    id: &str,
    by: &[String],
    values: &Values,
    input: &Input,
    ctx: &mut Ctx,
) -> Result<Output, RunError> {
    if by.is_empty() {
        return run(id, values, input, ctx);
    }
    let spec = find(id).unwrap_or_else(|| panic!("there is no analysis {id}"));
    by::run(spec, by, input, ctx, |input, ctx| {
        run(id, values, input, ctx)
    })
}

/// Makes the Korean of all analyses known to [`crate::report`].
pub fn add_korean() {
    crate::formula::add_korean();
    crate::frame::add_korean();
    for spec in specs() {
        crate::report::add_korean(spec.id, spec.korean);
    }
}

fn run_one<A: Analysis>(values: &Values, input: &Input, ctx: &mut Ctx) -> Result<Output, RunError> {
    let columns = input
        .tables()
        .iter()
        .map(|(name, table)| {
            (
                name.clone(),
                crate::spec::ColumnInfo::of_named(table, values),
            )
        })
        .collect();
    for needed in A::SPEC.inputs.iter().filter(|i| !i.optional) {
        input.table(needed.name)?;
    }
    let misfits = crate::spec::check(&A::SPEC, values, &columns);
    if !misfits.is_empty() {
        return Err(RunError::Options(misfits));
    }
    let options = A::Options::read(values).map_err(RunError::Options)?;
    let mut output = A::run(&options, input, ctx)?;
    output.report.notices.extend(ctx.take_notices());
    Ok(output)
}

fn code_of<A: Analysis>(
    by: &[String],
    values: &Values,
    tables: &CodeTables,
    files: &BTreeMap<String, String>,
    language: Language,
) -> Result<Option<String>, RunError> {
    let input = A::SPEC.inputs.first().map_or("table", |i| i.name);
    let mut misfits = crate::spec::check(&A::SPEC, values, tables);
    misfits.extend(by::problems(&A::SPEC, by, |name| {
        let columns = tables.get(input);
        columns.is_some_and(|columns| columns.iter().any(|c| c.name == name))
    }));
    if !misfits.is_empty() {
        return Err(RunError::Options(misfits));
    }
    let options = A::Options::read(values).map_err(RunError::Options)?;
    let Some(body) = A::code(&options, tables, language) else {
        return Ok(None);
    };
    let inputs = A::SPEC
        .inputs
        .iter()
        .filter(|i| !i.optional || tables.contains_key(i.name));
    let read: Vec<(&str, String)> = inputs
        .map(|i| {
            let file = files.get(i.name).cloned();
            let frame = crate::spec::code::frame(i.name);
            (i.name, file.unwrap_or_else(|| format!("{frame}.csv")))
        })
        .collect();
    let read: Vec<(&str, &str)> = read.iter().map(|(i, f)| (*i, f.as_str())).collect();
    if !by.is_empty() {
        let script = by::code(&body, by, input, tables, language);
        return Ok(Some(language.reads(&read) + &script));
    }
    let last = match language {
        Language::R => "results",
        Language::Python => {
            "for name, frame in results.items():\n    print(name, frame, sep=\"\\n\")"
        }
    };
    Ok(Some(format!(
        "{}\n{}\n\n{last}\n",
        language.reads(&read),
        body.trim()
    )))
}
