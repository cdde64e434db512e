//! The server's configuration: a file in TOML, then the environment and the command line. Checked at the start.

mod load;

pub use load::{Loaded, Origin};

use crate::error::{Error, Result};
use crate::outbound::{Bounds, is_public};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::{Host, Url};

/// The tenant of a server that has one.
pub const DEFAULT_TENANT: &str = "default";

/// Longest name of a tenant.
const TENANT_CHARS: usize = 40;

/// Everything that can be set. Without any of it the server runs on SQLite in `./data`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The folder of everything that it stores.
    pub data: PathBuf,
    /// The name that its tokens carry (`iss`).
    pub issuer: String,
    /// Life of an access token, in seconds: 60 to 3,600.
    pub access_token_seconds: i64,
    /// Sites that may open a socket, by their `Origin`. The app's own are always allowed.
    pub allowed_origins: Vec<String>,
    /// Where it notes what was taken away or ended, so that a backup does not bring it back: a file beside the data
    /// folder, and on another disk if there is one. Without a name: that of the data folder, and `.ledger.jsonl`.
    pub ledger: Option<PathBuf>,
    /// A PostgreSQL address; without one, SQLite in the data folder.
    #[serde(serialize_with = "hidden")]
    pub postgres: Option<String>,
    /// The largest that the SQLite file may grow.
    pub max_database_bytes: Option<u64>,
    /// Sockets that may be opened in a second.
    pub handshakes_per_second: u32,
    /// The span over which clients leave before the server stops, in milliseconds: up to a minute.
    pub drain_ms: u64,
    /// How often each connection compares its streams with the database, in milliseconds: 100 to 15,000. What was
    /// lost on the way is noticed then.
    pub heads_every_ms: u64,
    /// Whose tokens are exchanged for ours.
    pub issuers: Vec<IssuerConfig>,
    /// How platforms are told what happens.
    pub webhooks: WebhooksConfig,
    /// Where those who run it look at it.
    pub admin: AdminConfig,
    /// The certificate with which it answers by itself; without one it speaks HTTP, to a proxy in front of it.
    pub tls: Option<TlsConfig>,
    /// The tenants that share this server and see nothing of one another. Whoever names none is the first one's.
    pub tenants: Vec<String>,
}

/// A certificate and its key, in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The file of the certificate, and of those between it and its authority.
    pub cert: PathBuf,
    /// The file of its key.
    pub key: PathBuf,
}

/// Where those who run the server look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdminConfig {
    /// The address of its figures; nowhere without one. Whoever reaches it is asked nothing: it must be of this machine
    /// or of a private network.
    pub listen: Option<SocketAddr>,
}

impl AdminConfig {
    fn check(&self) -> Result<()> {
        match self.listen.map(|it| it.ip()) {
            Some(ip) if ip.is_unspecified() || is_public(ip) => Err(Error::internal(
                "admin.listen must be an address of this machine or of a private network",
            )),
            _ => Ok(()),
        }
    }
}

/// How platforms are told what happens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhooksConfig {
    /// This machine may be told too, on any port and without TLS: for trying things out.
    pub allow_loopback: bool,
}

impl WebhooksConfig {
    /// Which addresses may be told.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds { loopback: self.allow_loopback }
    }
}

/// A foreign issuer of tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// Its name, as its tokens say it (`iss`).
    pub issuer: String,
    /// Where its keys are: https, or http on this machine.
    pub jwks_url: String,
    /// Whom its tokens for us are for (`aud`).
    pub audience: String,
    /// The tenant that its people belong to; the first one of the server if it is not given.
    #[serde(default)]
    pub tenant: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7400)),
            data: PathBuf::from("data"),
            issuer: "tripchat".into(),
            access_token_seconds: 900,
            allowed_origins: Vec::new(),
            ledger: None,
            postgres: None,
            max_database_bytes: None,
            handshakes_per_second: 200,
            drain_ms: 5_000,
            heads_every_ms: 10_000,
            issuers: Vec::new(),
            webhooks: WebhooksConfig::default(),
            admin: AdminConfig::default(),
            tls: None,
            tenants: vec![DEFAULT_TENANT.into()],
        }
    }
}

/// Which database.
#[derive(Clone)]
pub enum StoreConfig {
    /// A file.
    Sqlite {
        /// Where.
        path: PathBuf,
        /// The largest that it may grow.
        max_bytes: Option<u64>,
    },
    /// A server.
    Postgres {
        /// Its address; holds a password, never printed.
        url: String,
    },
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, .. } => write!(f, "SQLite {}", path.display()),
            Self::Postgres { .. } => f.write_str("PostgreSQL"),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown().map_err(|_| fmt::Error)?)
    }
}

