//! The tables of the report.

use super::data::{Arms, Experiment, Metric};
use super::judge::{Judged, POWER, Split};
use super::{Options, key};
use crate::msg;
use crate::report::{Cell, Format, Head, TableBlock};
use crate::spec::RunError;
use crate::stats::experiment::{ArmChance, ExperimentError, beta_binomial, normal_posterior};

pub(super) fn arms(
    options: &Options,
    experiment: &Experiment,
    metric: &Metric,
    m: usize,
) -> TableBlock {
    let mut heads = vec![
        Head::name("group", msg!("experiment.ab_test.group", "Group")),
        Head::new(
            "n",
            msg!("experiment.ab_test.people", "People"),
            Format::Integer,
        ),
    ];
    match metric.arms {
        Arms::Proportions(_) => heads.extend([
            Head::new(
                "successes",
                msg!("experiment.ab_test.successes", "Successes"),
                Format::Integer,
            ),
            Head::new(
                "rate",
                msg!("experiment.ab_test.rate", "Rate"),
                Format::Percent(2),
            ),
        ]),
        Arms::Means(_) => heads.extend([
            Head::new(
                "mean",
                msg!("experiment.ab_test.mean", "Mean"),
                Format::General,
            ),
            Head::new("sd", msg!("experiment.ab_test.sd", "SD"), Format::General),
        ]),
    }
    heads.push(Head::new(
        "detectable",
        msg!("experiment.ab_test.detectable", "Detectable difference"),
        metric.difference_format(),
    ));
    let mut table = TableBlock::new(
        &key("groups", experiment, m),
        msg!("experiment.ab_test.groups", "Groups"),
        heads,
    );
    for (i, name) in experiment.arms.iter().enumerate() {
        let mut row: Vec<Cell> = vec![name.clone().into()];
        match &metric.arms {
            Arms::Proportions(arms) => row.extend([
                Cell::Number(arms[i].n as f64),
                Cell::Number(arms[i].successes as f64),
                Cell::Number(metric.value(i)),
            ]),
            Arms::Means(arms) => {
                row.extend([
                    Cell::Number(arms[i].n as f64),
                    Cell::Number(arms[i].mean),
                    Cell::Number(arms[i].sd),
                ]);
            }
        }
        row.push(if i == 0 {
            Cell::Empty
        } else {
            metric.detectable(i, options.level).into()
        });
        table.row(row);
    }
    table.notes.push(msg!(
        "experiment.ab_test.detectable_note",
        "The detectable difference is the least gain that a test of this size finds in {power} of the cases.",
        power = (POWER, Format::Percent(0))
    ));
    table
}

pub(super) fn comparisons(
    options: &Options,
    experiment: &Experiment,
    m: usize,
    judged: &[&Judged],
) -> TableBlock {
    let metric = &experiment.metrics[m];
    let level = || (options.level, Format::Percent(0));
    let (difference, percent) = (metric.difference_format(), Format::Percent(1));
    let (statistic, statistic_title) = match metric.arms {
        Arms::Proportions(_) => ("z", msg!("experiment.ab_test.z", "z")),
        Arms::Means(_) => ("t", msg!("experiment.ab_test.t", "t")),
    };
    let mut heads = vec![
        Head::name(
            "group",
            msg!(
                "experiment.ab_test.against",
                "Against “{control}”",
                control = &experiment.arms[0]
            ),
        ),
        Head::new(
            "difference",
            msg!("experiment.ab_test.difference", "Difference"),
            difference,
        ),
        Head::new(
            "difference_lower",
            msg!("experiment.ab_test.lower", "{level} from", level = level()),
            difference,
        ),
        Head::new(
            "difference_upper",
            msg!("experiment.ab_test.upper", "to"),
            difference,
        ),
        Head::new("lift", msg!("experiment.ab_test.lift", "Lift"), percent),
        Head::new(
            "lift_lower",
            msg!("experiment.ab_test.lower", "{level} from", level = level()),
            percent,
        ),
        Head::new(
            "lift_upper",
            msg!("experiment.ab_test.upper", "to"),
            percent,
        ),
        Head::new(statistic, statistic_title, Format::Fixed(2)),
    ];
    if matches!(metric.arms, Arms::Means(_)) {
        heads.push(Head::new(
            "df",
            msg!("experiment.ab_test.df", "df"),
            Format::Fixed(1),
        ));
    }
    heads.extend([
        Head::new("p", msg!("experiment.ab_test.p", "p"), Format::PValue),
        Head::new(
            "p_adjusted",
            msg!("experiment.ab_test.p_adjusted", "p corrected"),
            Format::PValue,
        ),
        Head::name("verdict", msg!("experiment.ab_test.verdict", "Verdict")),
    ]);
    let mut table = TableBlock::new(
        &key("comparisons", experiment, m),
        msg!("experiment.ab_test.comparisons", "Comparisons"),
        heads,
    );
    for j in judged {
        let c = &j.comparison;
        let mut row: Vec<Cell> = vec![experiment.arms[j.arm].clone().into()];
        let numbers = [
            c.difference.value,
            c.difference.lower,
            c.difference.upper,
            c.lift.value,
            c.lift.lower,
            c.lift.upper,
            c.statistic,
        ];
        row.extend(numbers.into_iter().map(Cell::Number));
        if matches!(metric.arms, Arms::Means(_)) {
            row.push(c.df.into());
        }
        row.extend([c.p.into(), j.p_adjusted.into(), j.verdict.name().into()]);
        table.row(row);
    }
    table
}

