//! Read and delivered marks: committed at most once a second for a room, all that wait in one transaction.

use crate::context::Context;
use crate::gathering::{Gathering, Wish};
use crate::rooms::{RaiseMark, RaiseMarks};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tripchat_protocol::{ErrorCode, RoomId};

/// Commits and answers what `wishes` brings, until nobody wishes any more.
pub async fn gather(mut wishes: mpsc::Receiver<Wish>, context: Arc<Context>) {
    let mut gathering = Gathering::default();
    let mut commits = FuturesUnordered::new();
    loop {
        for (room, wishes) in gathering.due(Instant::now()) {
            commits.push(commit(&context, room, wishes));
        }
        let next = gathering.next_due();
        let second_is_over = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(room) = commits.next(), if !commits.is_empty() => gathering.committed(room, Instant::now()),
            wish = wishes.recv() => match wish {
                Some(wish) => {
                    gathering.push(wish.frame.room, wish, Instant::now());
                    // Those that are here already go into the same commit.
                    while let Ok(wish) = wishes.try_recv() {
                        gathering.push(wish.frame.room, wish, Instant::now());
                    }
                }
                None => return,
            },
            () = second_is_over => {}
        }
    }
}

async fn commit(context: &Context, room: RoomId, wishes: Vec<Wish>) -> RoomId {
    let mut marks = Vec::new();
    let mut answers = Vec::new();
    for Wish { by, generation, kind, frame, answer } in wishes {
        marks.push(RaiseMark { by, generation, kind, frame });
        answers.push(answer);
    }
    let results = match context.store.write(RaiseMarks { room, marks }).await {
        Ok(results) => results,
        Err(error) => {
            error.log();
            answers.iter().map(|_| Err(error.code())).collect()
        }
    };
    let results = results.into_iter().chain(std::iter::repeat_with(|| Err(ErrorCode::Internal)));
    for (answer, result) in answers.into_iter().zip(results) {
        // Who went away meanwhile has raised the mark all the same.
        drop(answer.send(result));
    }
    room
}
