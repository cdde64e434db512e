//! Background work that has a name and an owner, and ends with it.

use std::future::Future;
use std::sync::Mutex;
use tokio::task::AbortHandle;

/// The tasks of one owner. Dropping it ends them all; a panic in one is logged with its name.
#[derive(Debug, Default)]
pub struct Tasks(Mutex<Vec<AbortHandle>>);

impl Tasks {
    /// Starts `work` under `name`.
    #[expect(clippy::disallowed_methods, reason = "the one home of spawn")]
    pub fn start(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let task = tokio::spawn(async move {
            let _reporter = Reporter(name);
            work.await;
        });
        if let Ok(mut running) = self.0.lock() {
            running.retain(|task| !task.is_finished());
            running.push(task.abort_handle());
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        if let Ok(running) = self.0.lock() {
            running.iter().for_each(AbortHandle::abort);
        }
    }
}

struct Reporter(&'static str);

impl Drop for Reporter {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(task = self.0, "a task panicked");
        }
    }
}
