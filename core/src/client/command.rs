//! What the handle asks of the engine: a question with the place where its answer goes.

use crate::error::CoreError;
use crate::view::{AccountView, Hit, InboxRow, Place, RoomView, StartView, TimelineView};
use secrecy::SecretString;
use tokio::sync::oneshot;
use tripchat_protocol::rest::{
    Me, MeChange, MyBooking, NewBooking, NewReview, NewTrip, PersonReviews, SessionView, TripChange,
};
use tripchat_protocol::{
    Availability, Booking, BookingId, ErrorCode, MessageId, Millis, OperationId, Review, RoomId, Seq,
    SessionId, Setting, Trip, TripId, TripStatus, UserId,
};

/// Where an answer goes.
pub struct Answer<T>(oneshot::Sender<Result<T, CoreError>>);

impl<T> Answer<T> {
    /// An answer and the end at which it arrives.
    pub fn channel() -> (Self, oneshot::Receiver<Result<T, CoreError>>) {
        let (sender, receiver) = oneshot::channel();
        (Self(sender), receiver)
    }

    /// Gives it. Who asked may have gone away meanwhile; then nobody is told.
    pub fn give(self, result: Result<T, CoreError>) {
        if self.0.send(result).is_err() {
            tracing::debug!("nobody waits for this answer any more");
        }
    }
}

/// How somebody comes in.
pub enum Door {
    /// With an account that is made now, under this name.
    Register(String),
    /// With one that exists.
    SignIn,
}

/// What a person types to come in.
pub struct Credentials {
    /// The server's address as typed.
    pub server: String,
    pub email: String,
    pub password: SecretString,
    pub door: Door,
}

/// The questions about trips; they need the network.
pub enum TripCommand {
    List(Answer<Vec<Trip>>),
    Create(Box<NewTrip>, Answer<Trip>),
    Bookings(TripId, Answer<Vec<Booking>>),
    Request(TripId, NewBooking, Answer<Booking>),
    Move(BookingId, Step, Answer<Booking>),
    Search(TripSearch, Answer<Vec<Trip>>),
    Status(TripId, TripStatus, Answer<Trip>),
    Change(TripId, Box<TripChange>, Answer<Trip>),
    Mine(Answer<Vec<MyBooking>>),
    Find(TripId, Answer<Trip>),
    Review(BookingId, NewReview, Answer<Review>),
    Reviews(TripId, Answer<Vec<Review>>),
    About(UserId, Option<BookingId>, Answer<PersonReviews>),
}

/// Where a booking is moved to.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Confirm,
    Decline,
    Cancel,
    Board,
    NoShow,
    Unboard,
    /// Nothing becomes of it: its room is looked for.
    Room,
}

/// Which trips are looked for: by the beginnings of the places' words, and by when one leaves the first of them.
#[derive(Debug)]
pub struct TripSearch {
    pub from: String,
    pub to: String,
    pub after: Option<Millis>,
    pub before: Option<Millis>,
}

impl TripCommand {
    fn refuse(self, error: CoreError) {
        match self {
            Self::List(to) | Self::Search(_, to) => to.give(Err(error)),
            Self::Create(_, to) | Self::Find(_, to) | Self::Status(_, _, to) | Self::Change(_, _, to) => {
                to.give(Err(error));
            }
            Self::Bookings(_, to) => to.give(Err(error)),
            Self::Request(_, _, to) | Self::Move(_, _, to) => to.give(Err(error)),
            Self::Mine(to) => to.give(Err(error)),
            Self::Review(_, _, to) => to.give(Err(error)),
            Self::Reviews(_, to) => to.give(Err(error)),
            Self::About(_, _, to) => to.give(Err(error)),
        }
    }
}

/// What a person asks about their own account; it needs the network.
pub enum OwnCommand {
    Sessions(Answer<Vec<SessionView>>),
    EndSession(SessionId, Answer<()>),
    EndOtherSessions(Answer<()>),
    ChangePassword { current: SecretString, new: SecretString, answer: Answer<()> },
    Profile(Answer<Me>),
    ChangeProfile(Box<MeChange>, Answer<Me>),
    Export(Answer<String>),
    Delete(SecretString, Answer<()>),
}

