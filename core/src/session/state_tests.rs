//! The rules of staying connected, one a test.

use super::*;
use crate::session::backoff::bound;
use proptest::prelude::*;

/// A session with the longest delays, and its clock.
struct Ride {
    session: Session,
    now: u64,
}

impl Ride {
    fn online() -> Self {
        let mut ride = Self { session: Session::default(), now: 1_000 };
        assert_eq!(
            ride.on(Input::SignedIn { token: true }),
            [Effect::Dial, Effect::Show(ConnectionView::Connecting)]
        );
        assert_eq!(ride.on(Input::Dialed), [Effect::Hello]);
        assert_eq!(ride.on(Input::Welcome), [Effect::Show(ConnectionView::Syncing)]);
        assert_eq!(ride.on(Input::Synced), [Effect::Open, Effect::Show(ConnectionView::Online)]);
        ride
    }

    fn on(&mut self, input: Input) -> Vec<Effect> {
        self.session.on(self.now, input, |bound| bound - 1)
    }

    fn after(&mut self, by: u64) -> Vec<Effect> {
        self.now += by;
        self.on(Input::Tick)
    }
}

const LOST: [Effect; 3] = [Effect::Drop, Effect::Lost, Effect::Show(ConnectionView::Connecting)];

#[test]
fn thirty_five_seconds_of_silence_drop_the_socket_and_dial_again() {
    let mut ride = Ride::online();
    assert_eq!(ride.after(34_999), []);
    assert_eq!(ride.after(1), LOST);
    assert_eq!(ride.after(bound(0)), [Effect::Dial]);
}

#[test]
fn any_frame_is_proof_of_life() {
    let mut ride = Ride::online();
    for _ in 0..10 {
        assert_eq!(ride.after(30_000), []);
        assert_eq!(ride.on(Input::Heard), []);
    }
    assert_eq!(ride.on(Input::Ping), [Effect::Pong]);
}

#[test]
fn waking_up_probes_for_three_seconds() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::Wake), [Effect::Ping]);
    assert_eq!(ride.on(Input::Wake), [], "one probe at a time");
    assert_eq!(ride.on(Input::Heard), []);
    assert_eq!(ride.after(3_000), []);
    assert_eq!(ride.on(Input::Wake), [Effect::Ping]);
    assert_eq!(ride.after(2_999), []);
    assert_eq!(ride.after(1), LOST);
}

#[test]
fn waking_up_ends_a_delay() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::Closed(None)), LOST);
    assert_eq!(ride.on(Input::Wake), [Effect::Dial]);
}

#[test]
fn delays_grow_until_a_connection_has_held_for_thirty_seconds() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::Closed(None)), LOST);
    for n in 0..5 {
        assert_eq!(ride.session.deadline(), Some(ride.now + bound(n)));
        assert_eq!(ride.after(bound(n)), [Effect::Dial]);
        assert_eq!(ride.on(Input::DialFailed { token: false }), [Effect::Drop, Effect::Lost]);
    }
    assert_eq!(ride.after(bound(5)), [Effect::Dial]);
    for input in [Input::Dialed, Input::Welcome, Input::Synced] {
        ride.on(input);
    }
    ride.now += 29_999;
    ride.on(Input::Closed(None));
    assert_eq!(ride.session.deadline(), Some(ride.now + bound(6)), "too short to count");
    ride.after(bound(6));
    for input in [Input::Dialed, Input::Welcome, Input::Synced] {
        ride.on(input);
    }
    ride.now += 30_000;
    ride.on(Input::Closed(None));
    assert_eq!(ride.session.deadline(), Some(ride.now + bound(0)));
}

#[test]
fn a_connection_that_was_never_synced_does_not_make_the_delay_short() {
    let mut ride = Ride::online();
    for n in 0..3 {
        ride.on(Input::Closed(None));
        assert_eq!(ride.session.deadline(), Some(ride.now + bound(n)));
        ride.after(bound(n));
        ride.on(Input::Dialed);
        ride.on(Input::Welcome);
        for _ in 0..3 {
            ride.after(15_000);
            ride.on(Input::Heard);
        }
    }
}

#[test]
fn a_dial_that_hangs_is_given_up() {
    let mut ride = Ride::online();
    ride.on(Input::Closed(None));
    ride.after(bound(0));
    assert_eq!(ride.after(20_000), [Effect::Drop, Effect::Lost]);
    assert_eq!(ride.after(bound(1)), [Effect::Dial]);
    ride.on(Input::Dialed);
    assert_eq!(ride.after(20_000), [Effect::Drop, Effect::Lost], "no welcome");
}

