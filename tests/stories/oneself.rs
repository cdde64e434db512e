//! A person and their own account, from the app: real cores on a real server.

use anyhow::{Context, Result};
use tripchat_core::{CoreError, SecretString};
use tripchat_protocol::ErrorCode;
use tripchat_protocol::rest::SessionView;
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
