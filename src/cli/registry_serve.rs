use std::net::SocketAddr;
use std::path::PathBuf;

use countersign::registry::server::{Server, Storage};

use super::{Context, Failure};

/// Serve an OCI registry on a loopback address. Not for production
///
/// Serves the distribution specification v1.1 with the referrers API over plain HTTP: no users, no TLS, loopback
/// addresses only. It prints its address and runs until Ctrl-C.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    countersign registry serve                           # in memory, on 127.0.0.1:5000\n  \
    countersign registry serve --addr 127.0.0.1:0        # on a free port, which it prints\n  \
    countersign registry serve --dir ./images            # keeps the images")]
pub struct Args {
    /// Loopback address and port; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:5000", value_parser = address)]
    addr: SocketAddr,
    /// Keep what is pushed in this directory; without it, in memory until the end
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// `127.0.0.1:5000`, `[::1]:5000`, `localhost:5000` and Go's `:5000`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')) {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric
        .parse()
        .map_err(|_| "not an address and port such as 127.0.0.1:5000".to_owned())
}

pub async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let storage = match &args.dir {
        Some(directory) => Storage::directory(directory)?,
        None => Storage::memory(),
    };
    let stop = stop()?;
    let server = Server::bind(args.addr, storage).await?;
    let kept = match &args.dir {
        Some(directory) => format!("in {}", directory.display()),
        None => "in memory, gone when it ends".to_owned(),
    };
    if context.verbose() {
        server.control().on_request(|seen| {
            eprintln!("{} {}", seen.method, seen.path);
            None
        });
    }
    context.note(&format!(
        "An OCI registry for trying things out, not for production: no users, no TLS. Images are kept {kept}.\n\
         Ctrl-C ends it. It listens on:"
    ));
    context.print(&format!("{}\n", server.address()))?;
    server.run(stop).await;
    Ok(())
}

/// Done on Ctrl-C, and where there are signals on SIGTERM.
pub(super) fn stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
