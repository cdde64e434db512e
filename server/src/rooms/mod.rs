//! Rooms: who is in them and how far they have got, and what a client that was away has missed.

mod audience;
mod changes;
mod course;
mod heads;
mod join;
mod leave;
mod marks;
mod membership;
mod own;
mod people;
mod served;
mod stands;

pub use audience::{ReadAudience, ReadCompanions};
pub use changes::{Page, Read, ReadChanges, Since};
pub use heads::ReadHeads;
pub use join::{join, open};
pub use leave::leave;
pub use marks::{RaiseMark, RaiseMarks, ReadMarks};
pub use own::SetOwn;
pub use people::{Members, ReadMembers};
pub use served::{FindServed, ListServedMembers, RoomOf};
pub use stands::ReadStands;
