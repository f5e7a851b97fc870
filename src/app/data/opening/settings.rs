//! What may be said against what was understood of the file as a whole.

use leptos::prelude::*;

use super::words;
use crate::app::Workspace;
use crate::msg;
use crate::report::Msg;
use crate::table::FileFormat;
use crate::table::csv::{DEFAULT_MISSING, Delimiter, Encoding, ImportOptions, Preview};

type Change = Callback<Box<dyn FnOnce(&mut ImportOptions)>>;

const DELIMITERS: [Delimiter; 5] = [
    Delimiter::Comma,
    Delimiter::Semicolon,
    Delimiter::Tab,
    Delimiter::Pipe,
    Delimiter::Spaces,
];

#[component]
pub fn Settings(
    good: Memo<Option<(Preview, Vec<Msg>)>>,
    options: Memo<ImportOptions>,
    set: Change,
) -> impl IntoView {
    let workspace = Workspace::here();
    let understood = move |word: fn(&Preview) -> Msg| good.with(|g| g.as_ref().map(|g| word(&g.0)));
    let encodings: Vec<(String, Msg)> = words::ENCODINGS
        .iter()
        .map(|name| (name.to_string(), words::encoding_name(name)))
        .collect();
    let encodings = StoredValue::new(encodings);
    let delimiters: Vec<(String, Msg)> = DELIMITERS
        .iter()
        .map(|d| (String::from(*d), words::delimiter(*d)))
        .collect();
    let delimiters = StoredValue::new(delimiters);
    let decimals = StoredValue::new(vec![
        (".".to_string(), msg!("app.data.point", "point: 1.5")),
        (
            ",".to_string(),
            msg!("app.data.decimal_comma", "comma: 1,5"),
        ),
    ]);
    let headers = vec![
        ("yes".to_string(), msg!("app.data.header_yes", "first line")),
        ("no".to_string(), msg!("app.data.header_no", "none")),
    ];
    let skip = move || options.with(|o| o.skip_rows.map(|n| n.to_string()).unwrap_or_default());
    let skipped = move || {
        let skipped = |g: &(Preview, Vec<Msg>)| g.0.understood.n_lines_above;
        good.with(|g| g.as_ref().map_or(0, skipped).to_string())
    };
    let missing = move || {
        options.with(|o| match &o.missing {
            Some(words) => words
                .iter()
                .filter(|w| !w.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
            None => String::new(),
        })
    };
    let usual = DEFAULT_MISSING
        .iter()
        .filter(|w| !w.is_empty())
        .take(5)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let set_encoding = move |key: Option<String>| {
        let encoding = key.and_then(|k| Encoding::from_label(&k));
        set.run(Box::new(move |o| o.encoding = encoding));
    };
    let set_delimiter = move |key: Option<String>| {
        let delimiter = key.and_then(|k| Delimiter::try_from(k).ok());
        set.run(Box::new(move |o| o.delimiter = delimiter));
    };
    let set_decimal = move |key: Option<String>| {
        let decimal = key.and_then(|k| k.chars().next());
        set.run(Box::new(move |o| o.decimal = decimal));
    };
    let set_header = move |key: Option<String>| {
        let has_header = key.map(|k| k == "yes");
        set.run(Box::new(move |o| o.has_header = has_header));
    };
    let is_text = Memo::new(move |_| {
        good.with(|g| {
            g.as_ref()
                .is_none_or(|g| g.0.understood.file.format == FileFormat::Csv)
        })
    });
    let sheets = Memo::new(move |_| {
        let sheets = |g: &(Preview, Vec<Msg>)| -> Vec<(String, Msg)> {
            let names = g.0.understood.file.sheets.iter().map(|s| s.name.clone());
            names.map(|n| (n.clone(), Msg::verbatim(n))).collect()
        };
        good.with(|g| g.as_ref().map(sheets).unwrap_or_default())
    });
    let members = Memo::new(move |_| {
        let members = |g: &(Preview, Vec<Msg>)| -> Vec<(String, Msg)> {
            let names = g.0.members.iter().map(|m| m.name.clone());
            names.map(|n| (n.clone(), Msg::verbatim(n))).collect()
        };
        good.with(|g| g.as_ref().map(members).unwrap_or_default())
    });
    let set_sheet = Callback::new(move |key: Option<String>| {
        set.run(Box::new(move |o| o.sheet = key));
    });
    let set_member = Callback::new(move |key: Option<String>| {
        set.run(Box::new(move |o| o.members = key.into_iter().collect()));
    });
    let found_row = move || {
        let row = |g: &(Preview, Vec<Msg>)| g.0.understood.file.header_row;
        let found = good.with(|g| g.as_ref().and_then(row));
        found.map(|n| n.to_string()).unwrap_or_default()
    };
    view! {
        <div class="settings">
            {move || {
                let members = members.get();
                (members.len() > 1)
                    .then(|| {
                        view! {
                            <Choice
                                label=msg!("app.data.member", "File in the archive")
                                testid="opening-member"
                                choices=members
                                chosen=Signal::derive(move || {
                                    options.with(|o| o.members.first().cloned())
                                })
                                automatic=Signal::derive(move || None)
                                choose=set_member
                            />
                        }
                    })
            }}
            {move || {
                let sheets = sheets.get();
                (sheets.len() > 1)
                    .then(|| {
                        view! {
                            <Choice
                                label=msg!("app.data.sheet", "Sheet")
                                testid="opening-sheet"
                                choices=sheets
                                chosen=Signal::derive(move || options.with(|o| o.sheet.clone()))
                                automatic=Signal::derive(move || {
                                    let read = |g: &(Preview, Vec<Msg>)| {
                                        g.0.understood.file.sheet.clone().map(Msg::verbatim)
                                    };
                                    good.with(|g| g.as_ref().and_then(read))
                                })
                                choose=set_sheet
                            />
                        }
                    })
            }}
            <Show when=move || is_text.get()>
                <Choice
                    label=msg!("app.data.encoding", "Encoding")
                    testid="opening-encoding"
                    choices=encodings.get_value()
                    chosen=Signal::derive(move || {
                        options.with(|o| o.encoding.map(|e| e.name().to_string()))
                    })
                    automatic=Signal::derive(move || understood(|p| words::encoding(p.understood.encoding)))
                    choose=set_encoding
                />
                <Choice
                    label=msg!("app.data.delimiter", "Separated by")
                    testid="opening-delimiter"
                    choices=delimiters.get_value()
                    chosen=Signal::derive(move || options.with(|o| o.delimiter.map(String::from)))
                    automatic=Signal::derive(move || understood(|p| words::delimiter(p.understood.delimiter)))
                    choose=set_delimiter
                />
                <Choice
                    label=msg!("app.data.decimal", "Decimal mark")
                    testid="opening-decimal"
                    choices=decimals.get_value()
                    chosen=Signal::derive(move || options.with(|o| o.decimal.map(String::from)))
                    automatic=Signal::derive(move || {
                        understood(|p| match p.understood.decimal {
                            ',' => msg!("app.data.decimal_comma", "comma: 1,5"),
                            _ => msg!("app.data.point", "point: 1.5"),
                        })
                    })
                    choose=set_decimal
                />
            </Show>
            <Choice
                label=msg!("app.data.header", "Column names")
                testid="opening-header"
                choices=headers
                chosen=Signal::derive(move || {
                    options.with(|o| o.has_header.map(|h| if h { "yes" } else { "no" }.to_string()))
                })
                automatic=Signal::derive(move || {
                    understood(|p| {
                        if p.understood.has_header {
                            msg!("app.data.header_yes", "first line")
                        } else {
                            msg!("app.data.header_no", "none")
                        }
                    })
                })
                choose=set_header
            />
            <Show when=move || is_text.get()>
                <label class="setting setting-short">
                    <span>{workspace.say(msg!("app.data.skip", "Lines to skip"))}</span>
                    <input
                        class="field"
                        type="number"
                        min="0"
                        max="100000"
                        step="1"
                        data-testid="opening-skip"
                        placeholder=skipped
                        prop:value=skip
                        on:change=move |event| {
                            let n = event_target_value(&event).trim().parse().ok();
                            set.run(Box::new(move |o| o.skip_rows = n));
                        }
                    />
                </label>
            </Show>
            <Show when=move || !is_text.get() && !sheets.with(Vec::is_empty)>
                <label class="setting setting-short">
                    <span>{workspace.say(msg!("app.data.header_row", "Row of the column names"))}</span>
                    <input
                        class="field"
                        type="number"
                        min="1"
                        max="100000"
                        step="1"
                        data-testid="opening-header-row"
                        placeholder=found_row
                        prop:value=move || {
                            options.with(|o| o.header_row.map(|n| n.to_string()).unwrap_or_default())
                        }
                        on:change=move |event| {
                            let n = event_target_value(&event).trim().parse().ok();
                            set.run(Box::new(move |o| o.header_row = n));
                        }
                    />
                </label>
            </Show>
            <label class="setting setting-long">
                <span>{workspace.say(msg!("app.data.missing_words", "Missing values"))}</span>
                <input
                    class="field"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=workspace
                        .say(msg!("app.data.usual_words", "empty, {words} …", words = usual))
                    data-testid="opening-missing"
                    prop:value=missing
                    on:change=move |event| {
                        let words = words_of(&event_target_value(&event));
                        set.run(Box::new(move |o| o.missing = words));
                    }
                />
            </label>
        </div>
    }
}

/// A choice with the one that the reader made by itself on top.
#[component]
fn Choice(
    label: Msg,
    testid: &'static str,
    #[prop(into)] choices: Vec<(String, Msg)>,
    chosen: Signal<Option<String>>,
    automatic: Signal<Option<Msg>>,
    #[prop(into)] choose: Callback<Option<String>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let automatic_words = move || {
        let word = automatic.get().filter(|_| chosen.with(Option::is_none));
        match word {
            Some(word) => msg!("app.data.found", "{word} (found)", word = word),
            None => msg!("app.data.automatic", "automatic"),
        }
        .text(workspace.lang.get())
    };
    view! {
        <label class="setting" class:is-chosen=move || chosen.with(Option::is_some)>
            <span>{workspace.say(label)}</span>
            <select
                class="field"
                data-testid=testid
                prop:value=move || chosen.get().unwrap_or_default()
                on:change=move |event| {
                    let key = event_target_value(&event);
                    choose.run((!key.is_empty()).then_some(key));
                }
            >
                <option value="">{automatic_words}</option>
                {choices
                    .into_iter()
                    .map(|(key, word)| {
                        let value = key.clone();
                        let is_chosen = move || chosen.with(|c| c.as_ref() == Some(&key));
                        view! {
                            <option value=value selected=is_chosen>
                                {workspace.say(word)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// The words between commas; an empty cell is always among them. Nothing typed is the usual list.
fn words_of(typed: &str) -> Option<Vec<String>> {
    let words: Vec<String> = typed
        .split(',')
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .map(str::to_string)
        .collect();
    (!words.is_empty()).then(|| std::iter::once(String::new()).chain(words).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_missing_values() {
        let check = |typed, expected: Option<&[&str]>| {
            let expected = expected.map(|e| e.iter().map(|w| w.to_string()).collect());
            assert_eq!(words_of(typed), expected);
        };
        check("", None);
        check(" , ", None);
        check("NA, 없음", Some(&["", "NA", "없음"]));
        check("-99", Some(&["", "-99"]));
    }
}