#[test]
fn an_old_app_stops_for_good() {
    let mut ride = Ride::online();
    let stopped = [Effect::Drop, Effect::Lost, Effect::Show(ConnectionView::AppTooOld)];
    assert_eq!(ride.on(Input::Closed(Some(close::VERSION))), stopped);
    assert_eq!(ride.on(Input::Wake), []);
    assert_eq!(ride.after(1_000_000), []);
    assert_eq!(ride.session.deadline(), None);
}

#[test]
fn a_revoked_session_ends() {
    let mut ride = Ride::online();
    assert_eq!(
        ride.on(Input::Closed(Some(close::REVOKED))),
        [
            Effect::Drop,
            Effect::Lost,
            Effect::End(ErrorCode::SessionEnded),
            Effect::Show(ConnectionView::SignedOut)
        ]
    );
    assert_eq!(ride.session.deadline(), None);
}

#[test]
fn an_expired_token_is_renewed_at_once_and_then_without_haste() {
    let mut ride = Ride::online();
    assert_eq!(
        ride.on(Input::Closed(Some(close::TOKEN))),
        [Effect::Drop, Effect::Lost, Effect::Renew, Effect::Show(ConnectionView::Connecting)]
    );
    assert_eq!(ride.on(Input::Renewed), [Effect::Dial]);
    assert_eq!(ride.on(Input::DialFailed { token: true }), [Effect::Drop, Effect::Lost]);
    assert_eq!(ride.after(bound(0)), [Effect::Renew]);
    assert_eq!(ride.on(Input::RenewFailed), []);
    assert_eq!(ride.after(bound(1)), [Effect::Renew]);
    assert_eq!(ride.on(Input::Renewed), [Effect::Dial]);
}

#[test]
fn a_refused_renewal_ends_the_session() {
    let mut ride = Ride::online();
    ride.on(Input::Closed(Some(close::TOKEN)));
    assert_eq!(
        ride.on(Input::RenewRefused(ErrorCode::SessionEnded)),
        [
            Effect::Drop,
            Effect::Lost,
            Effect::End(ErrorCode::SessionEnded),
            Effect::Show(ConnectionView::SignedOut)
        ]
    );
}

#[test]
fn a_token_is_exchanged_on_the_open_connection() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::TokenNeeded), [Effect::Renew]);
    assert_eq!(ride.on(Input::Renewed), [Effect::Authenticate]);
}

#[test]
fn a_renewal_that_fails_on_an_open_connection_is_tried_again() {
    let mut ride = Ride::online();
    ride.on(Input::TokenNeeded);
    assert_eq!(ride.on(Input::RenewFailed), []);
    assert_eq!(ride.after(bound(3)), [Effect::Renew]);
    assert_eq!(ride.on(Input::Renewed), [Effect::Authenticate]);
    assert_eq!(ride.session.deadline(), Some(1_000 + 35_000));
}

#[test]
fn an_answer_that_never_comes_drops_the_socket() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::Fault), LOST);
    assert_eq!(ride.on(Input::Fault), [], "once");
}

#[test]
fn a_drained_connection_is_left_at_a_moment_of_ones_own_and_made_again() {
    let mut ride = Ride::online();
    assert_eq!(ride.on(Input::Drain { within: 5_000 }), []);
    assert_eq!(ride.on(Input::Drain { within: 9_000 }), [], "drawn once");
    assert_eq!(ride.after(4_999), []);
    let again = [Effect::Drop, Effect::Lost, Effect::Dial, Effect::Show(ConnectionView::Connecting)];
    assert_eq!(ride.after(1), again);
    assert_eq!(ride.session.deadline(), Some(ride.now + 20_000), "a dial like any other");
}

#[test]
fn a_server_that_closes_after_drain_is_dialled_at_the_moment_that_was_drawn() {
    let mut ride = Ride::online();
    ride.on(Input::Drain { within: 5_000 });
    ride.now += 100;
    assert_eq!(ride.on(Input::Closed(Some(close::DRAIN))), LOST);
    assert_eq!(ride.after(4_899), []);
    assert_eq!(ride.after(1), [Effect::Dial]);
    assert_eq!(ride.on(Input::DialFailed { token: false }), [Effect::Drop, Effect::Lost]);
    assert_eq!(ride.session.deadline(), Some(ride.now + bound(0)), "from here on as after any cut");
}

#[test]
fn a_drain_is_drawn_evenly_from_its_span() {
    for (draw, at) in [(0, 0), (1, 1), (2_500, 2_500), (5_000, 5_000)] {
        let mut ride = Ride::online();
        let began = ride.now;
        assert_eq!(ride.session.on(began, Input::Drain { within: 5_000 }, |bound| draw % bound), []);
        assert_eq!(ride.session.deadline(), Some(began + at));
    }
}

