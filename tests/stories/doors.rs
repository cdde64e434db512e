//! Who may come in by which door: TLS by the server itself, and pages of other sites.

use anyhow::{Context, Result, ensure};
use reqwest::{Certificate, Client, Method, Response};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tokio::net::TcpStream;
use tripchat_tests::World;

/// The server as it is delivered, killed when the story ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().expect("it can be killed");
        self.0.wait().expect("it ends");
    }
}

/// Starts it with these settings; its address, as it says it.
fn start(folder: &std::path::Path, settings: &str) -> Result<(Process, String)> {
    let file = folder.join("tripchat.toml");
    std::fs::write(&file, settings)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash-server"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&file);
    command.arg("--data").arg(folder.join("data")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = Process(command.spawn()?);
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().context("no output")?).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on ").with_context(|| line.clone())?.to_owned();
    Ok((process, address))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_speaks_tls_by_itself_and_who_does_not_finish_a_handshake_holds_up_nobody() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem())?;
    std::fs::write(&key, made.signing_key.serialize_pem())?;
    let settings = format!("[tls]\ncert = {cert:?}\nkey = {key:?}\n");
    let (_process, address) = start(folder.path(), &settings)?;
    ensure!(address.starts_with("https://"), "{address}");
    // They say nothing at all.
    let there = address.trim_start_matches("https://");
    let silent = futures_util::future::try_join_all((0..50).map(|_| TcpStream::connect(there))).await?;
    let trusted = Certificate::from_pem(made.cert.pem().as_bytes())?;
    let client = Client::builder().tls_certs_only([trusted]).build()?;
    let health = client.get(format!("{address}/health")).send().await?;
    assert_eq!(health.status(), 200);
    let header = |name: &str| health.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or("");
    assert_eq!(header("strict-transport-security"), "max-age=63072000");
    assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff", "no-store"));
    // A certificate that is not trusted, and no TLS at all.
    assert!(Client::new().get(format!("{address}/health")).send().await.is_err());
    assert!(client.get(format!("http://{there}/health")).send().await.is_err());
    drop(silent);
    // A key that is another's is told at the start.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    std::fs::write(&key, other.signing_key.serialize_pem())?;
    assert!(start(folder.path(), &settings).is_err());
    Ok(())
}

async fn from(world: &World, method: Method, origin: &str) -> Result<Response> {
    let request = Client::new().request(method, format!("{}/api/v1/trips", world.server.url()));
    let asks =
        [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
    let request =
        asks.iter().fold(request.header("origin", origin), |it, (name, value)| it.header(*name, *value));
    Ok(request.send().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_sites_that_were_named_may_call_and_no_others() -> Result<()> {
    let mut world = World::new().await?;
    world.server.kill();
    world.server.config.allowed_origins = vec!["https://rides.example".into()];
    world.server.restart().await?;
    for method in [Method::OPTIONS, Method::GET] {
        let answer = from(&world, method.clone(), "https://rides.example").await?;
        let header = |name: &str| answer.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or("");
        assert_eq!(header("access-control-allow-origin"), "https://rides.example", "{method}");
        assert_eq!(header("access-control-allow-credentials"), "");
        if method == Method::OPTIONS {
            assert_eq!(answer.status(), 200);
            assert!(header("access-control-allow-methods").contains("POST"));
            assert!(header("access-control-allow-headers").contains("authorization"));
        }
        for other in
            ["https://evil.example", "null", "https://rides.example.evil.example", "http://rides.example"]
        {
            let answer = from(&world, method.clone(), other).await?;
            assert!(!answer.headers().contains_key("access-control-allow-origin"), "{method} {other}");
        }
    }
    Ok(())
}
