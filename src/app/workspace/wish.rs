//! What the first screen asks of the desk.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::{EngineState, Example, Workspace};
use crate::app::desk;
use crate::engine::protocol::{Failure, FailureKind};
use crate::msg;

/// What may be asked for before the desk is there; it is done once it is.
pub enum Wish {
    /// Opens the notebook of the last visit and starts the engine.
    Begin,
    AddText,
    Open(Vec<File>),
    /// The next file that waits, when there is one.
    OpenNext,
    OpenText(String),
    OpenExample(&'static Example),
    /// A notebook kept in this browser, by its id.
    OpenNotebook(String),
}

impl Workspace {
    /// Does what is asked, as soon as the desk is there.
    pub fn wish(self, wish: Wish) {
        if let Some(desk) = self.desk.get_untracked() {
            return (desk.fulfil)(self, wish);
        }
        spawn_local(async move {
            match desk::fetch().await {
                Ok(desk) => {
                    if self.desk.with_untracked(Option::is_none) {
                        self.desk.set(Some(desk));
                    }
                    (desk.fulfil)(self, wish);
                }
                Err(_) => self.engine.set(EngineState::Failed(Failure::new(
                    FailureKind::Crashed,
                    msg!(
                        "app.no_desk",
                        "Part of the page could not be fetched. Check the connection and start it again."
                    ),
                ))),
            }
        });
    }

    /// Opens the notebook of the last visit and starts the engine; also after that has failed.
    pub fn begin(self) {
        self.engine.set(EngineState::Loading);
        self.wish(Wish::Begin);
    }

    /// For the desk alone: see [`Workspace::wish`].
    pub(in crate::app) fn fulfil(self, wish: Wish) {
        match wish {
            Wish::Begin => {
                self.save_on_leaving();
                self.start_engine();
            }
            Wish::AddText => self.add_text(None, ""),
            Wish::Open(files) => self.open_files(files),
            Wish::OpenNext => self.open_waiting(),
            Wish::OpenText(text) => self.open_text(&text),
            Wish::OpenExample(example) => self.open_example(example),
            Wish::OpenNotebook(id) => {
                spawn_local(async move { self.open_notebook(&id).await });
            }
        }
    }
}
