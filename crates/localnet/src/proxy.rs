//! A TCP proxy that fails on purpose, for tests of RPC and WebSocket outages.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What the proxy does with connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Passes them on.
    All,
    /// Cuts those that there are and closes new ones at once.
    None,
}

/// A TCP proxy at a port of its own. It ends when dropped, with all of its connections.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    pass: watch::Sender<(Pass, u64)>,
    accepting: JoinHandle<()>,
}

impl FaultProxy {
    /// A proxy that passes connections on to `target`, such as `127.0.0.1:8899`.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start(target: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (pass, watched) = watch::channel((Pass::All, 0));
        let target = target.to_owned();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, target.clone(), watched.clone()));
            }
        });
        Ok(Self { address, pass, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes connections on, or does not, until told otherwise.
    pub fn pass(&self, pass: Pass) {
        self.pass.send_modify(|(now, cuts)| {
            *now = pass;
            *cuts = cuts.saturating_add(u64::from(pass == Pass::None));
        });
    }

    /// Cuts the connections that there are. New ones are passed on as before.
    pub fn cut(&self) {
        self.pass.send_modify(|(_, cuts)| *cuts = cuts.saturating_add(1));
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

/// Passes bytes both ways until either side closes or the connection is cut.
async fn forward(mut client: TcpStream, target: String, mut watched: watch::Receiver<(Pass, u64)>) {
    let (pass, cuts) = *watched.borrow_and_update();
    if pass == Pass::None {
        return;
    }
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    tokio::select! {
        // A cut comes before any byte that arrives after it.
        biased;
        // The proxy may be gone: then the connection is cut, too.
        _ = watched.wait_for(|(_, now)| *now != cuts) => {}
        // Either side may close whenever it likes.
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
    }
}
