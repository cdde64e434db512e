//! TLS in front of a listener. Handshakes go on side by side: one who does not finish theirs holds up nobody.

use crate::config::TlsConfig;
use crate::error::{Error, Result};
use axum::serve::Listener;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_rustls::server::TlsStream;
use tripchat_runtime::Tasks;

/// A handshake is over by then.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at once; whoever comes then waits to be taken.
const AT_ONCE: usize = 1_024;

/// The certificate and its key, as they are used.
#[derive(Clone)]
pub struct Identity(TlsAcceptor);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// Reads the files.
    ///
    /// # Errors
    /// If one cannot be read, or they do not belong together.
    pub fn read(config: &TlsConfig) -> Result<Self> {
        let told =
            |path: &Path, error: &dyn fmt::Display| Error::internal(format!("{}: {error}", path.display()));
        let TlsConfig { cert, key } = config;
        let chain: std::result::Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(cert).and_then(Iterator::collect);
        let chain = chain.map_err(|error| told(cert, &error))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| told(key, &error))?;
        let builder = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| told(cert, &error))?;
        let config = builder.with_no_client_auth().with_single_cert(chain, secret);
        let mut config = config.map_err(|error| told(cert, &error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

/// A listener whose connections are through their handshake.
#[derive(Debug)]
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    _accepting: Tasks,
}

impl TlsListener {
    /// Takes what `listener` takes through a handshake as `identity`.
    ///
    /// # Errors
    /// If the listener does not know its address.
    pub fn new<L>(listener: L, identity: &Identity) -> io::Result<Self>
    where
        L: Listener<Io = TcpStream, Addr = SocketAddr>,
    {
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(1);
        let accepting = Tasks::default();
        accepting.start("tls", accept(listener, identity.clone(), sender));
        Ok(Self { ready, address, _accepting: accepting })
    }
}

async fn accept<L>(
    mut listener: L,
    identity: Identity,
    ready: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) where
    L: Listener<Io = TcpStream, Addr = SocketAddr>,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let handshakes = Tasks::default();
    loop {
        // It is never closed.
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, address) = listener.accept().await;
        let (handshake, ready) = (identity.0.accept(stream), ready.clone());
        handshakes.start("tls-handshake", async move {
            match timeout(HANDSHAKE, handshake).await {
                // Nobody takes it only if the server ends.
                Ok(Ok(stream)) => drop(ready.send((stream, address)).await),
                Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                Err(_) => tracing::debug!("a handshake was not finished"),
            }
            drop(place);
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // What accepts ends with this only.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
