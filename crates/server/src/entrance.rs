//! Where connections come in: the door's loops, or, where they are encrypted, hyper at once.

use std::{io, net::SocketAddr, num::NonZero, sync::Arc};

use axum::Router;
use door::Door;
use rustls::ServerConfig;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    config::Config,
    front::{Front, Plain},
    listen::{self, Limits},
};

/// An address that is listened on, before anybody is let in.
pub enum Entrance {
    /// A listener for each loop.
    Plain(Vec<std::net::TcpListener>),
    Encrypted(TcpListener, Arc<ServerConfig>),
}

/// How many loops the door has: one for each core.
pub fn loops() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

impl Entrance {
    /// Listens as the settings say. Fails, with the setting's name, where another server does already
    /// or the certificate cannot be used.
    pub async fn bind(config: &Config) -> Result<Entrance, String> {
        let at = config.listen;
        let cannot = |error| format!("WAYPOST_LISTEN: cannot listen on {at}: {error}");
        let Some((cert, key)) = &config.tls else {
            return door::listen(at, loops()).map(Entrance::Plain).map_err(cannot);
        };
        let tls = listen::tls(cert, key).map_err(|e| e.to_string())?;
        Ok(Entrance::Encrypted(TcpListener::bind(at).await.map_err(cannot)?, tls))
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        match self {
            Entrance::Plain(listeners) => listeners[0].local_addr(),
            Entrance::Encrypted(listener, _) => listener.local_addr(),
        }
    }

    /// Lets visitors in, until `stop`; the task ends when the last of them is answered or its grace is
    /// over.
    pub fn open(
        self,
        app: &App,
        router: Router,
        limits: Limits,
        stop: CancellationToken,
    ) -> io::Result<JoinHandle<()>> {
        let service = {
            let app = app.clone();
            move |peer, is_tls| Front { app: app.clone(), router: router.clone(), peer, is_tls }
        };
        match self {
            Entrance::Encrypted(listener, tls) => {
                let serving = listen::serve(listener, Some(tls), limits, service, stop);
                Ok(tokio::spawn(serving))
            }
            Entrance::Plain(listeners) => {
                let (handed, queue) = mpsc::unbounded_channel();
                let counted = app.clone();
                let hand_over = move |connection| {
                    counted.metrics.handed();
                    // It fails when the server has stopped, and then nobody is left to tell.
                    let _ = handed.send(connection);
                };
                let plain = |lane| Plain::new(app.clone(), lane);
                let places = limits.places();
                let door = Door::open(listeners, limits.into(), &places, plain, hand_over)?;
                let service = move |peer| service(peer, false);
                let handed = listen::serve_handed(queue, limits, service, stop.clone());
                Ok(tokio::spawn(async move {
                    let closing = async move {
                        stop.cancelled().await;
                        // The queue ends with the last loop.
                        let _ = tokio::task::spawn_blocking(|| door.close()).await;
                    };
                    tokio::join!(closing, handed);
                }))
            }
        }
    }
}
