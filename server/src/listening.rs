//! The real network, as the server listens on it.

use axum::serve::{Listener, ListenerExt};
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream};

/// Listens on `address`. Small frames leave at once: TCP would hold one back for as long as the one before it is not
/// confirmed, and whoever only listens confirms after 40 ms (Nagle's algorithm, RFC 896).
///
/// # Errors
/// If the address cannot be listened on.
pub async fn listen(address: SocketAddr) -> io::Result<impl Listener<Io = TcpStream, Addr = SocketAddr>> {
    let listener = TcpListener::bind(address).await?;
    Ok(listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection that is slower, or gone already");
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join;

    #[tokio::test]
    async fn small_frames_leave_at_once() {
        let mut listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let ((stream, _), client) = join(listener.accept(), TcpStream::connect(address)).await;
        client.unwrap();
        assert!(stream.nodelay().unwrap());
    }
}
