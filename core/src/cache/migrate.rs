//! Brings a database file to the shape that this version knows. `user_version` counts the steps taken.

use super::CacheError;
use rusqlite::{Connection, TransactionBehavior};

/// One step: its SQL, and what SQL alone cannot do.
#[derive(Debug)]
pub struct Migration {
    pub sql: &'static str,
    pub and: Option<fn(&Connection) -> rusqlite::Result<()>>,
}

/// Refuses a file from the future before anything in it is touched.
pub fn refuse_newer(connection: &Connection, migrations: &[Migration]) -> Result<(), CacheError> {
    if version(connection)? > migrations.len() { Err(CacheError::Newer) } else { Ok(()) }
}

/// Takes the missing steps, each in its own transaction together with its number.
pub fn run(connection: &mut Connection, migrations: &[Migration]) -> Result<(), CacheError> {
    for (index, migration) in migrations.iter().enumerate().skip(version(connection)?) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(migration.sql)?;
        if let Some(and) = migration.and {
            and(&step)?;
        }
        step.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        step.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<usize, CacheError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}
