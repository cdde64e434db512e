//! The SQLite file as a whole: copied beside a running server, looked at, and put aside for another.

use super::sqlite::failure;
use crate::error::{Error, Result};
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, Permissions};
use std::path::{Path, PathBuf};

/// Copies the database at `from` into the new file `to`, as it stands at one moment, however much is written meanwhile.
/// Not by SQLite's backup interface: that begins anew whenever another process writes.
///
/// # Errors
/// If `to` is there already, or the disk refuses; then nothing is left of it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::internal(format!("{} is there already", to.display())));
    }
    let half = beside(to, "half");
    if half.exists() {
        std::fs::remove_file(&half).map_err(|error| told(&half, &error))?;
    }
    let done = copy_into(from, &half).and_then(|()| {
        std::fs::rename(&half, to).map_err(|error| told(to, &error))?;
        sync_folder(to)
    });
    if done.is_err() && half.exists() {
        std::fs::remove_file(&half).map_err(|error| told(&half, &error))?;
    }
    done
}

fn copy_into(from: &Path, half: &Path) -> Result<()> {
    let db = read_only(from)?;
    let target = half.to_str().ok_or_else(|| Error::internal("the name of the file cannot be written"))?;
    db.execute("VACUUM INTO ?1", [target]).map_err(failure)?;
    let file = File::open(half).map_err(|error| told(half, &error))?;
    // It holds keys and what people wrote.
    #[cfg(unix)]
    file.set_permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600))
        .map_err(|error| told(half, &error))?;
    file.sync_all().map_err(|error| told(half, &error))
}

/// What SQLite finds wrong with the file: nothing, if it is whole.
///
/// # Errors
/// If it cannot be read at all.
pub fn damage(path: &Path) -> Result<Vec<String>> {
    let db = read_only(path)?;
    let mut found = rows(&db, "PRAGMA integrity_check")?;
    found.retain(|line| line != "ok");
    found.extend(rows(&db, "SELECT \"table\" || ' row ' || rowid || ' refers to a missing ' || parent FROM pragma_foreign_key_check")?);
    Ok(found)
}

fn rows(db: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = db.prepare(sql).map_err(failure)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(failure)?;
    rows.collect::<rusqlite::Result<_>>().map_err(failure)
}

/// Takes the database at `path` out of use: it is renamed with `mark`, and its log is brought into it first.
///
/// # Errors
/// If a server still has it open, or the disk refuses.
pub fn put_aside(path: &Path, mark: &str) -> Result<PathBuf> {
    let db = Connection::open(path).map_err(failure)?;
    db.execute_batch("PRAGMA busy_timeout = 0").map_err(failure)?;
    // Only whoever has it alone can leave the log.
    let mode: rusqlite::Result<String> = db.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    if mode.as_deref() != Ok("delete") {
        return Err(Error::internal(format!("{}: a server has it open", path.display())));
    }
    drop(db);
    let aside = beside(path, mark);
    if aside.exists() {
        return Err(Error::internal(format!("{} is there already", aside.display())));
    }
    std::fs::rename(path, &aside).map_err(|error| told(path, &error))?;
    sync_folder(path)?;
    Ok(aside)
}

fn read_only(path: &Path) -> Result<Connection> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failure)?;
    db.execute_batch("PRAGMA busy_timeout = 5000").map_err(failure)?;
    Ok(db)
}

fn beside(path: &Path, mark: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{mark}"));
    name.into()
}

/// A rename is durable when its folder is.
fn sync_folder(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|it| it.sync_all()).map_err(|error| told(folder, &error))?;
    }
    Ok(())
}

fn told(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}
