//! What nobody asked for: panics, and errors in the logs. A simulated run has none of either.

use std::fmt;
use std::sync::{Mutex, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
static READY: Once = Once::new();

/// Listens from now on.
pub fn listen() {
    READY.call_once(|| {
        std::panic::set_hook(Box::new(|panic| tell(format!("a panic: {panic}"))));
        if tracing::subscriber::set_global_default(Errors).is_err() {
            tell("somebody else listens to the logs".into());
        }
    });
}

/// What was told since the last time.
pub fn take() -> Vec<String> {
    std::mem::take(&mut *TOLD.lock().unwrap_or_else(PoisonError::into_inner))
}

fn tell(what: String) {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner).push(what);
}

/// Takes errors alone.
struct Errors;

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words(format!("an error in {}:", event.metadata().target()));
        event.record(&mut words);
        tell(words.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}
