//! A person and their own account, from the app: real cores on a real server.

use crate::operator::program;
use anyhow::{Context, Result};
use tripchat_core::{CoreError, SecretString};
use tripchat_protocol::ErrorCode;
use tripchat_protocol::rest::{MeChange, SessionView};
use tripchat_tests::{PASSWORD, Person, World, on_both};

const EMAIL: &str = "aigerim@example.org";
const NEW: &str = "ein neuer Weg über Шу 🚌";

/// One person with the app on two devices, both online.
async fn two_devices(world: &mut World) -> Result<(Person, Person)> {
    let (here, there) = (world.somebody(), world.somebody());
    here.register_as(EMAIL, "Aigerim").await?;
    there.sign_in(EMAIL).await?;
    here.until_online().await?;
    there.until_online().await?;
    Ok((here, there))
}

async fn until_signed_out(person: &Person) -> Result<()> {
    let signed_out = |client: tripchat_core::Client| async move {
        Ok(client.start_view().await?.account.is_none().then_some(()))
    };
    person.until("the end of the sign-in", signed_out).await
}

fn code<T>(result: Result<T, CoreError>) -> Option<ErrorCode> {
    result.err().map(|error| error.code)
}

fn other(sessions: &[SessionView]) -> Result<&SessionView> {
    sessions.iter().find(|it| !it.current).context("there is no other sign-in")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_phone_is_signed_out_from_the_app_and_says_so() -> Result<()> {
    on_both(|mut world| async move {
        let (here, there) = two_devices(&mut world).await?;
        let sessions = here.client.sessions().await?;
        assert_eq!((sessions.len(), sessions.iter().filter(|it| it.current).count()), (2, 1));
        let app = tripchat_core::api::user_agent();
        assert!(sessions.iter().all(|it| it.app.as_deref() == Some(&app)), "{sessions:?}");
        let lost = other(&sessions)?.id;
        here.client.end_session(lost).await?;
        until_signed_out(&there).await?;
        assert_eq!(code(there.client.sessions().await), Some(ErrorCode::NotSignedIn));
        assert_eq!(here.client.sessions().await?.len(), 1);
        assert_eq!(code(here.client.end_session(lost).await), Some(ErrorCode::NotFound), "it is over");
        // All others at once, which may be none.
        there.sign_in(EMAIL).await?;
        there.until_online().await?;
        here.client.end_other_sessions().await?;
        until_signed_out(&there).await?;
        here.client.end_other_sessions().await?;
        here.until_online().await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_is_set_in_the_app_which_stays_signed_in_alone() -> Result<()> {
    on_both(|mut world| async move {
        let (here, there) = two_devices(&mut world).await?;
        let secret = |text: &str| SecretString::from(text);
        let wrong = here.client.change_password(secret("wrong horse battery"), secret(NEW)).await;
        assert_eq!(code(wrong), Some(ErrorCode::WrongCredentials));
        let common = here.client.change_password(secret(PASSWORD), secret("password1")).await;
        assert_eq!(code(common), Some(ErrorCode::PasswordTooCommon));
        assert_eq!(here.client.sessions().await?.len(), 2, "nobody was signed out");
        here.client.change_password(secret(PASSWORD), secret(NEW)).await?;
        until_signed_out(&there).await?;
        assert_eq!(here.client.sessions().await?.len(), 1);
        here.until_online().await?;
        let old = there.client.sign_in(world.server.url(), EMAIL.into(), secret(PASSWORD)).await;
        assert_eq!(code(old), Some(ErrorCode::WrongCredentials));
        there.client.sign_in(world.server.url(), EMAIL.into(), secret(NEW)).await?;
        there.until_online().await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_is_changed_in_the_app_is_seen_in_the_room_and_on_ones_other_device() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        let change = MeChange {
            username: Some(Some("aigerim_7".into())),
            business_name: Some(Some("Sayran Transfers".into())),
            ..MeChange::default()
        };
        let me = driver.client.change_profile(change).await?;
        assert_eq!(me.username.as_deref(), Some("aigerim_7"));
        let shown = driver.client.start_view().await?.account.context("nobody")?.name;
        assert_eq!(shown, "Sayran Transfers");
        passenger
            .until("the new name", |client| async move {
                let members = client.room(room).await?.members;
                Ok(members.iter().any(|it| it.name == "Sayran Transfers").then_some(()))
            })
            .await?;
        let taken = MeChange { username: Some(Some("AIGERIM_7".into())), ..MeChange::default() };
        assert_eq!(code(passenger.client.change_profile(taken).await), Some(ErrorCode::UsernameTaken));
        let back = MeChange { business_name: Some(None), ..MeChange::default() };
        assert_eq!(driver.client.change_profile(back).await?.business_name, None);
        let shown = driver.client.start_view().await?.account.context("nobody")?.name;
        assert_eq!(shown, me.name);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_set_in_the_app_with_the_operators_code() -> Result<()> {
    let mut world = World::new().await?;
    let (here, there) = two_devices(&mut world).await?;
    let secret = |text: &str| SecretString::from(text);
    let stranger = world.somebody();
    let reset =
        |code: &str, new: &str| stranger.client.reset_password(world.server.url(), secret(code), secret(new));
    assert_eq!(code(reset("AAAAA-BBBBB", NEW).await), Some(ErrorCode::CodeInvalid));
    let handed_over = program(&world, &["reset-code", EMAIL])?;
    assert_eq!(code(reset(&handed_over, "password1").await), Some(ErrorCode::PasswordTooCommon));
    reset(&handed_over, NEW).await?;
    assert_eq!(stranger.client.start_view().await?.account, None, "it signs nobody in");
    until_signed_out(&here).await?;
    until_signed_out(&there).await?;
    stranger.client.sign_in(world.server.url(), EMAIL.into(), secret(NEW)).await?;
    stranger.until_online().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_deleted_in_the_app_is_gone_on_the_device_and_on_the_server() -> Result<()> {
    on_both(|mut world| async move {
        let (here, there) = two_devices(&mut world).await?;
        let secret = |text: &str| SecretString::from(text);
        let own: serde_json::Value = serde_json::from_str(&here.client.export_me().await?)?;
        assert_eq!(own["account"]["email"], EMAIL);
        let wrong = here.client.delete_account(secret("wrong horse battery")).await;
        assert_eq!(code(wrong), Some(ErrorCode::WrongCredentials));
        here.until_online().await?;
        let caches = |person: &Person| -> Result<usize> {
            let files = std::fs::read_dir(&person.data)?.collect::<Result<Vec<_>, _>>()?;
            let of_people =
                |it: &std::fs::DirEntry| !it.file_name().to_string_lossy().starts_with("tripchat.db");
            Ok(files.iter().filter(|it| of_people(it)).count())
        };
        assert!(caches(&here)? > 0);
        here.client.delete_account(secret(PASSWORD)).await?;
        assert_eq!(here.client.start_view().await?.account, None);
        assert_eq!(caches(&here)?, 0);
        until_signed_out(&there).await?;
        let again = here.client.sign_in(world.server.url(), EMAIL.into(), secret(PASSWORD)).await;
        assert_eq!(code(again), Some(ErrorCode::WrongCredentials));
        // The e-mail is free for somebody new.
        here.register_as(EMAIL, "Somebody new").await?;
        here.until_online().await
    })
    .await
}
