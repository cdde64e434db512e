//! What people say of each other after a ride.

use crate::Millis;
use crate::ids::{BookingId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person's reviews come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    /// The average in tenths of a star: 47 is 4.7.
    pub tenths: u8,
    /// Of how many reviews.
    pub count: u32,
}

impl Rating {
    /// Of so many stars in so many reviews; nothing of none.
    #[must_use]
    pub fn of(stars: u32, count: u32) -> Option<Self> {
        let tenths = u64::from(stars).saturating_mul(10).saturating_add(u64::from(count / 2));
        let tenths = u8::try_from(tenths.checked_div(count.into())?).unwrap_or(u8::MAX);
        Some(Self { tenths, count })
    }
}

/// What one of the two people of a booking says of the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// The booking.
    pub booking: BookingId,
    /// Who wrote it.
    pub author: UserId,
    /// The writer's name.
    pub author_name: String,
    /// Whom it is about.
    pub subject: UserId,
    /// 1 to 5.
    pub stars: u8,
    /// May be empty.
    pub text: String,
    /// When it was first written.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub at: Millis,
    /// Until then its writer may change it.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub open_until: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_rounded_to_the_nearest_tenth() {
        let tenths = |stars, count| Rating::of(stars, count).map(|rating| rating.tenths);
        assert_eq!(tenths(0, 0), None);
        assert_eq!(tenths(5, 1), Some(50));
        assert_eq!(tenths(14, 3), Some(47));
        assert_eq!(tenths(13, 3), Some(43));
        assert_eq!(tenths(9, 4), Some(23));
        assert_eq!(Rating::of(u32::MAX, 858_993_459), Some(Rating { tenths: 50, count: 858_993_459 }));
    }
}
