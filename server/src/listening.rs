//! The real network, as the server listens on it.

mod tls;

pub use tls::{Identity, TlsListener};

use axum::serve::{Listener, ListenerExt};
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpSocket, TcpStream};

/// Connections that may wait to be taken; the system may allow fewer. Clients that were cut off all at once come back
/// all at once, and whoever finds the queue full tries again only after a second.
const BACKLOG: u32 = 4_096;

/// Listens on `address`. Small frames leave at once: TCP would hold one back for as long as the one before it is not
/// confirmed, and whoever only listens confirms after 40 ms (Nagle's algorithm, RFC 896).
///
/// # Errors
/// If the address cannot be listened on.
pub fn listen(address: SocketAddr) -> io::Result<impl Listener<Io = TcpStream, Addr = SocketAddr>> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that starts again must not wait for the connections of the one before. Windows means another thing by
    // it: that two may listen at one address.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
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

    // Elsewhere the system allows fewer.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hundreds_who_come_in_one_moment_need_not_come_again() {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        // None of them is taken. One that finds no place would be let in by nobody, and never connect.
        let all = futures_util::future::join_all((0..500).map(|_| TcpStream::connect(address))).await;
        assert!(all.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn small_frames_leave_at_once() {
        let mut listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let ((stream, _), client) = join(listener.accept(), TcpStream::connect(address)).await;
        client.unwrap();
        assert!(stream.nodelay().unwrap());
    }
}
