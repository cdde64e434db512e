//! What a person sets about a room: one object in their inbox, the same on all devices.

use super::aboard::{Aboard, objects, refusal, sign_up};
use super::on_both;
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{ErrorCode, Own, Rev, Setting, Standing, StreamId};

#[tokio::test]
async fn what_is_set_last_stands_whole_in_the_inbox() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        let (mut rev, before) = ride.membership(me).await;
        assert_eq!(before.own, Own::default());
        let draft = |text: &str| Setting::Draft(Some(text.into()));
        let settings = [
            Setting::Favourite(true),
            Setting::MutedUntil(Some(99)),
            Setting::Archived(true),
            Setting::MarkedUnread(true),
            draft(" Мен жол"),
            draft(" Мен жолда 🚌 "),
            Setting::MutedUntil(None),
        ];
        for set in settings {
            let done = ride.set(me, set).await.expect("it is set");
            rev = rev.next();
            assert_eq!((done.stream, done.rev), (Some(StreamId::User(me.user)), Some(rev)));
        }
        let (at, membership) = ride.membership(me).await;
        let own = Own {
            favourite: true,
            muted_until: None,
            archived: true,
            marked_unread: true,
            draft: Some(" Мен жолда 🚌 ".into()),
        };
        assert_eq!((at, &membership.own), (rev, &own));
        assert_eq!(membership, tripchat_protocol::Membership { own, ..before });
        assert_eq!(ride.membership(&ride.driver).await.1.own, Own::default(), "it is one's own");
        let all = objects(&ground, StreamId::User(me.user)).await;
        let of_the_room = all.iter().filter(|(_, it)| it.id() == ride.room.0);
        assert_eq!(of_the_room.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_set_twice_is_set_once() {
    on_both(|mut ground| async move {
        {
            let ride = Aboard::begin(&ground).await;
            let me = &ride.passenger;
            ride.set(me, Setting::Draft(Some("I am at".into()))).await.expect("it is set");
            let at = ride.membership(me).await.0;
            let same = [
                Setting::Draft(Some("I am at".into())),
                Setting::Favourite(false),
                Setting::MutedUntil(None),
                Setting::Archived(false),
                Setting::MarkedUnread(false),
            ];
            for set in same {
                let done = ride.set(me, set).await.expect("it is no error");
                assert_eq!((done.stream, done.rev), (None, None));
            }
            assert_eq!(ride.membership(me).await.0, at);
            // An empty draft is none.
            ride.set(me, Setting::Draft(Some(String::new()))).await.expect("it is set");
            assert_eq!(ride.membership(me).await.1.own.draft, None);
            assert_eq!(ride.set(me, Setting::Draft(None)).await.expect("it is no error").rev, None);
        }
        let inbox = ground.published().into_iter().filter(|change| change.object.contains("\"draft\":"));
        assert_eq!(inbox.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_set_leaves_all_as_it_was() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
        let long = Setting::Draft(Some("ұ".repeat(TEXT_CHARS + 1)));
        assert_eq!(refusal(ride.set(&ride.driver, long).await), ErrorCode::TooLarge);
        let nul = Setting::Draft(Some("a\0".into()));
        assert_eq!(refusal(ride.set(&ride.driver, nul).await), ErrorCode::InvalidInput);
        assert_eq!(
            refusal(ride.set(&ride.driver, Setting::MutedUntil(Some(-1))).await),
            ErrorCode::InvalidInput
        );
        assert_eq!(refusal(ride.set(&stranger, Setting::Favourite(true)).await), ErrorCode::RoomNotFound);
        assert_eq!(ride.membership(&ride.driver).await.1.own, Own::default());
        assert_eq!(objects(&ground, StreamId::User(stranger.user)).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_one_set_is_there_again_when_one_comes_back() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        ride.set(me, Setting::Favourite(true)).await.expect("it is set");
        ride.cancel(me, ride.booking).await.expect("the passenger goes");
        assert_eq!(refusal(ride.set(me, Setting::Favourite(false)).await), ErrorCode::NotParticipant);
        let (at, ended) = ride.membership(me).await;
        assert_eq!((ended.state, ended.own.favourite), (Standing::Ended, true));
        let again = ride.ask(me).await;
        ride.confirm(again).await.expect("there is a seat");
        let (rev, back) = ride.membership(me).await;
        assert!(rev > at);
        assert_eq!((back.state, back.own.favourite), (Standing::Current, true));
        assert_eq!((back.from_rev, back.to_rev, back.kept), (Rev(1), None, None));
    })
    .await;
}
