//! The palette: every analysis, found by words in both languages, the fitting ones first.

mod pictures;
mod search;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::Workspace;
use super::ui::{Dialog, Glyph, Icon};
use crate::analyses;
use crate::msg;
use crate::report::Msg;
use crate::spec::{Group, Picture, Spec};
use pictures::PictureOf;
use search::{Entry, misfit};

/// Where a new cell goes, and what it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The cell that it comes behind; none is the end.
    pub after: Option<String>,
    /// The table that it reads; none is the nearest.
    pub table: Option<String>,
}

/// Opens the palette when it is set; found in context.
#[derive(Clone, Copy)]
pub struct PaletteSignal(pub RwSignal<Option<Place>>);

/// The dialog. It is open while `open` says where the new cell goes.
#[component]
pub fn Palette(open: RwSignal<Option<Place>>) -> impl IntoView {
    let workspace = Workspace::here();
    let is_open = Signal::derive(move || open.with(Option::is_some));
    view! {
        <Dialog
            open=is_open
            close=move |()| open.set(None)
            title=workspace.say(msg!("app.palette.title", "Add a cell"))
            class="palette"
            testid="palette"
        >
            <Finder open />
        </Dialog>
    }
}

/// One line of the list.
#[derive(Clone, PartialEq)]
struct Line {
    what: What,
    /// The table that it would read, when it is not the one at hand.
    other_table: Option<String>,
    /// Why it cannot run on any table.
    misfit: Option<Msg>,
}

#[derive(Clone, Copy)]
enum What {
    Text,
    Analysis(&'static Spec),
}

impl PartialEq for What {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl What {
    fn id(self) -> &'static str {
        match self {
            What::Text => "text",
            What::Analysis(spec) => spec.id,
        }
    }

    fn title(self) -> Msg {
        match self {
            What::Text => msg!("app.palette.text", "Text"),
            What::Analysis(spec) => spec.title(),
        }
    }

    fn about(self) -> Msg {
        match self {
            What::Text => msg!(
                "app.palette.text_about",
                "Words between the results, in Markdown."
            ),
            What::Analysis(spec) => spec.about(),
        }
    }

    fn group(self) -> Msg {
        match self {
            What::Text => msg!("app.palette.write", "Write"),
            What::Analysis(spec) => spec.group.title(),
        }
    }

