//! A column at a glance, in the grid's head.

use leptos::prelude::*;

use super::profile::{is_number, number, share_missing, shows_levels};
use crate::app::Workspace;
use crate::msg;
use crate::report::{Format, Msg, format_number};
use crate::table::profile::ColumnProfile;

/// The height of the small picture, and the width that it is stretched from.
const SMALL: (f64, f64) = (120.0, 26.0);

/// The small picture: a histogram, or bars of the most frequent values.
#[component]
pub fn Glance(profile: ColumnProfile) -> impl IntoView {
    let counts = bars_of(&profile);
    let is_levels = profile.histogram.is_none() || shows_levels(&profile);
    let path = bars(&counts, SMALL.0, SMALL.1, if is_levels { 3.0 } else { 1.0 });
    let missing = share_missing(&profile);
    view! {
        <svg
            class="glance"
            class:glance-levels=is_levels
            viewBox=format!("0 0 {} {}", SMALL.0, SMALL.1)
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <path d=path></path>
        </svg>
        <span class="glance-line">
            <span class="glance-missing" style:width=format!("{}%", missing * 100.0)></span>
        </span>
    }
}

/// The words below the small picture.
pub fn glance_words(profile: &ColumnProfile, workspace: Workspace) -> impl IntoView + use<> {
    let lang = workspace.lang.get();
    let range = match (
        profile.min,
        profile.max,
        &profile.min_text,
        &profile.max_text,
    ) {
        _ if shows_levels(profile) || profile.histogram.is_none() => {
            distinct_words(profile).text(lang)
        }
        (Some(min), Some(max), ..) if is_number(profile) => {
            format!("{} – {}", number(min, lang), number(max, lang))
        }
        (_, _, Some(min), Some(max)) => format!("{} – {}", day(min), day(max)),
        _ => String::new(),
    };
    let missing = (profile.n_missing > 0).then(|| {
        let share = share_missing(profile);
        let share = if share < 0.005 {
            "< 1%".to_string()
        } else {
            format_number(share, Format::Percent(0), lang)
        };
        msg!("app.data.share_missing", "{share} missing", share = share).text(lang)
    });
    view! {
        <span class="note-range">{range}</span>
        {missing.map(|m| view! { <span class="note-missing">{m}</span> })}
    }
}

fn distinct_words(profile: &ColumnProfile) -> Msg {
    let n = profile.n_distinct;
    if profile.distinct_capped {
        msg!("app.data.distinct_over", "over {n} different", n = n)
    } else if shows_levels(profile) && n <= 60 {
        msg!("app.data.n_levels", "{n} {n|level|levels}", n = n)
    } else {
        msg!("app.data.distinct", "{n} different", n = n)
    }
}

fn bars_of(profile: &ColumnProfile) -> Vec<f64> {
    match &profile.histogram {
        Some(histogram) if !shows_levels(profile) => {
            histogram.counts.iter().map(|c| f64::from(*c)).collect()
        }
        _ => profile.top.iter().map(|t| t.1 as f64).collect(),
    }
}

/// All bars as one path.
fn bars(counts: &[f64], width: f64, height: f64, gap: f64) -> String {
    use std::fmt::Write;
    let most = counts.iter().copied().fold(1.0, f64::max);
    // Few levels do not become broad slabs.
    let slots = counts.len().max(if gap > 1.0 { 5 } else { 1 });
    let step = width / slots as f64;
    let mut path = String::new();
    for (i, count) in counts.iter().enumerate().filter(|(_, c)| **c > 0.0) {
        let tall = (count / most * height).max(1.0);
        let (x, w) = (i as f64 * step, (step - gap).max(0.5));
        let _ = write!(path, "M{x:.2} {height}v-{tall:.2}h{w:.2}v{tall:.2}z");
    }
    path
}

/// The day of a date and time.
fn day(text: &str) -> &str {
    text.split(['T', ' ']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_the_picture() {
        assert_eq!(
            bars(&[1.0, 0.0, 2.0], 30.0, 10.0, 1.0),
            "M0.00 10v-5.00h9.00v5.00zM20.00 10v-10.00h9.00v10.00z"
        );
        assert_eq!(bars(&[], 30.0, 10.0, 1.0), "");
    }

    #[test]
    fn days_of_times() {
        assert_eq!(day("2024-03-05T10:00"), "2024-03-05");
        assert_eq!(day("2024-03-05"), "2024-03-05");
    }
}
