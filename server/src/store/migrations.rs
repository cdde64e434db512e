//! Brings the tables up to date at the start. The files stand in `migrations/server`, as documentation too.

use crate::error::{Error, Result};
use refinery::error::Kind;

mod lite {
    refinery::embed_migrations!("../migrations/server/sqlite");
}

mod pg {
    refinery::embed_migrations!("../migrations/server/postgres");
}

pub(super) fn sqlite(db: &mut rusqlite::Connection) -> Result<()> {
    lite::migrations::runner().run(db).map(drop).map_err(failure)
}

pub(super) async fn postgres(db: &mut tokio_postgres::Client) -> Result<()> {
    pg::migrations::runner().run_async(db).await.map(drop).map_err(failure)
}

/// Stops at `version`, as an older server left its database.
#[cfg(test)]
pub(super) fn sqlite_up_to(db: &mut rusqlite::Connection, version: refinery::SchemaVersion) -> Result<()> {
    let runner = lite::migrations::runner().set_target(refinery::Target::Version(version));
    runner.run(db).map(drop).map_err(failure)
}

/// Stops at `version`, as an older server left its database.
#[cfg(test)]
pub(super) async fn postgres_up_to(
    db: &mut tokio_postgres::Client,
    version: refinery::SchemaVersion,
) -> Result<()> {
    let runner = pg::migrations::runner().set_target(refinery::Target::Version(version));
    runner.run_async(db).await.map(drop).map_err(failure)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn failure(error: refinery::Error) -> Error {
    if let Kind::MissingVersion(unknown) = error.kind() {
        // A newer server wrote the data: it must not be touched.
        let version = unknown.version();
        return Error::internal(format!(
            "the database was written by a newer server (its version {version})"
        ));
    }
    Error::internal(format!("the database cannot be brought up to date: {error}"))
}
