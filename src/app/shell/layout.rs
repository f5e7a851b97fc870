//! Which parts of the frame are in sight.

use leptos::prelude::*;

use crate::app::workspace::Shelf;

/// What is open beside the notebook; a handle that is copied freely. Get it with [`Layout::here`].
#[derive(Clone, Copy)]
pub struct Layout {
    /// The rail as a drawer, on narrow screens; wide ones always show it.
    pub rail: RwSignal<bool>,
    /// The inspector as a drawer, on narrow screens; wide ones always show it.
    pub inspector: RwSignal<bool>,
    /// Only text and results, for reading and showing.
    pub presenting: RwSignal<bool>,
    pub privacy: RwSignal<bool>,
    pub shortcuts: RwSignal<bool>,
    /// The notebook that is about to be removed from this browser.
    pub(super) forgetting: RwSignal<Option<Shelf>>,
}

impl Layout {
    /// The page's layout. Call it while a component is made.
    pub fn here() -> Self {
        expect_context()
    }

    pub(super) fn new() -> Self {
        let layout = Self {
            rail: RwSignal::new(false),
            inspector: RwSignal::new(false),
            presenting: RwSignal::new(false),
            privacy: RwSignal::new(false),
            shortcuts: RwSignal::new(false),
            forgetting: RwSignal::new(None),
        };
        Effect::new(move || {
            if let Some(root) = document().document_element() {
                let _ = if layout.presenting.get() {
                    root.set_attribute("data-presenting", "")
                } else {
                    root.remove_attribute("data-presenting")
                };
            }
        });
        layout
    }

    /// Closes the outermost thing that is open; says whether there was one.
    pub(super) fn step_back(self) -> bool {
        let open = [self.inspector, self.rail, self.presenting]
            .into_iter()
            .find(|s| s.get_untracked());
        if let Some(signal) = open {
            signal.set(false);
        }
        open.is_some()
    }
}
