//! Which views there are: where each is found on the core's twin, and in which looks its picture is taken.

/// What a person does before the view is as it is meant to be.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Presses what this finds.
    Press(&'static str),
    /// Asks for the menu of what this finds.
    Menu(&'static str),
    /// Types into what this finds.
    Type(&'static str, &'static str),
}

/// A view in one of the states that a person can meet.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Names its pictures.
    pub name: &'static str,
    /// The twin's scene.
    pub scene: &'static str,
    /// The fragment of its address.
    pub place: &'static str,
    /// Finds what tells that the view is there.
    pub shows: &'static str,
    /// What is done first, in this order.
    pub acts: &'static [Act],
}

const fn view(name: &'static str, scene: &'static str, place: &'static str, shows: &'static str) -> View {
    View { name, scene, place, shows, acts: &[] }
}

const fn after(acts: &'static [Act], view: View) -> View {
    View { acts, ..view }
}

const ROOM: &str = "[data-testid=composer]";
const MESSAGE: &str = "[data-testid=message]";
const OWN: &str = "[data-testid=message][data-mine=true]";
const SYSTEM: &str = "[data-testid=system-line]";
const REVIEW: &str = "[data-testid=ride-review]";
const SHEET: &str = "[data-testid=review-sheet]";
const ROLL: &str = "[data-testid=roll-call]";
const ROW: &str = "[data-testid=inbox-row]";
const SIGN_IN: &str = "[data-testid=sign-in-form]";
const MENU: &str = "[data-testid=menu]";
const PASSWORD: &str = "[data-testid=open-password]";
const ASKED: &str = "[data-testid=confirm-yes]";