pub(super) fn chances(
    experiment: &Experiment,
    metric: &Metric,
    m: usize,
) -> Result<Option<TableBlock>, RunError> {
    let chances: Vec<ArmChance> = match &metric.arms {
        Arms::Proportions(arms) => {
            beta_binomial(arms, (1.0, 1.0)).map_err(|e| experiment.explain(e, metric))?
        }
        Arms::Means(arms) => match normal_posterior(arms) {
            Ok(chances) => chances,
            // Without any spread there is nothing to weigh.
            Err(ExperimentError::NoSpread) => return Ok(None),
            Err(other) => return Err(experiment.explain(other, metric)),
        },
    };
    let (value, loss) = (metric.format(), metric.difference_format());
    let mut table = TableBlock::new(
        &key("chances", experiment, m),
        msg!("experiment.ab_test.chances", "Chance to be best"),
        vec![
            Head::name("group", msg!("experiment.ab_test.group", "Group")),
            Head::new(
                "chance",
                msg!("experiment.ab_test.chance", "Chance"),
                Format::Percent(1),
            ),
            Head::new(
                "expected_loss",
                msg!("experiment.ab_test.loss", "Expected loss"),
                loss,
            ),
            Head::new(
                "lower",
                msg!("experiment.ab_test.credible", "95% credible from"),
                value,
            ),
            Head::new("upper", msg!("experiment.ab_test.upper", "to"), value),
        ],
    );
    for (name, chance) in experiment.arms.iter().zip(&chances) {
        table.row(vec![
            name.clone().into(),
            chance.best.into(),
            chance.expected_loss.into(),
            chance.lower.into(),
            chance.upper.into(),
        ]);
    }
    table.notes.push(match metric.arms {
        Arms::Proportions(_) => msg!("experiment.ab_test.beta_note", "Beta posteriors with a uniform prior. The expected loss is what choosing the group costs on average if another is better."),
        Arms::Means(_) => msg!("experiment.ab_test.normal_note", "Normal posteriors of large samples. The expected loss is what choosing the group costs on average if another is better."),
    });
    Ok(Some(table))
}

pub(super) fn split(experiment: &Experiment, split: &Split) -> TableBlock {
    let mut table = TableBlock::new(
        "split",
        msg!("experiment.ab_test.split", "Were people split as planned?"),
        vec![
            Head::name("group", msg!("experiment.ab_test.group", "Group")),
            Head::new(
                "planned",
                msg!("experiment.ab_test.planned", "Planned"),
                Format::Percent(1),
            ),
            Head::new(
                "found",
                msg!("experiment.ab_test.found", "Found"),
                Format::Percent(1),
            ),
            Head::new(
                "n",
                msg!("experiment.ab_test.people", "People"),
                Format::Integer,
            ),
        ],
    );
    let total: u64 = experiment.sizes.iter().sum();
    for (i, name) in experiment.arms.iter().enumerate() {
        let n = experiment.sizes[i] as f64;
        table.row(vec![
            name.clone().into(),
            split.shares[i].into(),
            (n / total as f64).into(),
            n.into(),
        ]);
    }
    table.notes.push(msg!(
        "experiment.ab_test.split_note",
        "χ² = {chi}, df = {df}, p {p}.",
        chi = (split.statistic, Format::Fixed(2)),
        df = split.df,
        p = (split.p, Format::PEquals)
    ));
    table
}
