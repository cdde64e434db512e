//! Values and rows that both engines understand.

use crate::error::{Error, Result};
use tripchat_protocol::{
    BookingId, DeviceId, Epoch, MarksNo, MessageId, Millis, Rev, RoomId, Seq, SessionId, TripId, UserId,
    WebhookId, WebhookMessageId,
};
use uuid::Uuid;

/// The latest time that a JavaScript `Date` can hold; what lies beyond is no time.
pub const LAST_TIME: Millis = 8_640_000_000_000_000;

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BLOB or BYTEA.
    Bytes(Vec<u8>),
}

/// A row of an answer. Columns are taken by their place, in the order of the SQL text.
#[derive(Debug)]
pub struct Row(pub(super) Vec<Value>);

impl Row {
    /// Takes column `place` (from 0).
    ///
    /// # Errors
    /// If there is no such column or it holds another type: a defect.
    pub fn take<T: FromValue>(&mut self, place: usize) -> Result<T> {
        let value = self.0.get_mut(place).map(|value| std::mem::replace(value, Value::Null));
        value
            .and_then(T::from_value)
            .ok_or_else(|| Error::internal(format!("column {place} is not a {}", std::any::type_name::<T>())))
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// The value, if it has the right type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(it) = value { Some(it) } else { None }
    }
}

impl FromValue for u16 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|it| Self::try_from(it).ok())
    }
}

impl FromValue for u32 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).and_then(|it| Self::try_from(it).ok())
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(|it| it != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(it) = value { Some(it) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bytes(it) = value { Some(it) } else { None }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl From<i64> for Value {
    fn from(it: i64) -> Self {
        Self::Int(it)
    }
}

impl From<u16> for Value {
    fn from(it: u16) -> Self {
        Self::Int(it.into())
    }
}

impl From<u32> for Value {
    fn from(it: u32) -> Self {
        Self::Int(it.into())
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Self {
        Self::Int(it.into())
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Self {
        Self::Text(it.into())
    }
}

impl From<String> for Value {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

impl From<&[u8]> for Value {
    fn from(it: &[u8]) -> Self {
        Self::Bytes(it.into())
    }
}

impl From<Uuid> for Value {
    fn from(it: Uuid) -> Self {
        Self::Bytes(it.as_bytes().to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(it: Option<T>) -> Self {
        it.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                id.0.into()
            }
        }
        impl FromValue for $id {
            fn from_value(value: Value) -> Option<Self> {
                if let Value::Bytes(bytes) = value { Uuid::from_slice(&bytes).ok().map($id) } else { None }
            }
        }
    )*};
}
ids!(BookingId, DeviceId, MessageId, RoomId, SessionId, TripId, UserId, WebhookId, WebhookMessageId);

macro_rules! numbers {
    ($($number:ident),*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Int(number.0)
            }
        }
        impl FromValue for $number {
            fn from_value(value: Value) -> Option<Self> {
                i64::from_value(value).map($number)
            }
        }
    )*};
}
numbers!(Epoch, MarksNo, Rev, Seq);

/// The parameters of a statement: `params![room, seq]` binds `$1` and `$2`.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*][..] };
}
pub(crate) use params;
