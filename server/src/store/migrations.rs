//! Brings the tables up to date at the start. The files stand in `migrations/server`, as documentation too.

use crate::error::{Error, Result};

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

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn failure(error: refinery::Error) -> Error {
    // A version that this server does not know means a newer one wrote the data: it must not be touched.
    Error::internal(format!("the database cannot be brought up to date: {error}"))
}
