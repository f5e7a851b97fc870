//! What the page has asked of the network, as the browser itself counts it.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{PerformanceObserver, PerformanceObserverInit, PerformanceResourceTiming};

/// The requests since the page was opened; kept current.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub requests: RwSignal<Requests>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Requests {
    pub n: usize,
    /// Bytes that came over the network, headers included; what the browser had already costs none.
    pub received: f64,
    /// Origins other than the page's own.
    pub foreign: Vec<String>,
}

impl Watch {
    pub fn here() -> Self {
        expect_context()
    }

    pub fn new() -> Self {
        let watch = Self {
            requests: RwSignal::new(count()),
        };
        let listen = Closure::<dyn FnMut()>::new(move || watch.refresh());
        if let Ok(observer) = PerformanceObserver::new(listen.into_js_value().unchecked_ref()) {
            let kinds = Array::of1(&"resource".into());
            observer.observe(&PerformanceObserverInit::new(&kinds));
        }
        watch
    }

    pub fn refresh(self) {
        let now = count();
        if self.requests.with_untracked(|r| *r != now) {
            self.requests.set(now);
        }
    }
}

fn count() -> Requests {
    let mut found = Requests::default();
    let Some(performance) = window().performance() else {
        return found;
    };
    let here = window().location().origin().unwrap_or_default();
    for kind in ["navigation", "resource"] {
        for entry in performance.get_entries_by_type(kind).iter() {
            let entry: PerformanceResourceTiming = entry.unchecked_into();
            let name = entry.name();
            // Files that the page holds already: nothing is asked of anyone.
            if name.starts_with("blob:") || name.starts_with("data:") {
                continue;
            }
            found.n += 1;
            found.received += entry.transfer_size();
            let origin = web_sys::Url::new(&name).map(|u| u.origin()).unwrap_or(name);
            if origin != here && !found.foreign.contains(&origin) {
                found.foreign.push(origin);
            }
        }
    }
    found
}
