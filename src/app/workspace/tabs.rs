//! One notebook in several tabs: one of them works on it, the others read along.
//!
//! The right to work is a [`Claim`] on the notebook's folder, which the browser gives to one page at a
//! time and takes back when that page is gone. Tabs tell one another over a channel when they saved,
//! when they want to work, and when everything is removed.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::save::{Saved, folder_of, load, pause};
use super::{EngineState, Workspace};
use crate::engine::client::{Cancel, Claim, Converse};
use crate::msg;
use crate::notebook::{File, History};

/// Where the notebook that is shown may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Here,
    /// In another tab.
    Elsewhere,
    /// In another tab, which has been asked to let go of it.
    Taking,
}

/// How often, and how many times, a tab that was asked is looked after before it is overruled: one that
/// the browser has put to sleep does not answer.
const STEP: Duration = Duration::from_millis(100);
const STEPS: usize = 30;

/// What tabs tell one another; a word, and the notebook's id.
const SAVED: &str = "saved";
const YIELD: &str = "yield";
const WIPED: &str = "wiped";

impl Workspace {
    /// Whether the notebook is changed in another tab. Tracks.
    pub fn reads_only(self) -> bool {
        self.place.get() != Place::Here
    }

    /// Whether the notebook may be changed here; says why where it may not.
    pub(super) fn may_change(self) -> bool {
        let may = self.place.get_untracked() == Place::Here;
        if !may {
            self.tell(msg!(
                "app.tabs.not_here",
                "The notebook is open in another tab. Choose “Work here” to change it in this one."
            ));
        }
        may
    }

    /// Listens to the other tabs; call it once.
    pub(super) fn listen_to_tabs(self) {
        if self.channel.with_value(Option::is_some) {
            return;
        }
        let channel = Converse::start(move |text| {
            let (what, id) = text.split_once(' ').unwrap_or((&text, ""));
            let is_this = self.notebook.with_untracked(|n| n.id == id);
            let is_here = self.place.get_untracked() == Place::Here;
            match what {
                SAVED if is_this && !is_here => spawn_local(self.read_along()),
                YIELD if is_this && is_here => spawn_local(self.let_go()),
                WIPED => self.start_afresh(),
                _ => {}
            }
        });
        self.channel.set_value(Some(channel));
    }

    /// Asks for the right to change the notebook that is shown.
    pub(super) async fn claim_notebook(self) {
        let claim = self.ask(false).await;
        self.place.set(match claim {
            Some(_) => Place::Here,
            None => Place::Elsewhere,
        });
        self.claim.set_value(claim);
    }

    /// Gives that right back.
    pub(super) fn give_back(self) {
        self.claim.set_value(None);
    }

    /// Works on the notebook here: the tab that has it saves and reads along from then on.
    pub fn take_over(self) {
        if self.place.get_untracked() != Place::Elsewhere {
            return;
        }
        self.place.set(Place::Taking);
        spawn_local(async move {
            let id = self.notebook.with_untracked(|n| n.id.clone());
            let is_same = || self.notebook.with_untracked(|n| n.id == id);
            self.tell_tabs(YIELD, &id);
            let mut claim = None;
            for _ in 0..STEPS {
                claim = self.ask(false).await;
                if claim.is_some() || !is_same() {
                    break;
                }
                pause(STEP).await;
            }
            if claim.is_none() && is_same() {
                claim = self.ask(true).await;
            }
            if !is_same() {
                return;
            }
            self.read_along().await;
            self.claim.set_value(claim);
            self.place.set(Place::Here);
            self.run_soon();
        });
    }

    /// Told after the notebook was saved.
    pub(super) fn tell_saved(self, id: &str) {
        self.tell_tabs(SAVED, id);
    }

    /// Told before everything is removed; the other tabs put down what they hold.
    pub(super) async fn tell_wiped(self) {
        self.tell_tabs(WIPED, "");
        pause(STEP).await;
    }

    /// Whether another tab has the notebook `id`.
    pub(super) async fn is_open_elsewhere(self, id: &str) -> bool {
        for _ in 0..2 {
            if Claim::ask(&folder_of(id), false, || {}).await.is_some() {
                return false;
            }
            // This tab may just have given it back.
            pause(STEP).await;
        }
        true
    }

    async fn ask(self, steal: bool) -> Option<Claim> {
        let id = self.notebook.with_untracked(|n| n.id.clone());
        let folder = folder_of(&id);
        let on_lost = move || {
            if self.notebook.with_untracked(|n| n.id == id)
                && self.place.get_untracked() == Place::Here
            {
                self.stop_work();
            }
        };
        Claim::ask(&folder, steal, on_lost).await
    }

    fn tell_tabs(self, what: &str, id: &str) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.say(&format!("{what} {id}"));
            }
        });
    }

    /// Another tab wants to work: what is not yet saved is saved, then the right is given back.
    async fn let_go(self) {
        let is_unsaved = self.saved.get_untracked() == Saved::Pending;
        self.stop_work();
        if is_unsaved {
            self.save_file().await;
        }
        self.give_back();
    }

    /// Nothing is changed, run or saved from here on.
    fn stop_work(self) {
        self.place.set(Place::Elsewhere);
        self.stop_timers();
        self.close_opening();
        self.cancel
            .with_value(|c| c.iter().for_each(Cancel::cancel));
    }

    /// Shows the notebook as the other tab saved it.
    async fn read_along(self) {
        let id = self.notebook.with_untracked(|n| n.id.clone());
        if let Ok(Some(file)) = load(&id).await
            && self.notebook.with_untracked(|n| n.id == id)
        {
            let File {
                notebook, results, ..
            } = file;
            self.history.set(History::default());
            self.past.set_value(Default::default());
            self.saved.set(Saved::Here);
            self.results.set(results);
            if self.notebook.with_untracked(|n| *n != notebook) {
                self.notebook.set(notebook);
            }
        }
    }

    /// Another tab has removed everything.
    fn start_afresh(self) {
        self.saved.set(Saved::Nothing);
        self.stop_timers();
        if let Some(client) = self.client() {
            client.close();
        }
        self.client.set(None);
        self.engine.set(EngineState::Loading);
        let _ = window().location().reload();
    }
}
