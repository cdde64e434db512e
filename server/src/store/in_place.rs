//! The writer of the simulation: the caller, at once, on the one thread that there is. It may die on the way.

use super::sqlite::{Group, Waiting};
use crate::error::{Error, Result};
use crate::moments::{Moment, Moments};
use std::sync::{Arc, Mutex, MutexGuard};
use tripchat_runtime::{Plant, planted};

/// The group code without a thread.
#[derive(Debug)]
pub(super) struct InPlace {
    group: Mutex<Group>,
    moments: Option<Arc<dyn Moments>>,
}

impl InPlace {
    pub(super) fn new(group: Group, moments: Option<Arc<dyn Moments>>) -> Self {
        Self { group: Mutex::new(group), moments }
    }

    /// Runs one job, commits, publishes, answers. Between these nobody else runs: it waits only to die.
    pub(super) async fn commit(&self, job: Waiting) -> Result<()> {
        self.survive(Moment::Before).await;
        let mut grouped = self.group()?.run(job, || None);
        if planted(Plant::AckBeforeCommit) {
            grouped.answer();
        }
        if planted(Plant::HintBeforeCommit) {
            self.group()?.publish(&mut grouped);
        }
        if !self.survives(Moment::Ran) {
            self.group()?.roll_back();
            if planted(Plant::AckBeforeCommit) {
                return Ok(());
            }
            std::future::pending::<()>().await;
        }
        self.group()?.end(&mut grouped);
        self.survive(Moment::Committed).await;
        if !self.moments.as_ref().is_some_and(|moments| moments.loses_hint()) {
            self.group()?.publish(&mut grouped);
        }
        self.survive(Moment::Published).await;
        grouped.answer();
        Ok(())
    }

    async fn survive(&self, moment: Moment) {
        if !self.survives(moment) {
            std::future::pending::<()>().await;
        }
    }

    fn survives(&self, moment: Moment) -> bool {
        self.moments.as_ref().is_none_or(|moments| moments.survives(moment))
    }

    fn group(&self) -> Result<MutexGuard<'_, Group>> {
        self.group.lock().map_err(|_| Error::internal("the store's writer panicked"))
    }
}
