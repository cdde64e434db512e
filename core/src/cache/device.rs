//! The installation's own row, and who signed in here.

use super::parse;
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::{DeviceId, Millis, UserId};

/// The installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id, made once.
    pub id: DeviceId,
    /// The server that was used last, or nothing.
    pub server: String,
    /// Who is signed in there.
    pub account: Option<UserId>,
}

/// The installation, made with `fresh` as its id if this is its first start.
pub fn get_or_make(db: &Connection, fresh: DeviceId) -> rusqlite::Result<Device> {
    db.execute(
        "INSERT INTO device (one, id) VALUES (1, ?1) ON CONFLICT (one) DO NOTHING",
        [fresh.to_string()],
    )?;
    db.query_row("SELECT id, server, account FROM device", [], |row| {
        let account: String = row.get(2)?;
        let account = if account.is_empty() { None } else { Some(parse(row, 2)?) };
        Ok(Device { id: parse(row, 0)?, server: row.get(1)?, account })
    })
}

/// Raises the generation and returns it: every connect has a higher one than all before. It follows the clock
/// (`now` in milliseconds, counted in seconds), so that an installation that was put back from a backup is not taken
/// for an older connection of itself; and it rises by itself when the clock does not.
pub fn raise_generation(db: &Connection, now: Millis) -> rusqlite::Result<u64> {
    let raised: i64 = db
        .prepare_cached("UPDATE device SET generation = max(generation + 1, ?1) RETURNING generation")?
        .query_row([now.div_euclid(1_000)], |row| row.get(0))?;
    Ok(u64::try_from(raised).unwrap_or(0))
}

/// Notes who is signed in.
pub fn sign_in(db: &Connection, server: &str, user: UserId, name: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO account (server, user, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (server, user) DO UPDATE SET name = excluded.name",
        params![server, user.to_string(), name],
    )?;
    db.execute("UPDATE device SET server = ?1, account = ?2", params![server, user.to_string()])?;
    Ok(())
}

/// Notes that nobody is signed in; the account stays known, its unsent messages wait.
pub fn nobody(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE device SET account = ''", [])?;
    Ok(())
}

/// Forgets an account.
pub fn forget(db: &Connection, server: &str, user: UserId) -> rusqlite::Result<()> {
    db.execute("DELETE FROM account WHERE server = ?1 AND user = ?2", params![server, user.to_string()])?;
    Ok(())
}

/// The name of an account.
pub fn name(db: &Connection, server: &str, user: UserId) -> rusqlite::Result<Option<String>> {
    db.query_row(
        "SELECT name FROM account WHERE server = ?1 AND user = ?2",
        params![server, user.to_string()],
        |row| row.get(0),
    )
    .optional()
}

#[cfg(test)]
mod tests {
    use super::super::Cache;
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_device_stays_itself_and_its_generation_only_rises() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tripchat.db");
        let mut seen = Vec::new();
        for n in 1..=3 {
            let cache = Cache::open_device(&path).unwrap();
            let device = get_or_make(cache.read(), DeviceId(Uuid::from_u128(n))).unwrap();
            assert_eq!(device.id, DeviceId(Uuid::from_u128(1)));
            seen.push(raise_generation(cache.read(), 5_000).unwrap());
        }
        assert_eq!(seen, [5, 6, 7]);
        let cache = Cache::open_device(&path).unwrap();
        for (now, then) in [(60_000, 60), (-9, 61), (0, 62)] {
            assert_eq!(raise_generation(cache.read(), now).unwrap(), then);
        }
    }

    #[test]
    fn signing_out_keeps_the_server_and_forgetting_forgets_the_name() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open_device(&folder.path().join("tripchat.db")).unwrap();
        let db = cache.read();
        let user = UserId(Uuid::from_u128(5));
        get_or_make(db, DeviceId(Uuid::nil())).unwrap();
        sign_in(db, "https://a", user, "Aida").unwrap();
        assert_eq!(get_or_make(db, DeviceId(Uuid::nil())).unwrap().account, Some(user));
        nobody(db).unwrap();
        let device = get_or_make(db, DeviceId(Uuid::nil())).unwrap();
        assert_eq!((device.server.as_str(), device.account), ("https://a", None));
        assert_eq!(name(db, "https://a", user).unwrap().as_deref(), Some("Aida"));
        forget(db, "https://a", user).unwrap();
        assert_eq!(name(db, "https://a", user).unwrap(), None);
    }
}
