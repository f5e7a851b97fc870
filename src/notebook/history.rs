//! Undo and redo.

/// The states of a document, the present one apart.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    /// What the last change was about; changes with the same key in a row are one step.
    key: Option<String>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
            key: None,
        }
    }
}

impl<T: Clone + PartialEq> History<T> {
    const MAX_STEPS: usize = 200;

    /// Remembers `before`, the state that a change is about to leave. Changes in a row with the same
    /// `key` (typing into one field) become one step.
    pub fn record(&mut self, before: &T, key: Option<&str>) {
        let joins = key.is_some() && self.key.as_deref() == key && self.future.is_empty();
        self.key = key.map(str::to_string);
        if joins || self.past.last() == Some(before) {
            return;
        }
        self.future.clear();
        self.past.push(before.clone());
        if self.past.len() > Self::MAX_STEPS {
            self.past.remove(0);
        }
    }

    /// Ends the step: a change that follows is one of its own, whatever its key.
    pub fn settle(&mut self) {
        self.key = None;
    }

    /// The state before, given the present one; `None` when there is none.
    pub fn undo(&mut self, present: &T) -> Option<T> {
        let before = self.past.pop()?;
        self.future.push(present.clone());
        self.key = None;
        Some(before)
    }

    pub fn redo(&mut self, present: &T) -> Option<T> {
        let after = self.future.pop()?;
        self.past.push(present.clone());
        self.key = None;
        Some(after)
    }

    /// The states that undo and redo can reach.
    pub fn states(&self) -> impl Iterator<Item = &T> {
        self.past.iter().chain(&self.future)
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_and_forth() {
        let mut history = History::default();
        history.record(&1, None);
        history.record(&2, Some("k"));
        history.record(&3, Some("k"));
        history.settle();
        history.record(&4, Some("k"));
        assert_eq!(history.undo(&5), Some(4));
        assert_eq!(history.undo(&4), Some(2));
        assert_eq!(history.undo(&2), Some(1));
        assert_eq!(history.undo(&1), None);
        assert_eq!(history.redo(&1), Some(2));
        assert_eq!(history.redo(&2), Some(4));
        assert_eq!(history.redo(&4), Some(5));
        assert!(!history.can_redo());
    }

    #[test]
    fn a_new_change_forgets_what_was_undone() {
        let mut history = History::default();
        history.record(&1, None);
        assert_eq!(history.undo(&2), Some(1));
        history.record(&1, None);
        assert!(!history.can_redo());
    }
}
