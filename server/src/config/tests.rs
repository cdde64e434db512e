//! Settings: their defaults, their bounds, and where what is wrong stands.

use super::*;

fn read(text: &str) -> Result<Config> {
    read_with(text, &[])
}

fn read_with(text: &str, environment: &[(&str, &str)]) -> Result<Config> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Loaded::read(Some(file.path()), environment)?.check()
}

#[test]
fn what_is_not_set_has_its_default() {
    let config = read("issuer = \"rides.example\"").unwrap();
    assert_eq!((config.issuer.as_str(), config.listen.port()), ("rides.example", 7400));
    assert!(matches!(config.store(), StoreConfig::Sqlite { path, .. } if path.ends_with("data/tripchat.db")));
}

#[test]
fn what_cannot_be_is_refused_at_the_start_and_no_secret_is_quoted() {
    for text in [
        "access_token_seconds = 10",
        "access_token_seconds = 86400",
        "handshakes_per_second = 0",
        "drain_ms = 60001",
        "heads_every_ms = 20000",
        "heads_every_ms = 0",
        "issuer = \"\"",
        "listen = \"everywhere\"",
        "databse = \"typo\"",
        "not toml",
        "postgres = 7 # hunter2",
        "[admin]\nlisten = \"0.0.0.0:7401\"",
        "[admin]\nlisten = \"[::]:7401\"",
        "allowed_origins = [\"https://rides.example/\"]",
        "allowed_origins = [\"rides.example\"]",
        "allowed_origins = [\"*\"]",
        "allowed_origins = [\"null\"]",
        "[tls]\ncert = \"cert.pem\"",
        "[admin]\nlisten = \"93.184.215.14:7401\"",
        "[webhooks]\nallow_everything = true",
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

fn foreign(issuer: &str, url: &str) -> String {
    format!("[[issuers]]\nissuer = \"{issuer}\"\njwks_url = \"{url}\"\naudience = \"chat\"\n")
}

#[test]
fn foreign_issuers_have_keys_that_nobody_on_the_way_can_change() {
    for url in [
        "https://rides.example/jwks.json",
        "https://10.0.0.7:8443/keys?v=1",
        "http://127.0.0.1:9000/jwks.json",
        "http://127.9.9.9/",
        "http://[::1]/jwks.json",
        "http://localhost:1/jwks.json",
    ] {
        let config = read(&foreign("rides", url)).unwrap();
        assert_eq!(config.issuers[0].jwks_url, url);
    }
    for url in [
        "http://rides.example/jwks.json",
        "http://localhost.rides.example/",
        "http://127.0.0.1.rides.example/",
        "http://10.0.0.7/",
        "http://0.0.0.0/",
        "ftp://rides.example/",
        "file:///etc/jwks.json",
        "https://me:hunter2@rides.example/",
        "rides.example",
        "",
    ] {
        let error = read(&foreign("rides", url)).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn each_issuer_is_there_once_and_is_not_us() {
    let url = "https://rides.example/jwks.json";
    assert!(read(&[foreign("a", url), foreign("b", url)].concat()).is_ok());
    assert!(read(&[foreign("a", url), foreign("a", url)].concat()).is_err());
    assert!(read(&foreign("tripchat", url)).is_err());
    assert!(read(&foreign("", url)).is_err());
    assert!(read(&[&foreign("a", url), "algorithm = \"none\""].concat()).is_err());
}

#[test]
fn the_environment_wins_over_the_file_and_says_where_it_is_wrong() {
    let file = "access_token_seconds = 600\nallowed_origins = [\"https://a.example\"]";
    let config = read_with(
        file,
        &[
            ("TRIPCHAT_ACCESS_TOKEN_SECONDS", "1200"),
            ("TRIPCHAT_ISSUER", "7"),
            ("TRIPCHAT_ADMIN__LISTEN", "127.0.0.1:7401"),
            ("TRIPCHAT_WEBHOOKS__ALLOW_LOOPBACK", "true"),
            ("TRIPCHAT_ALLOWED_ORIGINS", "[\"https://b.example\"]"),
            ("TRIPCHAT_LOG", "debug"),
            ("TRIPCHAT_TEST_POSTGRES", "host=nowhere"),
            ("PATH", "/bin"),
        ],
    );
    let config = config.unwrap();
    assert_eq!((config.access_token_seconds, config.issuer.as_str()), (1_200, "7"));
    assert_eq!(config.admin.listen.unwrap().port(), 7_401);
    assert!(config.webhooks.allow_loopback);
    assert_eq!(config.allowed_origins, ["https://b.example"]);
    for (name, value) in [
        ("TRIPCHAT_ACCESS_TOKEN_SECONDS", "10"),
        ("TRIPCHAT_ACCESS_TOKEN_SECONDS", "soon"),
        ("TRIPCHAT_DATABSE", "here"),
        ("TRIPCHAT_ADMIN__LISTEN", "0.0.0.0:1"),
        ("TRIPCHAT_ADMIN__PORT", "1"),
        ("TRIPCHAT_ISSUER__NAME", "x"),
        ("TRIPCHAT_DRAIN_MS", "60001"),
    ] {
        let error = read_with("", &[(name, value)]).unwrap_err().to_string();
        assert!(error.contains(name), "{name}: {error}");
    }
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_line() {
    let error = read("issuer = \"a\"\n\naccess_token_seconds = \"soon\"\n").unwrap_err().to_string();
    assert!(error.contains("line 3"), "{error}");
    let error = read("issuer = \"a\"\ndrain_ms = 70000\n").unwrap_err().to_string();
    assert!(error.contains("drain_ms") && error.contains("(from "), "{error}");
}

#[test]
fn a_secret_is_shown_to_nobody() {
    let config = read("postgres = \"host=db password=hunter2\"\n[admin]\nlisten = \"127.0.0.1:1\"").unwrap();
    let shown = config.shown().unwrap();
    assert!(shown.contains("listen = \"127.0.0.1:1\"") && shown.contains("postgres = \"(set)\""), "{shown}");
    for text in [shown, format!("{config:?}"), format!("{:?}", config.store())] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    // What is shown can be read again.
    assert!(read(&read("drain_ms = 7").unwrap().shown().unwrap()).is_ok());
}

#[test]
fn tenants_have_plain_names_and_each_is_there_once() {
    assert_eq!(read("").unwrap().first_tenant(), "default");
    let two = read("tenants = [\"north\", \"south-2\"]").unwrap();
    assert_eq!(two.first_tenant(), "north");
    for bad in ["[]", "[\"\"]", "[\"North\"]", "[\"a b\"]", "[\"a\", \"a\"]", "[\"тойота\"]"] {
        assert!(read(&format!("tenants = {bad}")).is_err(), "{bad}");
    }
    assert!(read(&format!("tenants = [\"{}\"]", "a".repeat(41))).is_err());
    let issuer = foreign("rides", "https://rides.example/jwks.json");
    assert!(read(&format!("{issuer}\ntenant = \"default\"")).is_ok());
    assert!(read(&format!("{issuer}\ntenant = \"south\"")).is_err());
}
