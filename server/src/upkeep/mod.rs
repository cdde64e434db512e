//! What an operator does to the whole of the data: backup and restore, looking for faults, and the ledger of what must
//! not come back.

mod about;
mod faults;
mod ledger;
mod restore;

pub use about::{About, ReadAbout};
pub use faults::FindFaults;
pub use ledger::{Ledger, follow};
pub use restore::{Restored, make_anew};
