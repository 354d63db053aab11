//! The sockets that a door listens on.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that wait in the kernel's queue; the system may allow fewer.
const BACKLOG: i32 = 4_096;

/// Binds `count` listeners to one address, among which the kernel shares out the connections.
///
/// The port may be 0: all get the same free one. Fails where another process listens there: sharing
/// an address with one's equals, as these do, would otherwise hide a second server that was started by
/// mistake, so the address is bound alone first.
pub fn listen(address: SocketAddr, count: usize) -> io::Result<Vec<TcpListener>> {
    let alone = bind(address, false)?;
    let address = alone.local_addr()?;
    drop(alone);
    (0..count.max(1)).map(|_| bind(address, true)).collect()
}

fn bind(address: SocketAddr, shared: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Connections of an earlier server that are about to end do not count.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(shared)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_and_loops_of_one_are_not() {
        let first = listen("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        let address = first[0].local_addr().unwrap();
        assert!(first.iter().all(|listener| listener.local_addr().unwrap() == address));
        assert_eq!(listen(address, 1).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(first);
        assert_eq!(listen(address, 2).unwrap().len(), 2);
    }
}
