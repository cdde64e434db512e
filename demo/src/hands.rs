//! The ride for someone who wants to play it: both windows signed in, ready to type.

use crate::desk::{Desk, Display};
use crate::people::{DRIVER, Offered, PASSENGER, Person, World, arrange};
use crate::process::Process;
use crate::rest::Rest;
use crate::say::say;
use crate::server::Server;
use crate::window::Window;
use anyhow::Result;
use std::time::Duration;
use tokio::time::sleep;
use tripchat_protocol::RoomId;
use tripchat_runtime::Sources;

/// How often a closed window is noticed.
const LOOK: Duration = Duration::from_secs(1);

/// Opens everything and stays until both windows are closed.
pub async fn open(world: &World, sources: &Sources) -> Result<()> {
    let server = Server::start(world).await?;
    let (offered, booking) = arrange(&Rest::new(&server.address)?, sources).await?;
    tell(&server, &offered, &booking.number);
    if can_drive() { with_driver(world, &server, offered.room).await } else { by_hand(world, &server).await }
}

/// Signs both in and leaves the windows alone.
async fn with_driver(world: &World, server: &Server, room: RoomId) -> Result<()> {
    let driver = Window::open(DRIVER, world, Display::Theirs, &server.address).await?;
    let passenger = Window::open(PASSENGER, world, Display::Theirs, &server.address).await?;
    for window in [&driver, &passenger] {
        window.sign_in(&server.address).await?;
        window.open_room(room).await?;
    }
    say("Both are signed in. Close both windows, or press Ctrl+C here, to end.");
    while driver.is_open().await || passenger.is_open().await {
        sleep(LOOK).await;
    }
    Ok(())
}

/// Opens the windows with the sign-in form.
async fn by_hand(world: &World, server: &Server) -> Result<()> {
    let mut apps = Vec::new();
    for person in [DRIVER, PASSENGER] {
        let desk = Desk::of(&person, world, &Display::Theirs, &server.address)?;
        let log = world.out.join(format!("{}-app.log", person.role));
        apps.push(Process::start("the app", &mut desk.command(&world.app_bin), log)?);
    }
    say("There is no WebKitWebDriver here, so please sign in by hand. Ctrl+C ends it.");
    loop {
        let mut open = false;
        for app in &mut apps {
            open |= !app.has_ended()?;
        }
        if !open {
            return Ok(());
        }
        sleep(LOOK).await;
    }
}

fn tell(server: &Server, offered: &Offered, booking: &str) {
    let places: Vec<_> = offered.trip.stops.iter().map(|stop| stop.place.as_str()).collect();
    say(&format!("server      {}", server.address));
    say(&format!("trip        {}, booking {booking}", places.join(" → ")));
    for Person { role, name, email, password, .. } in [DRIVER, PASSENGER] {
        say(&format!("{role:<11} {name}: {email}, password {password}"));
    }
}

/// Whether everything is there that opens a window by itself.
fn can_drive() -> bool {
    let there = |program: &str| {
        std::env::var_os("PATH")
            .is_some_and(|paths| std::env::split_paths(&paths).any(|folder| folder.join(program).is_file()))
    };
    cfg!(target_os = "linux")
        && ["WebKitWebDriver", "dbus-daemon", "dbus-send", "gnome-keyring-daemon"].into_iter().all(there)
}
