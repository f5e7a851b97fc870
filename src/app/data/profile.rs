//! A column's profile, below the grid.

use leptos::prelude::*;
use serde_json::json;

use super::signs::{Reading, Sign};
use crate::analyses;
use crate::app::Workspace;
use crate::app::ui::{Button, Icon, Kind};
use crate::msg;
use crate::report::{Format, Lang, Msg, format_number};
use crate::table::ColumnKind;
use crate::table::profile::{ColumnProfile, Histogram};

/// A column's values as a picture, with their numbers.
#[component]
pub fn ProfilePanel(
    table: Signal<String>,
    profile: ColumnProfile,
    /// Opens the column's declaration, where there can be one.
    edit: Option<Callback<()>>,
    #[prop(into)] close: Callback<()>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let column = StoredValue::new(profile.name.clone());
    // A cell does it, so that it is kept and can be changed.
    let add = move |analysis: &str, values: serde_json::Value| {
        let values = values.as_object().cloned().unwrap_or_default();
        workspace.add_filled(analysis, &table.get_untracked(), values);
    };
    let sort = move |direction: &str| {
        let by = json!([{ "column": column.get_value(), "direction": direction }]);
        add("transform.sort", json!({ "by": by }));
    };
    let can_sort = analyses::find("transform.sort").is_some();
    let filter = move || {
        let condition = json!({ "column": column.get_value(), "is": "present" });
        add("transform.filter", json!({ "conditions": [condition] }));
    };
    let lang = move || workspace.lang.get();
    let reading = Reading::of(profile.kind, profile.measure);
    let facts = facts(&profile);
    let picture = match &profile.histogram {
        Some(histogram) if !shows_levels(&profile) => {
            view! { <Large histogram=histogram.clone() profile=profile.clone() /> }.into_any()
        }
        _ => view! { <Levels profile=profile.clone() /> }.into_any(),
    };
    view! {
        <section class="profile" aria-label=profile.name.clone() data-testid="column-profile">
            <div class="profile-head">
                <Sign kind=profile.kind measure=profile.measure />
                <h3 class="profile-name">{profile.name.clone()}</h3>
                <span class="profile-kind">{workspace.say(reading.name())}</span>
                <span class="profile-space"></span>
                {edit
                    .map(|edit| {
                        view! {
                            <Button
                                kind=Kind::Quiet
                                small=true
                                icon=Icon::Pencil
                                label=workspace.say(msg!("app.variable.edit", "Change the column…"))
                                on_click=move |_| edit.run(())
                                testid="edit-column"
                            />
                        }
                    })}
                {can_sort
                    .then(|| {
                        view! {
                            <Button
                                kind=Kind::Quiet
                                small=true
                                icon=Icon::ArrowUp
                                label=workspace.say(msg!("app.data.sort_up", "Sort, smallest first"))
                                on_click=move |_| sort("ascending")
                                testid="sort-up"
                            />
                            <Button
                                kind=Kind::Quiet
                                small=true
                                icon=Icon::ArrowDown
                                label=workspace.say(msg!("app.data.sort_down", "Sort, largest first"))
                                on_click=move |_| sort("descending")
                                testid="sort-down"
                            />
                        }
                    })}
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::Filter
                    label=workspace.say(msg!("app.data.filter", "Filter…"))
                    on_click=move |_| filter()
                    testid="filter-column"
                />
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon=Icon::Close
                    icon_only=true
                    label=workspace.say(msg!("app.data.close_profile", "Close the column"))
                    on_click=move |_| close.run(())
                />
            </div>
            <div class="profile-body">
                <div class="profile-picture">{picture}</div>
                <dl class="profile-facts">
                    {facts
                        .into_iter()
                        .map(|(name, value)| {
                            view! {
                                <div class="profile-fact">
                                    <dt>{workspace.say(name)}</dt>
                                    <dd>{move || value.text(lang())}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                </dl>
            </div>
        </section>
    }
}

#[component]
fn Large(histogram: Histogram, profile: ColumnProfile) -> impl IntoView {
    let workspace = Workspace::here();
    const WIDTH: f64 = 600.0;
    const HEIGHT: f64 = 96.0;
    let counts: Vec<f64> = histogram.counts.iter().map(|c| f64::from(*c)).collect();
    let most = counts.iter().copied().fold(1.0, f64::max);
    let step = WIDTH / counts.len().max(1) as f64;
    let is_whole = matches!(
        profile.kind,
        ColumnKind::Int | ColumnKind::Date | ColumnKind::DateTime | ColumnKind::Time
    );
    let bars: Vec<_> = counts
        .iter()
        .enumerate()
        .map(|(i, count)| {
            let height = (count / most * HEIGHT).max(if *count > 0.0 { 1.5 } else { 0.0 });
            let left = i as f64 * step;
            let (left_inner, top, wide) = (left + 0.75, HEIGHT - height, (step - 1.5).max(1.0));
            let (from, to) = (histogram.edges[i], histogram.edges[i + 1]);
            let to = if is_whole { to - 1.0 } else { to };
            let (kind, n) = (profile.kind, *count);
            let words = move || {
                let lang = workspace.lang.get();
                let (from, to) = (value(from, kind, lang), value(to, kind, lang));
                let range = if from == to {
                    from
                } else {
                    format!("{from} – {to}")
                };
                msg!(
                    "app.data.bar",
                    "{range}: {n} {n|row|rows}",
                    range = range,
                    n = n as usize
                )
                .text(lang)
            };
            view! {
                <g class="bar-slot">
                    <rect class="bar-ground" x=left y="0" width=step height=HEIGHT></rect>
                    <rect class="bar-shape" x=left_inner y=top width=wide height=height></rect>
                    <title>{words}</title>
                </g>
            }
        })
        .collect();
    let ends = [profile.min_text.clone(), profile.max_text.clone()];
    let numbers = [profile.min, profile.max];
    let kind = profile.kind;
    let end = move |i: usize| match (numbers[i], &ends[i]) {
        (Some(x), _) if matches!(kind, ColumnKind::Int | ColumnKind::Float) => {
            number(x, workspace.lang.get())
        }
        (_, text) => text.clone().unwrap_or_default(),
    };
    let (low, high) = (end.clone(), end);
    view! {
        <svg
            class="histogram"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            {bars}
        </svg>
        <div class="histogram-ends">
            <span>{move || low(0)}</span>
            <span>{move || high(1)}</span>
        </div>
    }
}

#[component]
fn Levels(profile: ColumnProfile) -> impl IntoView {
    let workspace = Workspace::here();
    let n = (profile.n_rows - profile.n_missing).max(1) as f64;
    if profile.top.is_empty() {
        return view! {
            <p class="levels-none">
                {workspace.say(msg!("app.data.no_top", "Too many different values to list them."))}
            </p>
        }
        .into_any();
    }
    let most = profile.top[0].1.max(1) as f64;
    let listed: usize = profile.top.iter().map(|t| t.1).sum();
    let others = (profile.n_rows - profile.n_missing).saturating_sub(listed);
    let n_others = profile.n_distinct.saturating_sub(profile.top.len());
    view! {
        <ul class="levels">
            {profile
                .top
                .iter()
                .map(|(level, count)| {
                    let (count, share) = (*count, *count as f64 / n);
                    let name = if level.is_empty() { "“”".to_string() } else { level.clone() };
                    view! {
                        <li class="level">
                            <span class="level-name" title=level.clone()>{name}</span>
                            <span class="level-track">
                                <span
                                    class="level-bar"
                                    style:width=format!("{}%", count as f64 / most * 100.0)
                                ></span>
                            </span>
                            <span class="level-count">
                                {move || {
                                    let lang = workspace.lang.get();
                                    format_number(count as f64, Format::Integer, lang)
                                }}
                            </span>
                            <span class="level-share">
                                {move || {
                                    format_number(share, Format::Percent(1), workspace.lang.get())
                                }}
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
        {(n_others > 0)
            .then(|| {
                view! {
                    <p class="levels-more">
                        {workspace
                            .say(
                                msg!(
                                    "app.data.other_levels",
                                    "and {n} other {n|value|values} in {rows} {rows|row|rows}", n =
                                    n_others, rows = others
                                ),
                            )}
                    </p>
                }
            })}
    }
    .into_any()
}

fn facts(profile: &ColumnProfile) -> Vec<(Msg, Value)> {
    let mut facts = vec![
        (
            msg!("app.data.fact_rows", "Values"),
            Value::Number((profile.n_rows - profile.n_missing) as f64, Format::Integer),
        ),
        (
            msg!("app.data.fact_missing", "Missing"),
            Value::Share(profile.n_missing, share_missing(profile)),
        ),
        (
            msg!("app.data.fact_distinct", "Different"),
            Value::Distinct(profile.n_distinct, profile.distinct_capped),
        ),
    ];
    if !shows_levels(profile) && is_number(profile) {
        let numbers = [
            (msg!("app.data.fact_mean", "Mean"), profile.mean),
            (msg!("app.data.fact_sd", "SD"), profile.sd),
            (msg!("app.data.fact_min", "Minimum"), profile.min),
            (msg!("app.data.fact_max", "Maximum"), profile.max),
        ];
        facts.extend(
            numbers
                .into_iter()
                .filter_map(|(name, x)| Some((name, Value::Plain(x?)))),
        );
    } else if let (Some(min), Some(max)) = (&profile.min_text, &profile.max_text) {
        let is_time = matches!(
            profile.kind,
            ColumnKind::Date | ColumnKind::DateTime | ColumnKind::Time
        );
        if is_time {
            facts.push((
                msg!("app.data.fact_first", "First"),
                Value::Text(min.clone()),
            ));
            facts.push((msg!("app.data.fact_last", "Last"), Value::Text(max.clone())));
        }
    }
    facts
}

enum Value {
    Number(f64, Format),
    Plain(f64),
    Share(usize, f64),
    Distinct(usize, bool),
    Text(String),
}

impl Value {
    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Number(x, format) => format_number(*x, *format, lang),
            Self::Plain(x) => number(*x, lang),
            Self::Share(0, _) => "0".into(),
            Self::Share(n, share) => format!(
                "{} ({})",
                format_number(*n as f64, Format::Integer, lang),
                format_number(*share, Format::Percent(1), lang)
            ),
            Self::Distinct(n, is_capped) => {
                let n = format_number(*n as f64, Format::Integer, lang);
                if *is_capped { format!("> {n}") } else { n }
            }
            Self::Text(text) => text.clone(),
        }
    }
}

pub(super) fn is_number(profile: &ColumnProfile) -> bool {
    matches!(profile.kind, ColumnKind::Int | ColumnKind::Float)
}

/// Whether the column is a matter of levels rather than of a range.
pub(super) fn shows_levels(profile: &ColumnProfile) -> bool {
    use crate::table::Measure::{Nominal, Ordinal, Text};
    matches!(profile.measure, Nominal | Ordinal | Text) && !profile.top.is_empty()
}

pub(super) fn share_missing(profile: &ColumnProfile) -> f64 {
    profile.n_missing as f64 / profile.n_rows.max(1) as f64
}

/// A number of the data: grouped from 10,000 on, so that years stay years, and without zeros that it
/// does not have.
pub(super) fn number(x: f64, lang: Lang) -> String {
    if x.fract() == 0.0 && x.abs() < 10_000.0 {
        return format_number(x, Format::Plain, lang);
    }
    let text = format_number(x, Format::General, lang);
    if text.contains('×') || !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn value(x: f64, kind: ColumnKind, lang: Lang) -> String {
    match kind {
        ColumnKind::Date => format_number(x, Format::Date, lang),
        ColumnKind::DateTime => format_number(x, Format::DateTime, lang),
        ColumnKind::Time => {
            let minutes = (x / 60_000.0).floor() as u32;
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        }
        _ => number(x, lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_data() {
        let check = |x, expected| assert_eq!(number(x, Lang::En), expected);
        check(2013.0, "2013");
        check(-3.0, "−3");
        check(123_456.0, "123,456");
        check(3.14159265, "3.1416");
        check(32.1, "32.1");
        check(1.2e-9, "1.2000 × 10⁻⁹");
    }

    #[test]
    fn values_by_kind() {
        assert_eq!(value(19_787.0, ColumnKind::Date, Lang::En), "2024-03-05");
        assert_eq!(value(37_800_000.0, ColumnKind::Time, Lang::En), "10:30");
    }
}