impl OwnCommand {
    fn refuse(self, error: CoreError) {
        match self {
            Self::Sessions(to) => to.give(Err(error)),
            Self::EndSession(_, to) | Self::EndOtherSessions(to) => to.give(Err(error)),
            Self::ChangePassword { answer, .. } => answer.give(Err(error)),
            Self::Profile(to) | Self::ChangeProfile(_, to) => to.give(Err(error)),
            Self::Export(to) => to.give(Err(error)),
            Self::Delete(_, to) => to.give(Err(error)),
        }
    }
}

/// Who has forgotten their password sets another one with what the operator gave them.
pub struct Forgotten {
    /// The server's address as typed.
    pub server: String,
    pub code: SecretString,
    pub new: SecretString,
}

/// What is written, changed, seen and set. All but the last two is stored before it is answered.
pub enum WriteCommand {
    Send { room: RoomId, text: String, send_by: Option<Millis>, answer: Answer<MessageId> },
    Edit { room: RoomId, message: MessageId, text: String, answer: Answer<OperationId> },
    Delete { room: RoomId, message: MessageId, answer: Answer<OperationId> },
    Retry(OperationId, Answer<()>),
    Discard(OperationId, Answer<String>),
    Seen(RoomId, Seq, Answer<()>),
    Set(RoomId, Setting, Answer<()>),
    Typing(RoomId),
    Availability(Availability),
}

impl WriteCommand {
    fn refuse(self, error: CoreError) {
        match self {
            Self::Send { answer, .. } => answer.give(Err(error)),
            Self::Edit { answer, .. } | Self::Delete { answer, .. } => answer.give(Err(error)),
            Self::Retry(_, to) => to.give(Err(error)),
            Self::Discard(_, to) => to.give(Err(error)),
            Self::Seen(_, _, to) | Self::Set(_, _, to) => to.give(Err(error)),
            Self::Typing(_) | Self::Availability(_) => {}
        }
    }
}

/// Everything that can be asked.
pub enum Command {
    Start(Answer<StartView>),
    ComeIn(Credentials, Answer<AccountView>),
    Reset(Forgotten, Answer<()>),
    SignOut {
        discard_unsent: bool,
        answer: Answer<()>,
    },
    Inbox(Answer<Vec<InboxRow>>),
    Room(RoomId, Answer<RoomView>),
    Timeline {
        room: RoomId,
        place: Place,
        limit: u32,
        answer: Answer<TimelineView>,
    },
    Search {
        query: String,
        room: Option<RoomId>,
        limit: u32,
        answer: Answer<Vec<Hit>>,
    },
    /// The room that is on the screen, in a window that has the focus.
    Visible(Option<RoomId>),
    Write(WriteCommand),
    Trips(TripCommand),
    Own(OwnCommand),
    /// The network may have changed, or the machine has woken up: look whether the connection still lives.
    Wake,
    Close(Answer<()>),
}

impl Command {
    /// Answers with a refusal, whatever was asked.
    pub fn refuse(self, code: ErrorCode) {
        let error = CoreError::from(code);
        match self {
            Self::Start(to) => to.give(Err(error)),
            Self::ComeIn(_, to) => to.give(Err(error)),
            Self::SignOut { answer, .. } | Self::Reset(_, answer) => answer.give(Err(error)),
            Self::Inbox(to) => to.give(Err(error)),
            Self::Room(_, to) => to.give(Err(error)),
            Self::Timeline { answer, .. } => answer.give(Err(error)),
            Self::Search { answer, .. } => answer.give(Err(error)),
            Self::Write(command) => command.refuse(error),
            Self::Trips(command) => command.refuse(error),
            Self::Own(command) => command.refuse(error),
            Self::Wake | Self::Visible(_) => {}
            Self::Close(to) => to.give(Ok(())),
        }
    }
}