#[test]
fn a_busy_server_is_left_alone_at_least_as_long_as_it_asks() {
    let mut ride = Ride::online();
    ride.on(Input::Closed(None));
    ride.after(bound(0));
    assert_eq!(ride.on(Input::Busy { after: 7_000 }), [Effect::Drop, Effect::Lost]);
    assert_eq!(ride.session.deadline(), Some(ride.now + 7_000 + bound(1)), "and not all at once after it");
    ride.now += 6_999;
    assert_eq!(ride.on(Input::Wake), [], "not even for somebody who looks");
    ride.now += 1;
    assert_eq!(ride.on(Input::Wake), [Effect::Dial]);
}

/// What PROTOCOL says of each close code: most are a cut like any other, a token is renewed, two are the end.
#[test]
fn every_close_code_has_its_reaction() {
    let (dials, renews) = ([Effect::Dial].to_vec(), [Effect::Renew].to_vec());
    for code in [
        close::BAD_FRAME,
        close::NO_HELLO,
        close::RATE,
        close::IDLE,
        close::SLOW,
        close::DRAIN,
        close::REPLACED,
        1_006,
    ] {
        let mut ride = Ride::online();
        assert_eq!(ride.on(Input::Closed(Some(code))), LOST, "{code}");
        assert_eq!(ride.session.deadline(), Some(ride.now + bound(0)), "{code}: without haste");
        assert_eq!(ride.after(bound(0)), dials, "{code}");
    }
    let mut ride = Ride::online();
    assert!(ride.on(Input::Closed(Some(close::TOKEN))).ends_with(&[renews[0], LOST[2]]));
    for code in [close::VERSION, close::REVOKED] {
        let mut ride = Ride::online();
        ride.on(Input::Closed(Some(code)));
        assert_eq!(ride.session.deadline(), None, "{code} stops");
        assert_eq!(ride.on(Input::Wake), [], "{code} stops for good");
    }
}

/// Two copies of an app on one device push each other out; they do it ever more slowly.
#[test]
fn a_connection_that_is_replaced_again_and_again_comes_back_ever_later() {
    let mut ride = Ride::online();
    for n in 0..4 {
        ride.on(Input::Closed(Some(close::REPLACED)));
        assert_eq!(ride.session.deadline(), Some(ride.now + bound(n)));
        ride.after(bound(n));
        for input in [Input::Dialed, Input::Welcome, Input::Synced] {
            ride.on(input);
        }
    }
}

fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        any::<bool>().prop_map(|token| Input::SignedIn { token }),
        Just(Input::Dialed),
        any::<bool>().prop_map(|token| Input::DialFailed { token }),
        (0_u64..60_000).prop_map(|after| Input::Busy { after }),
        (0_u64..60_000).prop_map(|within| Input::Drain { within }),
        Just(Input::Heard),
        Just(Input::Welcome),
        Just(Input::Synced),
        Just(Input::TokenNeeded),
        proptest::option::of(prop_oneof![Just(close::TOKEN), Just(close::DRAIN), Just(close::REPLACED)])
            .prop_map(Input::Closed),
        Just(Input::Renewed),
        Just(Input::RenewFailed),
        Just(Input::Fault),
        Just(Input::Wake),
        Just(Input::Tick),
    ]
}

proptest! {
    /// Whatever happens, a session that is signed in always has a next step: a deadline, or an answer it waits
    /// for. It never has two sockets.
    #[test]
    fn it_is_never_stuck(inputs in proptest::collection::vec((any_input(), 0_u64..40_000), 1..60)) {
        let mut ride = Ride::online();
        let mut socket = true;
        let mut renewing = false;
        for (input, later) in inputs {
            ride.now += later;
            // The world only answers what was asked.
            match input {
                Input::Renewed | Input::RenewFailed if !renewing => continue,
                Input::Dialed | Input::DialFailed { .. } | Input::Busy { .. } | Input::Closed(_) if !socket => {
                    continue;
                }
                Input::SignedIn { .. } => continue,
                Input::Renewed | Input::RenewFailed => renewing = false,
                Input::DialFailed { .. } | Input::Busy { .. } | Input::Closed(_) => socket = false,
                _ => {}
            }
            for effect in ride.on(input) {
                match effect {
                    Effect::Dial => { prop_assert!(!socket); socket = true; }
                    Effect::Drop => socket = false,
                    Effect::Renew => renewing = true,
                    _ => {}
                }
            }
            prop_assert!(ride.session.deadline().is_some() || renewing);
        }
    }
}
