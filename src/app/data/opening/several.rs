//! Several files of one shape: one table, or each its own. And whether there is room for what is read.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::Workspace;
use crate::app::shell::{Storage, bytes};
use crate::app::ui::Segmented;
use crate::msg;
use crate::report::Msg;
use crate::table::csv::{ImportOptions, Preview};

type Change = Callback<Box<dyn FnOnce(&mut ImportOptions)>>;

/// Names of files that are shown.
const N_NAMES: usize = 8;

/// The choice, the files in their order, and the column that says which row is from which.
#[component]
pub(super) fn Several(
    options: Memo<ImportOptions>,
    set: Change,
    #[prop(into)] is_busy: Signal<bool>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let names = Memo::new(move |_| {
        let opening = workspace.opening;
        opening.with(|o| match o {
            Some(o) if !o.more.is_empty() => o.names(),
            _ => Vec::new(),
        })
    });
    let is_one = move || options.with(|o| o.append);
    let choices = move || {
        let lang = workspace.lang.get();
        [
            ("one", msg!("app.data.as_one", "As one table")),
            ("each", msg!("app.data.each_own", "Each its own table")),
        ]
        .map(|(key, text)| (key.to_owned(), text.text(lang)))
        .to_vec()
    };
    let choose = move |key: String| {
        set.run(Box::new(move |o: &mut ImportOptions| {
            o.append = key == "one"
        }));
    };
    let listed = move || {
        let all = names.get();
        let n_more = all.len().saturating_sub(N_NAMES);
        let shown = all.iter().take(N_NAMES).cloned().collect::<Vec<_>>();
        let shown = shown.join(", ");
        let text = match (is_one(), n_more) {
            (true, 0) => msg!(
                "app.data.one_below",
                "{names}: the same columns, so they can be put one below the other.",
                names = shown
            ),
            (true, n) => msg!(
                "app.data.one_below_more",
                "{names} and {n} more: the same columns, so they can be put one below the other.",
                names = shown,
                n = n
            ),
            (false, _) => msg!(
                "app.data.one_by_one",
                "{n} files, opened one after the other.",
                n = all.len()
            ),
        };
        text.text(workspace.lang.get())
    };
    let usual = "file";
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            <fieldset class="opening-fields" disabled=move || is_busy.get()>
                <div class="opening-several" data-testid="opening-several">
                    <Segmented
                        label=workspace.say(msg!("app.data.several", "Several files"))
                        choices=Signal::derive(choices)
                        chosen=Signal::derive(move || {
                            if is_one() { "one".to_owned() } else { "each".to_owned() }
                        })
                        choose=choose
                        testid="opening-as"
                    />
                    <Show when=is_one>
                        <label class="setting">
                            <span>
                                {workspace
                                    .say(
                                        msg!(
                                            "app.data.source_column",
                                            "Column that names the file (empty: none)"
                                        ),
                                    )}
                            </span>
                            <input
                                class="field"
                                type="text"
                                autocomplete="off"
                                spellcheck="false"
                                data-testid="opening-source-column"
                                prop:value=move || {
                                    options
                                        .with(|o| {
                                            o.source_column
                                                .clone()
                                                .unwrap_or_else(|| usual.to_owned())
                                        })
                                }
                                on:change=move |event| {
                                    let name = event_target_value(&event).trim().to_owned();
                                    let name = (name != usual).then_some(name);
                                    set.run(Box::new(move |o| o.source_column = name));
                                }
                            />
                        </label>
                    </Show>
                    <p>{listed}</p>
                </div>
            </fieldset>
        </Show>
    }
}

/// Said before a file is read that the browser has no room to keep.
#[component]
pub(super) fn Tight(good: Memo<Option<(Preview, Vec<Msg>)>>) -> impl IntoView {
    let workspace = Workspace::here();
    let storage = RwSignal::new(Storage::default());
    spawn_local(async move {
        let now = Storage::ask().await;
        let _ = storage.try_set(now);
    });
    let tight = Memo::new(move |_| {
        let size = good.with(|g| g.as_ref().map(|g| g.0.n_bytes as f64))?;
        let room = storage.get().room()?;
        (size > room).then_some((size, room))
    });
    let text = move || {
        let (size, room) = tight.get()?;
        let lang = workspace.lang.get();
        let text = msg!(
            "app.room.tight",
            "The file has {size}, and the browser has room for {room} more: its table can be used, but may last only until the page is closed. Remove notebooks that are no longer needed to make room.",
            size = bytes(size, lang),
            room = bytes(room, lang)
        );
        Some(text.text(lang))
    };
    view! {
        <Show when=move || tight.with(Option::is_some)>
            <p class="opening-warnings" data-testid="opening-tight">
                {text}
            </p>
        </Show>
    }
}