/// Every view, and every state of it that looks different.
pub const VIEWS: &[View] = &[
    view("sign-in", "signed-out", "", SIGN_IN),
    after(
        &[Act::Press("label:has([data-testid=mode-register])")],
        view("register", "signed-out", "", "input[name=name]"),
    ),
    after(
        &[Act::Press("[data-testid=forgotten]")],
        view("forgotten", "signed-out", "", "[data-testid=forgotten-sheet]"),
    ),
    view("broken", "broken", "", "[data-testid=broken]"),
    view("inbox", "unread", "inbox", ROW),
    view("inbox-empty", "empty", "inbox", ".list"),
    view("inbox-offline", "offline", "inbox", ROW),
    view("inbox-many", "many", "inbox", ROW),
    after(&[Act::Menu(ROW)], view("inbox-menu", "ride", "inbox", MENU)),
    after(&[Act::Type(ROW, "?")], view("help", "ride", "inbox", "dialog[open]")),
    view("search", "search", "search/all/the", "[data-testid=hit]"),
    view("search-empty", "search", "search/all", "input"),
    view("search-nothing", "search", "search/all/zzzz", ".hits h2"),
    view("room", "ride", "room/r-1", MESSAGE),
    view("room-driver", "driver", "room/r-1", MESSAGE),
    view("room-empty", "ride", "room/r-2", ROOM),
    view("room-booking", "ride", "room/r-b1", MESSAGE),
    view("room-requested", "driver-requested", "room/r-b1", "[data-testid=room-booking]"),
    view("room-declined", "declined", "room/r-b1", "[data-testid=room-booking]"),
    view("room-offline", "offline", "room/r-1", MESSAGE),
    view("room-failed", "failed", "room/r-1", MESSAGE),
    view("room-unread", "unread", "room/r-1", "[data-testid=divider]"),
    view("room-holes", "holes", "room/r-1/120", MESSAGE),
    view("room-holes-offline", "holes-offline", "room/r-1/120", MESSAGE),
    view("room-edited", "edited", "room/r-1", MESSAGE),
    view("room-group", "groups", "room/r-g", MESSAGE),
    view("room-typing", "typing", "room/r-1", "[data-testid=typing]"),
    view("room-ended", "ended", "room/r-1", "[data-testid=closed]"),
    after(&[Act::Menu(OWN)], view("message-menu", "ride", "room/r-1", MENU)),
    after(
        &[Act::Press("[data-mine=true] [data-testid=message-end]")],
        view("message-reach", "groups", "room/r-g", "dialog[open]"),
    ),
    after(
        &[Act::Menu(OWN), Act::Press("[data-testid=menu-delete]")],
        view("message-delete", "ride", "room/r-1", ASKED),
    ),
    view("room-system", "spoken", "room/r-1", SYSTEM),
    view("room-called-off", "called-off", "room/r-1", SYSTEM),
    view("inbox-system", "boarding", "inbox", ROW),
    view("trips", "ride", "trips", "h1"),
    view("trips-empty", "empty", "trips", "h1"),
    after(
        &[Act::Type("[data-testid=find-trips] [name=to]", "Bishkek"), Act::Press("[data-testid=find-act]")],
        view("trips-found", "ride", "trips", "[data-testid=find-all]"),
    ),
    after(
        &[Act::Type("[data-testid=find-trips] [name=from]", "Aralsk"), Act::Press("[data-testid=find-act]")],
        view("trips-nothing", "ride", "trips", ".empty h2"),
    ),
    view("bookings", "booked", "trips/bookings", "[data-testid=my-booking]"),
    view("bookings-empty", "empty", "trips/bookings", ".empty h2"),
    view("trip", "ride", "trip/t-1", "h1"),
    view("trip-driver", "driver", "trip/t-1", "h1"),
    view("trip-boarding", "driver-boarding", "trip/t-1", ROLL),
    view("trip-go", "boarding", "trip/t-1", "[data-testid=booking-note]"),
    view("trip-arrived", "arrived", "trip/t-1", REVIEW),
    view("trip-driver-arrived", "driver-arrived", "trip/t-1", REVIEW),
    after(&[Act::Press("label:has([data-testid=star-4])")], view("review", "arrived", "trip/t-1", SHEET)),
    after(
        &[Act::Press("[data-testid=driver-reviews]")],
        view("reviews", "arrived", "trip/t-1", "[data-testid=reviews-sheet] [data-testid=review]"),
    ),
    view("trip-called-off", "called-off", "trip/t-1", "[data-testid=booking-note]"),
    after(
        &[Act::Press("[data-testid=change-time]")],
        view("trip-time", "driver-boarding", "trip/t-1", "[data-testid=time-sheet]"),
    ),
    after(
        &[Act::Press("[data-testid=change-vehicle]")],
        view("trip-vehicle", "driver-boarding", "trip/t-1", "[data-testid=vehicle-sheet]"),
    ),
    after(&[Act::Press("[data-testid=call-off]")], view("trip-call-off", "driver", "trip/t-1", ASKED)),
    after(
        &[Act::Press("[data-testid=share-trip]")],
        view("trip-share", "ride", "trip/t-4", "[data-testid=qr]"),
    ),
    view("trip-stranger", "ride", "trip/t-4", "h1"),
    after(&[Act::Press("[data-testid=cancel-booking]")], view("trip-cancel", "ride", "trip/t-1", ASKED)),
    view("new-trip", "driver", "trips/new", "form"),
    view("new-trip-like", "driver", "trips/new/t-1", "form"),
    after(
        &[Act::Press("[data-testid=create-trip]")],
        view("new-trip-mistakes", "driver", "trips/new", "form"),
    ),
    view("me", "ride", "me", "h1"),
    after(&[Act::Press("[data-testid=export]")], view("me-exported", "ride", "me", "[role=status]")),
    after(&[Act::Press("[data-testid=open-profile]")], view("profile", "ride", "me", "[name=username]")),
    after(
        &[Act::Press("[data-testid=open-profile]")],
        view("profile-offline", "offline", "me", "[data-testid=profile-sheet] [role=alert]"),
    ),
    after(
        &[Act::Press("[data-testid=open-delete]")],
        view("farewell", "ride", "me", "[data-testid=delete-sheet]"),
    ),
    view("sign-ins", "ride", "me/sign-ins", "[data-testid=sign-in]"),
    view("sign-ins-offline", "offline", "me/sign-ins", "[role=alert]"),
    after(&[Act::Press("[data-testid=end-sign-in]")], view("sign-ins-end", "ride", "me/sign-ins", ASKED)),
    after(&[Act::Press(PASSWORD)], view("password", "ride", "me", "[data-testid=password-sheet]")),
    after(
        &[Act::Press(PASSWORD), Act::Press("[data-testid=password-save]")],
        view("password-mistakes", "ride", "me", "[data-testid=password-sheet] [aria-invalid]"),
    ),
];

