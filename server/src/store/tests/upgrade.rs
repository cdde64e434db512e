//! A database of an older server is brought up to date with all that is in it.

use super::aboard::objects;
use super::ride::TENANT;
use super::{Ground, START, file_in, on_new_database};
use crate::config::StoreConfig;
use crate::store::tables::stay::{Current, Interval, Stay};
use crate::store::tables::{message, own, stay, stream};
use crate::store::{Runner, migrations};
use crate::tokens::Caller;
use futures_util::FutureExt;
use tokio_postgres::NoTls;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{
    Body, Epoch, MarksNo, Member, Message, MessageId, Object, Own, PersonMarks, Rev, Role, RoomId, Seq,
    SessionId, Standing, StreamId, UserId,
};
use tripchat_runtime::Tasks;
use uuid::Uuid;

/// The version of the tables before stays had numbers and people marks.
const OLDER: i32 = 2;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const DRIVER: UserId = UserId(Uuid::from_u128(2));
const PASSENGER: UserId = UserId(Uuid::from_u128(3));
const MESSAGE: MessageId = MessageId(Uuid::from_u128(4));
const SESSION: SessionId = SessionId(Uuid::from_u128(5));

/// What the older server stored: `$n$` stands for the id with this number, as bytes.
fn rows() -> Vec<String> {
    let user = |id, email: &str, name: &str| {
        format!("INSERT INTO users VALUES (${id}$, '{TENANT}', '{email}', '{name}', '$argon2id$', {START})")
    };
    let member = |id: UserId, name: &str, role: &str, rev| {
        let number = id.0.as_u128();
        format!(
            r#"INSERT INTO object VALUES ($1$, 'member', ${number}$, {rev},
               '{{"kind":"member","user":"{id}","name":"{name}","role":"{role}","state":"current"}}')"#
        )
    };
    let stay = |id, role: &str, to_rev: &str, joined_at| {
        format!("INSERT INTO membership VALUES ($1$, ${id}$, '{role}', 1, {to_rev}, {joined_at})")
    };
    vec![
        user(2, "aigerim@example.org", "A, }"),
        user(3, "daniyar@example.org", "B"),
        format!("INSERT INTO room VALUES ($1$, '{TENANT}', 'TRIP', NULL, NULL, $2$, {START}, 1)"),
        format!("INSERT INTO stream VALUES ($1$, 77, 6, {START})"),
        format!("INSERT INTO stream VALUES ($2$, 78, 0, {START})"),
        member(DRIVER, "A, }", "OWNER", 2),
        member(PASSENGER, "B", "MEMBER", 5),
        stay(2, "OWNER", "NULL", 10),
        stay(3, "MEMBER", "4", 11),
        stay(3, "MEMBER", "NULL", 12),
        format!(
            r#"INSERT INTO message VALUES ($1$, 6, 6, $4$, $3$, '{{"kind":"TEXT","text":"hi"}}', {START}, 5, $9$)"#
        ),
        format!(
            "INSERT INTO session VALUES ($5$, $2$, '{TENANT}', $6$, $7$, NULL, {START}, {START}, NULL, 3)"
        ),
    ]
}

/// Makes the database of an older server.
async fn older(config: &StoreConfig) {
    let bytes = |before: &str, after: &str| {
        let rows = rows().into_iter().map(|sql| {
            (1..10_u128).fold(sql, |sql, n| {
                let id = format!("{before}{}{after}", Uuid::from_u128(n).simple());
                sql.replace(&format!("${n}$"), &id)
            })
        });
        rows.collect::<Vec<_>>().join(";")
    };
    match config {
        StoreConfig::Sqlite { path, .. } => {
            let mut db = rusqlite::Connection::open(path).expect("it opens");
            migrations::sqlite_up_to(&mut db, OLDER).expect("the older tables");
            db.execute_batch(&bytes("x'", "'")).expect("the older rows");
        }
        StoreConfig::Postgres { url } => {
            let (mut client, connection) = tokio_postgres::connect(url, NoTls).await.expect("it answers");
            let tasks = Tasks::default();
            tasks.start("postgres", connection.map(|ended| ended.expect("the connection stays")));
            migrations::postgres_up_to(&mut client, OLDER).await.expect("the older tables");
            client.batch_execute(&bytes("'\\x", "'")).await.expect("the older rows");
        }
    }
}

