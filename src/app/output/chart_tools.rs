//! What can be done with a chart: read it as a table, save it, copy it.

use std::sync::Arc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::export::{file_name, with_resolution};
use super::save::{copy_png, png, save_bytes, save_text};
use crate::app::Workspace;
use crate::app::ui::{Icon, Menu, MenuItem, MenuLine};
use crate::chart::{self, Theme, View};
use crate::msg;
use crate::report::Chart;

/// The width of a picture while the chart is not on the page.
const WIDTH: f64 = 720.0;
/// Dots in an inch of a CSS pixel's size.
const CSS_DPI: f64 = 96.0;

#[component]
pub fn ChartTools(
    chart: Arc<Chart>,
    stem: String,
    as_table: RwSignal<bool>,
    view: RwSignal<View>,
    width: Signal<f64>,
) -> impl IntoView {
    let workspace = Workspace::here();
    let picture = Picture {
        chart: StoredValue::new(chart),
        stem: StoredValue::new(stem),
        view,
        width,
        workspace,
    };
    let title = picture.chart.with_value(|c| c.title.clone());
    view! {
        <div class="chart-tools">
            <Show when=move || view.get() != View::default()>
                <button type="button" class="button button-quiet button-small" on:click=move |_| view.set(View::default())>
                    {workspace.say(msg!("app.output.whole", "Show all"))}
                </button>
            </Show>
            <button
                type="button"
                class="button button-quiet button-small"
                aria-pressed=move || as_table.get().to_string()
                on:click=move |_| as_table.update(|t| *t = !*t)
            >
                {workspace.say(msg!("app.output.as_table", "As a table"))}
            </button>
            <Menu
                label=workspace.say(msg!("app.output.save_chart", "Save or copy the chart {title}", title = title))
                icon=Icon::Download
                small=true
                end=true
            >
                <MenuItem
                    label=workspace.say(msg!("app.output.png", "PNG for the screen"))
                    on_select=move |()| picture.save_png(1.0)
                />
                <MenuItem
                    label=workspace.say(msg!("app.output.png_sharp", "PNG, twice as sharp"))
                    on_select=move |()| picture.save_png(2.0)
                />
                <MenuItem
                    label=workspace.say(msg!("app.output.png_print", "PNG for print, 300 dpi"))
                    on_select=move |()| picture.save_png(300.0 / CSS_DPI)
                />
                <MenuItem
                    label=workspace.say(msg!("app.output.svg", "SVG, sharp at any size"))
                    on_select=move |()| picture.save_svg()
                />
                <MenuItem
                    label=workspace.say(msg!("app.output.values", "Values as CSV"))
                    on_select=move |()| picture.save_csv()
                />
                <MenuLine />
                <MenuItem
                    label=workspace.say(msg!("app.output.copy_picture", "Copy as a picture"))
                    icon=Icon::Copy
                    on_select=move |()| picture.copy()
                />
            </Menu>
        </div>
    }
}

/// The chart as it is shown, ready to leave the page. Pictures are light: they go onto paper and slides.
#[derive(Clone, Copy)]
struct Picture {
    chart: StoredValue<Arc<Chart>>,
    stem: StoredValue<String>,
    view: RwSignal<View>,
    width: Signal<f64>,
    workspace: Workspace,
}

impl Picture {
    fn size(self) -> (f64, f64) {
        let width = Some(self.width.get_untracked())
            .filter(|w| *w > 0.0)
            .unwrap_or(WIDTH);
        (
            width,
            self.chart.with_value(|c| chart::height_for(c, width)),
        )
    }

    fn file(self, ending: &str) -> String {
        let key = self.chart.with_value(|c| c.key.clone());
        self.stem
            .with_value(|stem| file_name(&[stem, &key], ending))
    }

    fn canvas(self, ratio: f64) -> Option<HtmlCanvasElement> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        let (view, lang) = (
            self.view.get_untracked(),
            self.workspace.lang.get_untracked(),
        );
        self.chart
            .with_value(|c| {
                chart::canvas(c, &canvas, self.size(), ratio, view, &Theme::light(), lang)
            })
            .ok()?;
        Some(canvas)
    }

    fn save_png(self, ratio: f64) {
        let file = self.file("png");
        spawn_local(async move {
            let bytes = match self.canvas(ratio) {
                Some(canvas) => png(&canvas).await,
                None => None,
            };
            match bytes {
                Some(bytes) => save_bytes(
                    &Uint8Array::from(&*with_resolution(&bytes, ratio * CSS_DPI)),
                    &file,
                    "image/png",
                ),
                None => self.workspace.complain(msg!(
                    "app.output.no_picture",
                    "The browser could not make the picture. Save the chart as SVG instead."
                )),
            }
        });
    }

    fn save_svg(self) {
        let lang = self.workspace.lang.get_untracked();
        let view = self.view.get_untracked();
        let svg = self
            .chart
            .with_value(|c| chart::svg(c, self.size(), view, &Theme::light(), lang));
        save_text(&svg, &self.file("svg"), "image/svg+xml;charset=utf-8");
    }

    fn save_csv(self) {
        let lang = self.workspace.lang.get_untracked();
        let text = self.chart.with_value(|c| chart::csv(c, lang));
        save_text(
            &format!("\u{feff}{text}"),
            &self.file("csv"),
            "text/csv;charset=utf-8",
        );
    }

    fn copy(self) {
        spawn_local(async move {
            let bytes = match self.canvas(2.0) {
                Some(canvas) => png(&canvas).await,
                None => None,
            };
            let copied = match bytes {
                Some(bytes) => copy_png(&bytes).await,
                None => false,
            };
            if copied {
                self.workspace.tell(msg!("app.output.copied", "Copied."));
            } else {
                self.workspace.complain(msg!(
                    "app.output.not_copied",
                    "The browser did not allow copying. Save a file instead."
                ));
            }
        });
    }
}