/// How large the view is, and what is asked of it.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Names its pictures.
    pub name: &'static str,
    /// In CSS pixels.
    pub pixels: (u32, u32),
    /// Whether a finger has to find its targets.
    pub finger: bool,
}

/// In the hand.
pub const PHONE: Size = Size { name: "phone", pixels: (390, 844), finger: true };
/// At a desk.
pub const DESKTOP: Size = Size { name: "desktop", pixels: (1280, 800), finger: false };
/// At a desk, below the width at which the trip has a column of its own.
pub const NARROW: Size = Size { name: "narrow", pixels: (1024, 768), finger: false };

/// One way to see a view.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How large.
    pub size: Size,
    /// `light` or `dark`.
    pub theme: &'static str,
    /// The language and the text's size, where they are not the usual ones.
    pub other: Other,
}

/// What is unusual about a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// Nothing: English at the usual size.
    Nothing,
    /// In Spanish, whose words are longer.
    Spanish,
    /// With text of twice the size.
    LargeText,
}

impl Other {
    /// The language's tag.
    pub fn language(self) -> &'static str {
        if self == Self::Spanish { "es" } else { "en" }
    }
}

/// A view as it is to be seen.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// What.
    pub view: View,
    /// And how.
    pub look: Look,
}

impl Picture {
    /// Its name: view, size, theme, and what is unusual.
    pub fn words(&self) -> Vec<&'static str> {
        let other = match self.look.other {
            Other::Nothing => None,
            Other::Spanish => Some("spanish"),
            Other::LargeText => Some("large text"),
        };
        [self.view.name, self.look.size.name, self.look.theme].into_iter().chain(other).collect()
    }

    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}.png", self.words().join("-").replace(' ', "-"))
    }
}

/// The looks of every view.
const ALL: [(Size, &str); 4] = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")];

/// The views that are seen in Spanish, with large text and in a narrow window, too: the densest ones.
const DENSE: [&str; 7] =
    ["inbox", "room", "room-system", "trip-driver", "trip-boarding", "trips-found", "new-trip"];

/// Every picture to be taken.
pub fn pictures() -> Vec<Picture> {
    let usual = ALL.map(|(size, theme)| (Look { size, theme, other: Other::Nothing }, false));
    let phone = |other| (Look { size: PHONE, theme: "light", other }, true);
    let narrow = Look { size: NARROW, theme: "light", other: Other::Nothing };
    let looks = usual.into_iter().chain([phone(Other::Spanish), phone(Other::LargeText), (narrow, true)]);
    looks
        .flat_map(|(look, dense)| {
            let wanted = VIEWS.iter().filter(move |view| !dense || DENSE.contains(&view.name));
            wanted.map(move |view| Picture { view: *view, look })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_view_has_a_picture_in_each_size_and_theme_of_its_own_name() {
        let all = pictures();
        let names: BTreeSet<_> = all.iter().map(Picture::file).collect();
        assert_eq!(names.len(), all.len(), "two pictures of one name");
        for view in VIEWS {
            for (size, theme) in ALL {
                assert!(names.contains(&format!("{}-{}-{theme}.png", view.name, size.name)), "{}", view.name);
            }
        }
        for name in DENSE {
            assert!(VIEWS.iter().any(|view| view.name == name), "there is no view {name}");
        }
    }
}