/// A secret, as it is shown.
#[expect(clippy::ref_option, reason = "the shape of serde")]
fn hidden<S: Serializer>(secret: &Option<String>, to: S) -> std::result::Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| "(set)").serialize(to)
}

impl Config {
    /// All settings as they stand, in TOML; of a secret only whether there is one.
    ///
    /// # Errors
    /// If they cannot be written: a defect.
    pub fn shown(&self) -> Result<String> {
        toml::to_string(self).map_err(|error| Error::internal(error.to_string()))
    }

    /// Checks the bounds.
    ///
    /// # Errors
    /// Names the value that is out of them.
    pub fn check(self) -> Result<Self> {
        if !(60..=3_600).contains(&self.access_token_seconds) {
            return Err(Error::internal("access_token_seconds must be between 60 and 3600"));
        }
        if self.handshakes_per_second == 0 {
            return Err(Error::internal("handshakes_per_second must not be 0"));
        }
        if self.drain_ms > 60_000 {
            return Err(Error::internal("drain_ms must be at most 60000"));
        }
        // The protocol promises heads within 20 s; a slow client may hold up a look.
        if !(100..=15_000).contains(&self.heads_every_ms) {
            return Err(Error::internal("heads_every_ms must be between 100 and 15000"));
        }
        if self.issuer.is_empty() {
            return Err(Error::internal("issuer must not be empty"));
        }
        self.admin.check()?;
        for origin in &self.allowed_origins {
            // Browsers write them so, and they are compared letter by letter.
            let written = Url::parse(origin).map(|url| url.origin().ascii_serialization());
            if written.as_deref() != Ok(origin) {
                return Err(Error::internal("allowed_origins must be such as https://rides.example"));
            }
        }
        self.check_tenants()?;
        for (place, foreign) in self.issuers.iter().enumerate() {
            foreign.check()?;
            let others = self.issuers.iter().skip(place + 1);
            if foreign.issuer == self.issuer || others.into_iter().any(|it| it.issuer == foreign.issuer) {
                return Err(Error::internal("two issuers have one name"));
            }
        }
        Ok(self)
    }

    /// Where the ledger is.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.ledger.clone().unwrap_or_else(|| {
            let mut name = self.data.file_name().unwrap_or("data".as_ref()).to_owned();
            name.push(".ledger.jsonl");
            self.data.with_file_name(name)
        })
    }

    fn check_tenants(&self) -> Result<()> {
        let twice = |(place, tag)| self.tenants.iter().skip(place + 1).any(|other| other == tag);
        if self.tenants.is_empty() || !self.tenants.iter().all(|tag| is_tenant(tag)) {
            return Err(Error::internal("tenants must be named by small letters, digits and hyphens"));
        }
        if self.tenants.iter().enumerate().any(twice) {
            return Err(Error::internal("two tenants have one name"));
        }
        let mut named = self.issuers.iter().filter_map(|it| it.tenant.as_ref());
        if named.any(|tenant| !self.tenants.contains(tenant)) {
            return Err(Error::internal("issuers: the tenant of one is not among the tenants"));
        }
        Ok(())
    }

    /// The tenant that is `named`; the first, if none is.
    #[must_use]
    pub fn tenant(&self, named: Option<String>) -> String {
        named.unwrap_or_else(|| self.first_tenant().into())
    }

    /// The tenant of whoever names none.
    #[must_use]
    pub fn first_tenant(&self) -> &str {
        self.tenants.first().map_or(DEFAULT_TENANT, String::as_str)
    }

    /// Which database that means.
    #[must_use]
    pub fn store(&self) -> StoreConfig {
        match &self.postgres {
            Some(url) => StoreConfig::Postgres { url: url.clone() },
            None => StoreConfig::Sqlite {
                path: self.data.join("tripchat.db"),
                max_bytes: self.max_database_bytes,
            },
        }
    }
}

/// Whether a tenant can be called so: small letters, digits and hyphens.
#[must_use]
pub fn is_tenant(tag: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=TENANT_CHARS).contains(&tag.len()) && tag.bytes().all(plain)
}

impl IssuerConfig {
    fn check(&self) -> Result<()> {
        if self.issuer.is_empty() || self.audience.is_empty() {
            return Err(Error::internal("issuers: issuer and audience must not be empty"));
        }
        let url =
            Url::parse(&self.jwks_url).map_err(|_| Error::internal("issuers: jwks_url is no address"))?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        // Keys that somebody on the way can change are no keys.
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            return Err(Error::internal("issuers: jwks_url must be https, or http on this machine"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::internal("issuers: jwks_url must not hold a password"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
