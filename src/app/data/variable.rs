//! What a person says of a column: name, label, what it holds, levels, codes and a note.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::signs::Reading;
use crate::app::Workspace;
use crate::app::ui::{Button, Dialog, Kind};
use crate::msg;
use crate::report::Msg;
use crate::spec::ColumnInfo;
use crate::table::{ColumnKind, Declaration, MissingCode, ValueLabel};

/// The dialog about the column of the source table `table` that `column` holds; none closes it.
#[component]
pub fn VariableDialog(
    table: Signal<String>,
    column: RwSignal<Option<ColumnInfo>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let title = move || {
        let name = column.with(|c| c.as_ref().map(|c| c.name.clone()));
        msg!(
            "app.variable.title",
            "Column “{name}”",
            name = name.unwrap_or_default()
        )
        .text(workspace.lang.get())
    };
    view! {
        <Dialog
            open=Signal::derive(move || column.with(Option::is_some))
            close=move |()| column.set(None)
            title=title
            testid="variable"
        >
            {move || column.get().map(|info| view! { <Form table=table info=info column=column /> })}
        </Dialog>
    }
}

#[component]
fn Form(
    table: Signal<String>,
    info: ColumnInfo,
    column: RwSignal<Option<ColumnInfo>>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let before = Texts::of(&info);
    let texts = RwSignal::new(before.clone());
    let trouble = RwSignal::new(None::<Msg>);
    let is_category = info.kind == ColumnKind::Category;
    let save = move || {
        let said = match texts.with_untracked(|t| t.said_after(&before)) {
            Ok(said) => said,
            Err(message) => return trouble.set(Some(message)),
        };
        if said == Declaration::default() {
            return column.set(None);
        }
        let name = info.name.clone();
        spawn_local(async move {
            let table = table.get_untracked();
            match workspace.declare(&table, &name, said).await {
                Ok(()) => column.set(None),
                Err(failure) => trouble.set(Some(failure.message)),
            }
        });
    };
    let line = move |label: Msg, testid: &'static str, of: fn(&mut Texts) -> &mut String| {
        let value = move || texts.with(|t| of(&mut t.clone()).clone());
        view! {
            <label class="variable-field">
                <span class="variable-label">{workspace.say(label)}</span>
                <input
                    class="field"
                    type="text"
                    autocomplete="off"
                    data-testid=testid
                    prop:value=value
                    on:input=move |event| {
                        texts.update(|t| *of(t) = event_target_value(&event));
                    }
                />
            </label>
        }
    };
    let lines =
        move |label: Msg, help: Msg, testid: &'static str, of: fn(&mut Texts) -> &mut String| {
            let field = NodeRef::<html::Textarea>::new();
            let value = texts.with_untracked(|t| of(&mut t.clone()).clone());
            view! {
                <label class="variable-field">
                    <span class="variable-label">{workspace.say(label)}</span>
                    <textarea
                        node_ref=field
                        class="field variable-lines"
                        rows="4"
                        spellcheck="false"
                        data-testid=testid
                        prop:value=value
                        on:input=move |event| {
                            texts.update(|t| *of(t) = event_target_value(&event));
                        }
                    ></textarea>
                    <span class="variable-help">{workspace.say(help)}</span>
                </label>
            }
        };
    view! {
        <div class="dialog-body variable">
            {line(msg!("app.variable.name", "Name"), "variable-name", |t| &mut t.name)}
            {line(
                msg!("app.variable.label", "Label: a longer name for people"),
                "variable-label",
                |t| &mut t.label,
            )}
            <label class="variable-field">
                <span class="variable-label">
                    {workspace.say(msg!("app.variable.holds", "What it holds"))}
                </span>
                <select
                    class="field"
                    data-testid="variable-holds"
                    prop:value=move || texts.with(|t| t.holds.key())
                    on:change=move |event| {
                        if let Some(holds) = Reading::from_key(&event_target_value(&event)) {
                            texts.update(|t| t.holds = holds);
                        }
                    }
                >
                    {Reading::ALL
                        .into_iter()
                        .filter(|r| *r != Reading::LeftOut)
                        .map(|r| {
                            view! {
                                <option
                                    value=r.key()
                                    selected=move || texts.with(|t| t.holds == r)
                                >
                                    {workspace.say(r.name())}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            {is_category
                .then(|| {
                    lines(
                        msg!("app.variable.levels", "Order of the levels"),
                        msg!("app.variable.levels_help", "One level a line, the first on top."),
                        "variable-levels",
                        |t| &mut t.levels,
                    )
                })}
            {lines(
                msg!("app.variable.labels", "What the values stand for"),
                msg!("app.variable.labels_help", "One value a line: 1 = very good"),
                "variable-labels",
                |t| &mut t.value_labels,
            )}
            {line(
                msg!(
                    "app.variable.codes",
                    "Codes of missing values, such as 9; 99; 900 to 999"
                ),
                "variable-codes",
                |t| &mut t.codes,
            )}
            {lines(
                msg!("app.variable.note", "Note"),
                msg!("app.variable.note_help", "It stays with the column; no analysis reads it."),
                "variable-note",
                |t| &mut t.note,
            )}
            {move || {
                trouble
                    .get()
                    .map(|message| {
                        view! {
                            <p class="variable-trouble" role="alert">
                                {workspace.say(message)}
                            </p>
                        }
                    })
            }}
        </div>
        <div class="dialog-foot">
            <Button
                label=workspace.say(msg!("app.shell.cancel", "Cancel"))
                on_click=move |_| column.set(None)
            />
            <Button
                kind=Kind::Primary
                label=workspace.say(msg!("app.variable.save", "Save"))
                on_click=move |_| save()
                testid="variable-save"
            />
        </div>
    }
}

/// The form's fields.
#[derive(Clone, Debug, PartialEq)]
struct Texts {
    name: String,
    label: String,
    holds: Reading,
    levels: String,
    value_labels: String,
    codes: String,
    note: String,
}

impl Texts {
    fn of(info: &ColumnInfo) -> Self {
        let labels = info.value_labels.iter();
        let labels = labels.map(|l| format!("{} = {}", l.value, l.label));
        let code = |code: &MissingCode| match code {
            MissingCode::Value(value) => value.clone(),
            MissingCode::Range { from, to } => {
                let end = |x: Option<f64>| x.map(|x| x.to_string()).unwrap_or_default();
                format!("{} to {}", end(*from), end(*to)).trim().to_string()
            }
        };
        Self {
            name: info.name.clone(),
            label: info.label.clone().unwrap_or_default(),
            holds: Reading::of(info.kind, info.measure),
            levels: info.levels.clone().unwrap_or_default().join("\n"),
            value_labels: labels.collect::<Vec<_>>().join("\n"),
            codes: info
                .missing_codes
                .iter()
                .map(code)
                .collect::<Vec<_>>()
                .join("; "),
            note: info.note.clone().unwrap_or_default(),
        }
    }

    /// What is said with these fields where they differ from those before.
    fn said_after(&self, before: &Self) -> Result<Declaration, Msg> {
        let changed = |now: &String, then: &String| (now != then).then(|| now.trim().to_string());
        let (kind, measure) = match self.holds == before.holds {
            true => (None, None),
            false => self.holds.held(),
        };
        let levels = (self.levels != before.levels).then(|| {
            let lines = self.levels.lines().map(str::trim);
            lines.filter(|l| !l.is_empty()).map(String::from).collect()
        });
        let value_labels = match self.value_labels == before.value_labels {
            true => None,
            false => Some(value_labels(&self.value_labels)?),
        };
        let missing_codes = match self.codes == before.codes {
            true => None,
            false => Some(missing_codes(&self.codes)?),
        };
        Ok(Declaration {
            rename: changed(&self.name, &before.name),
            label: changed(&self.label, &before.label),
            note: changed(&self.note, &before.note),
            kind,
            measure,
            levels,
            value_labels,
            missing_codes,
        })
    }
}

fn value_labels(text: &str) -> Result<Vec<ValueLabel>, Msg> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let label = |line: &str| {
        let parts = line.split_once('=').map(|(v, l)| (v.trim(), l.trim()));
        match parts.filter(|(value, label)| !value.is_empty() && !label.is_empty()) {
            Some((value, label)) => Ok(ValueLabel {
                value: value.to_string(),
                label: label.to_string(),
            }),
            None => Err(msg!(
                "app.variable.bad_label",
                "“{line}” is not of the form: value = label",
                line = line
            )),
        }
    };
    lines.map(label).collect()
}

fn missing_codes(text: &str) -> Result<Vec<MissingCode>, Msg> {
    let codes = text
        .split([';', '\n'])
        .map(str::trim)
        .filter(|c| !c.is_empty());
    let code = |code: &str| {
        let Some((from, to)) = code.split_once(" to").or_else(|| code.split_once('~')) else {
            return Ok(MissingCode::Value(code.to_string()));
        };
        let end = |text: &str| match text.trim() {
            "" => Ok(None),
            number => number.parse::<f64>().map(Some),
        };
        match (end(from), end(to)) {
            (Ok(from), Ok(to)) => Ok(MissingCode::Range { from, to }),
            _ => Err(msg!(
                "app.variable.bad_code",
                "“{code}” is not a range of numbers, such as 900 to 999.",
                code = code
            )),
        }
    };
    codes.map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_values_and_ranges() {
        let check = |text: &str, expected: Option<Vec<MissingCode>>| {
            assert_eq!(missing_codes(text).ok(), expected, "{text}");
        };
        let value = |v: &str| MissingCode::Value(v.into());
        let range = |from, to| MissingCode::Range { from, to };
        check("", Some(vec![]));
        check("9; no answer", Some(vec![value("9"), value("no answer")]));
        check("900 to 999", Some(vec![range(Some(900.0), Some(999.0))]));
        check(
            "900~999;-1",
            Some(vec![range(Some(900.0), Some(999.0)), value("-1")]),
        );
        check("900 to", Some(vec![range(Some(900.0), None)]));
        check("a to b", None);
    }

    #[test]
    fn labels_are_read_line_by_line() {
        let label = |value: &str, label: &str| ValueLabel {
            value: value.into(),
            label: label.into(),
        };
        assert_eq!(
            value_labels("1 = yes\n\n 2=no = never ").unwrap(),
            [label("1", "yes"), label("2", "no = never")]
        );
        assert!(value_labels("1 yes").is_err());
        assert!(value_labels("= yes").is_err());
    }

    #[test]
    fn only_what_changed_is_said() {
        let before = Texts {
            name: "q1".into(),
            label: String::new(),
            holds: Reading::Whole,
            levels: String::new(),
            value_labels: String::new(),
            codes: "9".into(),
            note: String::new(),
        };
        assert_eq!(before.said_after(&before), Ok(Declaration::default()));
        let after = Texts {
            holds: Reading::Ordered,
            codes: String::new(),
            ..before.clone()
        };
        let said = after.said_after(&before).unwrap();
        assert_eq!((said.kind, said.measure), Reading::Ordered.held());
        assert_eq!((said.missing_codes, said.rename), (Some(vec![]), None));
    }
}