async fn what_was_there_is_there(ground: Ground) {
    let standing = ground.read(StreamId::Room(ROOM), |&room, tx| Box::pin(stream::standing(tx, room)));
    let (epoch, marks, members_rev) = (Epoch(77), MarksNo(0), Rev(5));
    assert_eq!(
        standing.await.expect("it reads"),
        Some(stream::Standing { epoch, head: Rev(6), marks, members_rev })
    );
    let found = ground.read((), |(), tx| {
        Box::pin(async move {
            Ok((
                stay::of(tx, ROOM, DRIVER).await?,
                stay::of(tx, ROOM, PASSENGER).await?,
                stay::intervals(tx, ROOM, PASSENGER).await?,
                own::marks(tx, ROOM).await?,
                own::settings(tx, ROOM, DRIVER).await?,
                message::after_seq(tx, ROOM, DRIVER, Seq(0), 9).await?,
                message::sent(tx, PASSENGER, MESSAGE).await?.map(|sent| sent.request_hash),
            ))
        })
    });
    let (driver, passenger, intervals, marks, settings, messages, hash) = found.await.expect("it reads");
    assert_eq!(driver, Stay::Current(Current { role: Role::Owner, from_rev: Rev(1), since: Rev(2) }));
    assert_eq!(passenger, Stay::Current(Current { role: Role::Member, from_rev: Rev(1), since: Rev(5) }));
    let interval = |to_rev| Interval { from_rev: Rev(1), to_rev };
    assert_eq!(intervals, [interval(Some(Rev(4))), interval(None)]);
    // Where a stay began: nobody told how far they had read.
    let begun = |user, seq| PersonMarks { user, delivered: Seq(seq), read: Seq(seq) };
    assert_eq!((marks, settings), (vec![begun(DRIVER, 2), begun(PASSENGER, 5)], Own::default()));
    let body = Body::Text { text: "hi".into() };
    let message = Message {
        id: MESSAGE,
        seq: Seq(6),
        author: PASSENGER,
        body,
        at: START,
        written_at: 5,
        edit_no: 0,
        edited_at: None,
    };
    assert_eq!(messages, [Placed { rev: Rev(6), message }]);
    assert_eq!(hash, Some(Uuid::from_u128(9).as_bytes().to_vec()));
    let member = |user, name: &str, role, since| {
        let state = Standing::Current;
        (Rev(since), Object::Member(Member { user, name: name.into(), role, state, since: Rev(since) }))
    };
    assert_eq!(
        objects(&ground, StreamId::Room(ROOM)).await,
        [member(DRIVER, "A, }", Role::Owner, 2), member(PASSENGER, "B", Role::Member, 5)]
    );
    let by = Caller { user: DRIVER, session: SESSION, tenant: TENANT.into(), expires_at: i64::MAX };
    let heads = ground.store.read(crate::rooms::ReadHeads { by, known: [].into() }).await.expect("it reads");
    assert_eq!((heads.moved[0].unread, heads.moved[0].head), (1, Rev(6)));
}

#[tokio::test]
async fn a_database_of_an_older_server_keeps_all_that_is_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = file_in(folder.path(), None);
    older(&sqlite).await;
    what_was_there_is_there(Ground::open(sqlite, Runner::InPlace(None)).await).await;
    on_new_database(|postgres| async move {
        older(&postgres).await;
        what_was_there_is_there(Ground::open(postgres, Runner::Thread).await).await;
    })
    .await;
}
