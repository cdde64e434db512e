//! Rooms: who is in them and how far they have got, and what a client that was away has missed.

mod changes;
mod heads;
mod join;
mod marks;
mod own;
mod people;

pub use changes::{Page, Read, ReadChanges};
pub use heads::{Heads, ReadHeads};
pub use join::{join, open};
pub use marks::{MarkKind, RaiseMark, RaiseMarks, ReadMarks};
pub use own::SetOwn;
pub use people::{Members, ReadMembers, ReadPeople};
