//! A report on the page: the answer first, then charts and tables.

mod chart;
mod chart_tools;
mod export;
mod media;
mod save;
mod table;

use std::sync::Arc;

use leptos::prelude::*;

use super::Workspace;
use crate::chart::{Theme, shared_keys};
use crate::report::{Block, ByGroup, Chart, Grid, Msg, Notice, NoticeKind, Report};

pub use chart::ChartOf;
pub use export::file_name;
pub use media::media;
pub use save::{copy_text, save_blob, save_bytes, save_text};
pub use table::{TableOf, tell_copied};

/// A report. `stem` begins the names of files saved from it.
#[component]
pub fn ReportOf(report: Arc<Report>, #[prop(into)] stem: String) -> impl IntoView {
    let workspace = Workspace::here();
    let mut lines = report.summary.iter();
    let answer = lines.next().map(|line| {
        view! {
            <p class="answer" data-testid="cell-answer">
                {workspace.say(line.clone())}
            </p>
        }
    });
    let also = lines
        .map(|line| view! { <p class="also">{workspace.say(line.clone())}</p> })
        .collect_view();
    view! {
        <div class="report">
            {answer}
            {also}
            {body(&report, &stem, 3)}
        </div>
    }
}

/// All of a report but its sentences at the head.
fn body(report: &Report, stem: &str, level: u8) -> AnyView {
    let of_kind = |kind| {
        report
            .notices
            .iter()
            .filter(move |n| n.kind == kind)
            .cloned()
            .collect::<Vec<_>>()
    };
    view! {
        <Notices notices=of_kind(NoticeKind::Warning) />
        {blocks(&report.blocks, stem, level)}
        <Notices notices=of_kind(NoticeKind::Note) />
    }
    .into_any()
}

/// What the reader must know about how the numbers came to be.
#[component]
fn Notices(notices: Vec<Notice>) -> impl IntoView {
    let workspace = Workspace::here();
    if notices.is_empty() {
        return ().into_any();
    }
    let items = notices.into_iter().map(|notice| {
        let is_warning = notice.kind == NoticeKind::Warning;
        view! {
            <li class="notice" class:is-warning=is_warning>
                {workspace.say(notice.text)}
            </li>
        }
    });
    view! { <ul class="notices">{items.collect_view()}</ul> }.into_any()
}

/// Blocks in their order; charts that follow one another stand side by side where there is room.
fn blocks(blocks: &[Block], stem: &str, level: u8) -> AnyView {
    let is_chart = |b: &Block| matches!(b, Block::Chart(_));
    let runs = blocks
        .chunk_by(|a, b| is_chart(a) && is_chart(b))
        .map(|run| match run {
            [Block::Text(text)] => {
                let workspace = Workspace::here();
                view! { <p class="report-text">{workspace.say(text.clone())}</p> }.into_any()
            }
            [Block::Table(table)] => {
                view! { <TableOf table=Arc::new(table.clone()) stem /> }.into_any()
            }
            [Block::Group(title, inner)] => {
                group(title, None, self::blocks(inner, stem, level + 1), level)
            }
            [Block::ByGroup(by)] => by_group(by, stem, level),
            [Block::Grid(grid)] => grid_of(grid, stem),
            charts => {
                let charts = charts.iter().filter_map(|b| match b {
                    Block::Chart(chart) => Some(one_chart(chart, stem)),
                    _ => None,
                });
                view! { <div class="charts">{charts.collect::<Vec<_>>()}</div> }.into_any()
            }
        });
    runs.collect::<Vec<_>>().into_any()
}

fn one_chart(chart: &Chart, stem: &str) -> AnyView {
    view! { <ChartOf chart=Arc::new(chart.clone()) stem=stem.to_string() /> }.into_any()
}

/// Small charts in rows, under the names of the series that they share.
fn grid_of(grid: &Grid, stem: &str) -> AnyView {
    let workspace = Workspace::here();
    let peers = Arc::new(grid.charts.clone());
    let keys = shared_keys(&peers).into_iter().map(|(series, name)| {
        let n_colours = Theme::light().series.len();
        let color = format!("var(--series-{})", usize::from(series) % n_colours + 1);
        view! {
            <li>
                <span class="series-key" style:background=color></span>
                {workspace.say(name)}
            </li>
        }
    });
    let keys: Vec<_> = keys.collect();
    let legend = (!keys.is_empty()).then(|| view! { <ul class="series-keys">{keys}</ul> });
    let charts = peers.iter().map(|chart| {
        let (chart, peers) = (Arc::new(chart.clone()), peers.clone());
        view! { <ChartOf chart stem=stem.to_string() peers /> }.into_any()
    });
    view! {
        {legend}
        <div class="chart-grid" style=("--n", grid.n_columns.max(1).to_string())>
            {charts.collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

/// What was said of one group of rows, or why nothing was.
fn by_group(by: &ByGroup, stem: &str, level: u8) -> AnyView {
    let workspace = Workspace::here();
    let said = by.report.summary.iter().enumerate().map(|(i, line)| {
        let line = workspace.say(line.clone());
        view! { <p class:group-answer=i == 0 class:also=i != 0>{line}</p> }
    });
    let failed = by.error.clone().map(|error| {
        view! { <ul class="notices"><li class="notice is-warning">{workspace.say(error)}</li></ul> }
    });
    let content = view! {
        {said.collect_view()}
        {failed}
        {body(&by.report, stem, level + 1)}
    };
    group(&by.title, Some(&by.key), content.into_any(), level)
}

fn group(title: &Msg, key: Option<&str>, content: AnyView, level: u8) -> AnyView {
    let workspace = Workspace::here();
    let title = workspace.say(title.clone());
    let heading = match level {
        3 => view! { <h3 class="group-title">{title}</h3> }.into_any(),
        4 => view! { <h4 class="group-title">{title}</h4> }.into_any(),
        _ => view! { <h5 class="group-title">{title}</h5> }.into_any(),
    };
    view! {
        <section class="group" data-testid=key.map(|key| format!("group-{key}"))>
            {heading}
            {content}
        </section>
    }
    .into_any()
}
