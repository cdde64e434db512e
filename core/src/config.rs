//! What the shell tells the core, and the address of a server as a person types it.

use crate::error::CoreError;
use std::path::PathBuf;
use tripchat_protocol::ErrorCode;
use url::{Host, Url};

/// What the shell tells the core when it starts it.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that the core may write to; it is made if it is missing.
    pub data_dir: PathBuf,
    /// The server that a fresh installation offers.
    pub server: String,
    /// Name and version of the app, for the server's logs; at most 64 characters.
    pub app: String,
}

/// A server's address: `https://host[:port][/path]` without a slash at its end. Plain `http://` only to the
/// machine itself (and to the Android emulator's host), where nobody listens in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(String);

impl ServerAddress {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// `INVALID_INPUT` with `details` = `server` for anything that is not such an address.
    pub fn parse(typed: &str) -> Result<Self, CoreError> {
        let refused =
            || CoreError { details: Some("server".into()), ..CoreError::from(ErrorCode::InvalidInput) };
        let typed = typed.trim().trim_end_matches('/');
        let url = if typed.contains("://") {
            Url::parse(typed)
        } else {
            // A guess of the scheme needs the host, and only a whole URL can be parsed for it.
            Url::parse(&format!("https://{typed}"))
                .and_then(|url| if is_here(&url) { Url::parse(&format!("http://{typed}")) } else { Ok(url) })
        }
        .map_err(|_| refused())?;
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let scheme = match url.scheme() {
            "https" => true,
            "http" => is_here(&url),
            _ => false,
        };
        if !plain || !scheme || url.host().is_none() {
            return Err(refused());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a REST route, `path` beginning with a slash.
    #[must_use]
    pub fn api(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.0)
    }

    /// The address that tells whether this is a Tripchat server at all.
    #[must_use]
    pub fn health(&self) -> String {
        format!("{}/health", self.0)
    }

    /// The address of the socket.
    #[must_use]
    pub fn socket(&self) -> String {
        // "http" becomes "ws", "https" becomes "wss".
        format!("ws{}/api/v1/ws", self.0.strip_prefix("http").unwrap_or(&self.0))
    }

    /// The host and port in a form that can be part of a file's name.
    #[must_use]
    pub fn file_name(&self) -> String {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        rest.chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' })
            .collect()
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.octets() == [10, 0, 2, 2],
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> Option<String> {
        ServerAddress::parse(typed).ok().map(|a| a.as_str().to_owned())
    }

    #[test]
    fn a_typed_address_is_completed() {
        for (typed, whole) in [
            (" chat.example.com/ ", "https://chat.example.com"),
            ("chat.example.com:8443", "https://chat.example.com:8443"),
            ("https://example.com/chat/", "https://example.com/chat"),
            ("localhost:4000", "http://localhost:4000"),
            ("127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("[::1]:4000", "http://[::1]:4000"),
            ("http://10.0.2.2:4000", "http://10.0.2.2:4000"),
        ] {
            assert_eq!(address(typed).as_deref(), Some(whole), "{typed}");
        }
    }

    #[test]
    fn what_would_leak_or_mislead_is_refused() {
        for typed in [
            "",
            "http://chat.example.com",
            "https://me:secret@chat.example.com",
            "https://chat.example.com?token=x",
            "https://chat.example.com#x",
            "ftp://chat.example.com",
            "http://localhost.example.com",
            "two words",
        ] {
            assert_eq!(address(typed), None, "{typed}");
        }
    }

    #[test]
    fn routes_and_file_names_follow() {
        let address = ServerAddress::parse("https://example.com:8443/chat").unwrap();
        assert_eq!(address.socket(), "wss://example.com:8443/chat/api/v1/ws");
        assert_eq!(address.api("/trips"), "https://example.com:8443/chat/api/v1/trips");
        assert_eq!(address.health(), "https://example.com:8443/chat/health");
        assert_eq!(address.file_name(), "example.com_8443_chat");
    }
}
