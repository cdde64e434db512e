//! Requests to addresses that somebody else has named: never into our own network (OWASP, Server-Side Request
//! Forgery). A name is resolved once, every address that it has must be a public one, and the connection goes to one of
//! those that were looked at. No redirects, no proxy, https on its own port.

use crate::error::{Error, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Which addresses may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// This machine too, on any port and without TLS: for trying things out.
    pub loopback: bool,
}

impl Bounds {
    /// The address that `text` means, if it is one that may be asked. What a name stands for is looked at when it is.
    ///
    /// # Errors
    /// In words, without what was given.
    pub fn check(self, text: &str) -> std::result::Result<Url, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is no address")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not hold a password");
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => None,
            None => return Err("it names no host"),
        };
        let here = match (ip, url.host_str()) {
            (Some(ip), _) => ip.is_loopback(),
            (None, name) => name == Some("localhost"),
        };
        if self.loopback && here && matches!(url.scheme(), "http" | "https") {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return Err("it must be https");
        }
        if url.port_or_known_default() != Some(443) {
            return Err("its port must be 443");
        }
        match ip {
            Some(ip) if !self.allows(ip) => Err("it is not a public address"),
            _ => Ok(url),
        }
    }

    fn allows(self, ip: IpAddr) -> bool {
        is_public(ip) || (self.loopback && ip.is_loopback())
    }

    /// What asks, for at most `deadline`.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn client(self, deadline: Duration) -> Result<Client> {
        let client = Client::builder()
            .user_agent(concat!("tripchat-server/", env!("CARGO_PKG_VERSION")))
            .timeout(deadline)
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name once more, and on its own.
            .no_proxy()
            .dns_resolver(Arc::new(self))
            .build();
        client.map_err(|error| Error::internal(format!("TLS: {error}")))
    }
}

impl Resolve for Bounds {
    fn resolve(&self, name: Name) -> Resolving {
        let bounds = *self;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One that is not public is not a mistake beside others that are.
            if !found.iter().all(|it| bounds.allows(it.ip())) {
                return Err("its name does not stand for public addresses".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether `ip` is somebody on the public network (IANA's registries of special-purpose addresses, RFC 6890).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        // This network, private, loopback.
        (0 | 10 | 127, ..) | (172, 16..=31, _) | (192, 168, _) => true,
        // Carriers' own (RFC 6598), link-local with the metadata of clouds.
        (100, 64..=127, _) | (169, 254, _) => true,
        // Protocol assignments, documentation, relays to IPv6, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224..=255, ..) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Only what is given out to the public network (2000::/3), without what leads elsewhere from there: an IPv4 address
    // in another dress (6to4, Teredo; the others lie outside), documentation, benchmarks, ORCHID.
    let inside = (0x2000..=0x3fff).contains(&a);
    let special = match (a, b) {
        (0x2001, 0..=0x1ff) | (0x2001, 0xdb8) | (0x2002, _) => true,
        // 3fff::/20 is documentation (RFC 9637).
        (0x3fff, 0..=0xfff) => true,
        _ => false,
    };
    // Outside of it NAT64 (64:ff9b::/96) and the mapped ones (::ffff:0:0/96) stand for IPv4 addresses, which would have
    // to be looked at, and nobody needs them.
    inside && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Bounds = Bounds { loopback: false };
    const AT_HOME: Bounds = Bounds { loopback: true };

    #[test]
    fn a_public_address_on_https_is_asked() {
        for url in [
            "https://lugar.example/hooks",
            "https://lugar.example:443/",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/hooks?key=1",
            "https://100.63.0.1/",
            "https://172.32.0.1/",
        ] {
            assert!(STRICT.check(url).is_ok(), "{url}");
        }
    }

    /// Each a way to write an address that is not to be asked.
    const REFUSED: [&str; 62] = [
        "http://lugar.example/",
        "https://lugar.example:8443/",
        "https://lugar.example:22/",
        "ftp://lugar.example/",
        "file:///etc/passwd",
        "gopher://lugar.example/",
        "lugar.example",
        "",
        "https://",
        "https://me:secret@lugar.example/",
        "https://me@127.0.0.1/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.255.255.254/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://\u{ff11}27.0.0.1/",
        "https://127\u{3002}0\u{3002}0\u{3002}1/",
        "https://127.0.0.1./",
        "https://%31%32%37.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://0.1.2.3/",
        "https://10.0.0.1/",
        "https://10.255.255.255/",
        "https://167772161/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.168.0.1/",
        "https://0xc0a80001/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://0251.0376.0251.0376/",
        "https://100.64.0.1/",
        "https://100.127.255.255/",
        "https://192.0.0.192/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://198.51.100.7/",
        "https://203.0.113.7/",
        "https://192.88.99.1/",
        "https://224.0.0.1/",
        "https://239.255.255.250/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://[ff02::1]/",
    ];

    #[test]
    fn an_address_within_is_not_asked_however_it_is_written() {
        for url in REFUSED {
            let refused = STRICT.check(url);
            assert!(refused.is_err(), "{url}");
            assert!(!refused.unwrap_err().contains("secret"));
        }
    }

    #[test]
    fn this_machine_is_asked_only_where_that_was_allowed() {
        for url in
            ["http://127.0.0.1:9000/", "http://[::1]:9000/", "http://localhost:9000/", "https://127.0.0.1/"]
        {
            assert!(AT_HOME.check(url).is_ok(), "{url}");
            assert!(STRICT.check(url).is_err(), "{url}");
        }
        for url in
            ["http://10.0.0.1/", "http://0.0.0.0:9000/", "http://lugar.example/", "https://192.168.0.1/"]
        {
            assert!(AT_HOME.check(url).is_err(), "{url}");
        }
    }

    async fn resolve(bounds: Bounds, name: &str) -> bool {
        bounds.resolve(name.parse().unwrap()).await.is_ok()
    }

    #[tokio::test]
    async fn what_a_name_stands_for_is_looked_at_when_it_is_asked() {
        // The machine's own name for itself stands for a DNS that turned round after it was checked.
        assert!(!resolve(STRICT, "localhost").await);
        assert!(resolve(AT_HOME, "localhost").await);
        let client = STRICT.client(Duration::from_secs(5)).unwrap();
        let error = client.post("https://localhost/").send().await.unwrap_err();
        assert!(format!("{error:?}").contains("public addresses"), "{error:?}");
    }
}