    fn picture(self) -> Picture {
        match self {
            What::Text => Picture::Text,
            What::Analysis(spec) => spec.picture,
        }
    }
}

/// Words that find the text cell.
const TEXT_WORDS: [&str; 8] = [
    "text",
    "note",
    "markdown",
    "write",
    "글",
    "텍스트",
    "메모",
    "마크다운",
];

#[component]
fn Finder(open: RwSignal<Option<Place>>) -> impl IntoView {
    let workspace = Workspace::here();
    let place = open.get_untracked().unwrap_or_default();
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let entries = StoredValue::new(
        analyses::specs()
            .iter()
            .map(|s| Entry::new(s))
            .collect::<Vec<_>>(),
    );
    let lines = {
        let place = place.clone();
        Memo::new(move |_| {
            entries.with_value(|entries| lines(workspace, &place, entries, &query.get()))
        })
    };
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let choose = {
        let place = place.clone();
        move |line: &Line| {
            open.set(None);
            let table = line.other_table.clone().or_else(|| place.table.clone());
            match line.what {
                What::Text => workspace.add_text(place.after.as_deref(), ""),
                What::Analysis(spec) => {
                    workspace.add_analysis(spec.id, place.after.as_deref(), table.as_deref())
                }
            }
        }
    };
    let choose = Callback::new(move |i: usize| {
        if let Some(line) = lines.with_untracked(|l| l.get(i).cloned()) {
            choose(&line);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let n = lines.with_untracked(Vec::len);
        let to = match event.key().as_str() {
            "ArrowDown" => (at.get_untracked() + 1) % n.max(1),
            "ArrowUp" => (at.get_untracked() + n.max(1) - 1) % n.max(1),
            "Enter" => {
                event.prevent_default();
                return choose.run(at.get_untracked());
            }
            _ => return,
        };
        event.prevent_default();
        at.set(to);
        scroll_to(to);
    };
    let is_searching = move || query.with(|q| !q.trim().is_empty());
    let list = move || {
        let lines = lines.get();
        let grouped = !is_searching();
        let mut views = Vec::new();
        for run in group_runs(&lines, grouped) {
            let title = run.1[0].1.what.group();
            let items = run
                .1
                .iter()
                .map(|(i, line)| view! { <Item i=*i line=line.clone() at choose /> })
                .collect_view();
            views.push(if run.0 {
                let heading = format!("palette-group-{}", run.1[0].0);
                view! {
                    <div class="palette-group" role="group" aria-labelledby=heading>
                        <div class="palette-heading" id=heading.clone() role="presentation">
                            {workspace.say(title)}
                        </div>
                        {items}
                    </div>
                }
                .into_any()
            } else {
                items.into_any()
            });
        }
        views
    };
    let label = workspace.say(msg!(
        "app.palette.search",
        "Search by name, question or keyword"
    ));
    let count = move || {
        let n = lines.with(Vec::len);
        msg!("app.palette.n_found", "{n} {n|match|matches}", n = n).text(workspace.lang.get())
    };
    view! {
        <div class="palette-search">
            <Glyph icon=Icon::Search />
            <input
                node_ref=input
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                data-testid="palette-search"
                placeholder=label.clone()
                aria-label=label
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-line-{}", at.get())
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    at.set(0);
                    scroll_to(0);
                }
                on:keydown=on_key
            />
        </div>
        <div
            class="palette-list"
            id="palette-list"
            role="listbox"
            aria-label=workspace.say(msg!("app.palette.list", "Analyses"))
        >
            {list}
        </div>
        <Show when=move || lines.with(Vec::is_empty)>
            <p class="palette-none">
                {workspace.say(msg!("app.palette.none", "Nothing has this name. Try another word for what you want to know."))}
            </p>
        </Show>
        <p class="spoken" aria-live="polite">
            {move || is_searching().then(count)}
        </p>
    }
}

#[component]
fn Item(i: usize, line: Line, at: RwSignal<usize>, choose: Callback<usize>) -> impl IntoView {
    let workspace = Workspace::here();
    let is_current = move || at.get() == i;
    let remark = match (&line.misfit, &line.other_table) {
        (Some(misfit), _) => Some(misfit.clone()),
        (None, Some(table)) => Some(msg!(
            "app.palette.with_table",
            "With the table {table}",
            table = table
        )),
        (None, None) => None,
    };
    view! {
        <div
            class="palette-item"
            class:is-current=is_current
            class:is-misfit=line.misfit.is_some()
            role="option"
            id=format!("palette-line-{i}")
            data-testid=format!("palette-item-{}", line.what.id())
            aria-selected=move || is_current().to_string()
            on:click=move |_| choose.run(i)
            on:pointermove=move |_| {
                if at.get_untracked() != i {
                    at.set(i);
                }
            }
        >
            <PictureOf picture=line.what.picture() />
            <div class="palette-words">
                <span class="palette-name">{workspace.say(line.what.title())}</span>
                <span class="palette-about">{workspace.say(line.what.about())}</span>
                {remark.map(|remark| view! { <span class="palette-remark">{workspace.say(remark)}</span> })}
            </div>
        </div>
    }
}

/// What answers the query: the best match first; without a query by question, what fits first.
fn lines(workspace: Workspace, place: &Place, entries: &[Entry], query: &str) -> Vec<Line> {
    let at_hand = place
        .table
        .clone()
        .or_else(|| workspace.table_for(place.after.as_deref()));
    let others: Vec<String> = workspace
        .notebook
        .with(|n| n.table_names().into_iter().map(str::to_string).collect());
    let mut found: Vec<(f64, Line)> = Vec::new();
    let scores = |of: fn(&Entry, &str) -> Option<f64>| {
        let scored = entries.iter().filter_map(|e| Some((e, of(e, query)?)));
        scored.collect::<Vec<_>>()
    };
    let mut scored = scores(Entry::score);
    if scored.is_empty() {
        scored = scores(Entry::score_some);
    }
    for (entry, score) in scored {
        let (other_table, misfit) = fit(workspace, entry.spec, at_hand.as_deref(), &others);
        // What cannot run now comes after what can, unless it is plainly what is meant.
        let score = if misfit.is_some() {
            score * 0.5 - 1.0
        } else {
            score
        };
        found.push((
            score,
            Line {
                what: What::Analysis(entry.spec),
                other_table,
                misfit,
            },
        ));
    }
    let text = Line {
        what: What::Text,
        other_table: None,
        misfit: None,
    };
    if query.trim().is_empty() {
        let rank = |line: &Line| match line.what {
            What::Analysis(spec) => (
                Group::ALL.iter().position(|g| *g == spec.group),
                line.misfit.is_some(),
            ),
            What::Text => (None, false),
        };
        let has_fit: Vec<bool> = Group::ALL
            .iter()
            .map(|g| {
                found.iter().any(|(_, l)| {
                    l.misfit.is_none() && matches!(l.what, What::Analysis(s) if s.group == *g)
                })
            })
            .collect();
        found.sort_by_key(|(_, line)| {
            let (group, is_misfit) = rank(line);
            (group.is_some_and(|g| !has_fit[g]), group, is_misfit)
        });
        return found
            .into_iter()
            .map(|(_, line)| line)
            .chain([text])
            .collect();
    }
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    if words
        .iter()
        .all(|w| TEXT_WORDS.iter().any(|t| t.starts_with(w.as_str())))
    {
        found.push((7.0, text));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, line)| line).collect()
}

/// Whether an analysis runs on the table at hand, else on which other one, else why not.
fn fit(
    workspace: Workspace,
    spec: &'static Spec,
    at_hand: Option<&str>,
    others: &[String],
) -> (Option<String>, Option<Msg>) {
    if spec.inputs.iter().all(|i| i.optional) {
        return (None, None);
    }
    let Some(at_hand) = at_hand else {
        return (
            None,
            Some(msg!("app.palette.no_table", "Open a table first.")),
        );
    };
    // The shape of a table that is yet to be made is not known: it may fit.
    let misfit_of = |name: &str| {
        workspace
            .table_info(name)
            .and_then(|info| misfit(spec, name, &info.columns))
    };
    let Some(reason) = misfit_of(at_hand) else {
        return (None, None);
    };
    match others
        .iter()
        .rev()
        .find(|name| *name != at_hand && misfit_of(name).is_none())
    {
        Some(other) => (Some(other.clone()), None),
        None => (None, Some(reason)),
    }
}

/// Lines that stand under one heading, with their places in the list; without headings when searching.
fn group_runs(lines: &[Line], grouped: bool) -> Vec<(bool, Vec<(usize, Line)>)> {
    let numbered: Vec<(usize, Line)> = lines.iter().cloned().enumerate().collect();
    if !grouped {
        return if numbered.is_empty() {
            Vec::new()
        } else {
            vec![(false, numbered)]
        };
    }
    numbered
        .chunk_by(|a, b| a.1.what.group() == b.1.what.group())
        .map(|run| (true, run.to_vec()))
        .collect()
}

fn scroll_to(i: usize) {
    request_animation_frame(move || {
        if let Some(line) = document().get_element_by_id(&format!("palette-line-{i}")) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
