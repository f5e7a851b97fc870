//! What the browser says of its storage.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Storage {
    /// Bytes used by this site, of bytes that it may use.
    pub used: Option<(f64, f64)>,
    /// Whether it is kept when the browser runs out of room.
    pub persisted: Option<bool>,
}

/// Less room than this is little, whatever share of the whole it is.
const LITTLE: f64 = 100e6;
/// From this share on the storage is nearly full.
const NEARLY_FULL: f64 = 0.9;

impl Storage {
    pub async fn ask() -> Self {
        let manager = window().navigator().storage();
        let mut storage = Self::default();
        if JsValue::from(&manager).is_undefined() {
            return storage;
        }
        if let Ok(promise) = manager.estimate()
            && let Ok(estimate) = JsFuture::from(promise).await
        {
            let estimate: StorageEstimate = estimate.unchecked_into();
            storage.used = estimate.get_usage().zip(estimate.get_quota());
        }
        if let Ok(promise) = manager.persisted()
            && let Ok(persisted) = JsFuture::from(promise).await
        {
            storage.persisted = Some(persisted.is_truthy());
        }
        storage
    }

    /// Bytes that still may be stored.
    pub fn room(&self) -> Option<f64> {
        self.used.map(|(used, quota)| (quota - used).max(0.0))
    }

    /// Whether the next tables may find no room.
    pub fn is_nearly_full(&self) -> bool {
        self.used.is_some_and(|(used, quota)| {
            let is_in_use = used > 1e6;
            is_in_use && (quota - used < LITTLE || used > quota * NEARLY_FULL)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room() {
        let check = |used: f64, quota: f64, expected: bool| {
            let storage = Storage {
                used: Some((used, quota)),
                persisted: None,
            };
            assert_eq!(storage.is_nearly_full(), expected, "{used} of {quota}");
        };
        check(0.0, 50e6, false);
        check(5e6, 10e9, false);
        check(9.2e9, 10e9, true);
        check(150e6, 200e6, true);
        check(5e9, 10e9, false);
        assert!(!Storage::default().is_nearly_full());
        let over = Storage {
            used: Some((2.0, 1.0)),
            persisted: None,
        };
        assert_eq!(over.room(), Some(0.0));
    }
}
