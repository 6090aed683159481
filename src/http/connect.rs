//! Making connections: addresses are looked up and judged here, TLS and proxies are joined on.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::address::{Place, literal};
use super::proxy::{Proxies, Via};
use super::tls::{Tls, advice, is_not_tls};
use super::untrusted::shown;
use super::{Error, Origin};

/// Longest time that the TCP connection to one address may take.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest time that the whole of a connection may take: all addresses, the proxy and TLS.
const WHOLE: Duration = Duration::from_secs(30);
/// Most addresses of a name that are tried.
const MAX_ADDRESSES: usize = 8;
/// Longest answer of a proxy to CONNECT, in bytes.
const MAX_CONNECT_ANSWER: usize = 16 << 10;

/// How a server came to be contacted, which decides what addresses it may have.
#[derive(Clone, Copy, Default)]
struct Standing {
    /// The user named it.
    named: bool,
    /// A server on this host chose it.
    chosen_locally: bool,
    /// It was found on this host.
    local: bool,
}

/// What all connections of a client share.
pub struct Shared {
    tls: Tls,
    proxies: Proxies,
    standings: Mutex<HashMap<Origin, Standing>>,
}

impl Shared {
    pub fn new(tls: Tls, proxies: Proxies) -> Self {
        Self {
            tls,
            proxies,
            standings: Mutex::new(HashMap::new()),
        }
    }

    pub fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    /// The user named `origin`.
    pub fn name(&self, origin: &Origin) {
        self.with(origin, |standing| standing.named = true);
    }

    /// The server `by` sends this client to `origin`.
    pub fn choose(&self, origin: &Origin, by: &Origin) {
        let local = self.with(by, |standing| standing.local || standing.chosen_locally);
        self.with(origin, |standing| standing.chosen_locally |= local);
    }

    /// Whether the user named `origin`, or a server that may choose did.
    pub fn knows(&self, origin: &Origin) -> bool {
        let standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        standings.contains_key(origin)
    }

    fn with<T>(&self, origin: &Origin, change: impl FnOnce(&mut Standing) -> T) -> T {
        let mut standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        match standings.get_mut(origin) {
            Some(standing) => change(standing),
            None => change(standings.entry(origin.clone()).or_default()),
        }
    }

    async fn connect(&self, uri: Uri) -> Result<Stream, Error> {
        let Some(origin) = Origin::of(&uri) else {
            return Err(Error::InvalidUrl {
                url: super::url::redacted(&uri),
                reason: "it is not an http or https address",
            });
        };
        match tokio::time::timeout(WHOLE, self.connect_to(&origin, &uri)).await {
            Ok(result) => result,
            Err(_) => Err(Error::Connect {
                origin,
                reason: format!("no connection within {} s", WHOLE.as_secs()),
            }),
        }
    }

    async fn connect_to(&self, origin: &Origin, uri: &Uri) -> Result<Stream, Error> {
        match self.proxies.via(uri)? {
            None => {
                let tcp = self.dial(origin).await?;
                if origin.is_https() {
                    Ok(Stream::direct(self.secure(origin, tcp, true).await?))
                } else {
                    Ok(Stream::direct(tcp))
                }
            }
            Some(via) => {
                // Names are resolved by the proxy, and are for it to judge.
                if let Some(address) = literal(origin.host()) {
                    self.judge(origin, &[address])?;
                }
                let to_proxy = self.dial_proxy(&via).await?;
                if !origin.is_https() {
                    return Ok(Stream {
                        io: to_proxy,
                        proxied: true,
                    });
                }
                let tunnel = tunnel(&via, origin, to_proxy).await?;
                Ok(Stream::direct(self.secure(origin, tunnel, true).await?))
            }
        }
    }

    /// A TCP connection to a server, if it lies where it may.
    async fn dial(&self, origin: &Origin) -> Result<TcpStream, Error> {
        let addresses = lookup(origin).await?;
        self.judge(origin, &addresses.iter().map(SocketAddr::ip).collect::<Vec<_>>())?;
        let (stream, address) = connect_any(&addresses).await.map_err(|reason| Error::Connect {
            origin: origin.clone(),
            reason,
        })?;
        if Place::of(address.ip()) == Place::Loopback {
            self.with(origin, |standing| standing.local = true);
        }
        Ok(stream)
    }

    /// Whether a server at `addresses` may be contacted.
    fn judge(&self, origin: &Origin, addresses: &[IpAddr]) -> Result<(), Error> {
        let standing = self.with(origin, |standing| *standing);
        let is_literal = origin.host().parse::<IpAddr>().is_ok();
        for address in addresses {
            let what = match Place::of(*address) {
                Place::Network => continue,
                // The user typed this very address.
                _ if standing.named && is_literal => continue,
                Place::Loopback if standing.named || standing.chosen_locally => continue,
                Place::Loopback => "this host, where another server leads",
                Place::Forbidden => "a link-local, metadata or unspecified address",
            };
            return Err(Error::ForbiddenAddress {
                origin: origin.clone(),
                address: *address,
                what,
            });
        }
        Ok(())
    }

    async fn dial_proxy(&self, via: &Via) -> Result<Box<dyn Io>, Error> {
        let failed = |reason: String| Error::Proxy {
            proxy: via.origin.to_string(),
            reason,
        };
        let addresses = lookup(&via.origin).await.map_err(|error| failed(error.to_string()))?;
        let (tcp, _) = connect_any(&addresses).await.map_err(failed)?;
        if via.origin.is_https() {
            Ok(Box::new(self.secure(&via.origin, tcp, false).await?))
        } else {
            Ok(Box::new(tcp))
        }
    }

    async fn secure<S: Io>(&self, origin: &Origin, stream: S, server: bool) -> Result<impl Io + use<S>, Error> {
        let failed = |reason: String| Error::Tls {
            origin: origin.clone(),
            reason,
            not_tls: false,
        };
        let connector = self.tls.connector().map_err(failed)?;
        let named = server && self.with(origin, |standing| standing.named);
        let name = match &self.tls.options().server_name {
            Some(name) if named => name.clone(),
            _ => origin.host().to_owned(),
        };
        let name = ServerName::try_from(name).map_err(|error| failed(error.to_string()))?;
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(stream),
            Err(error) if is_broken(&error) => Err(Error::Connect {
                origin: origin.clone(),
                reason: format!("the connection broke while TLS was set up: {error}"),
            }),
            Err(error) => Err(Error::Tls {
                origin: origin.clone(),
                reason: advice(&error),
                not_tls: is_not_tls(&error),
            }),
        }
    }
}

fn is_broken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::TimedOut
    )
}

/// The addresses of a server; literals and `localhost` need no resolver.
async fn lookup(origin: &Origin) -> Result<Vec<SocketAddr>, Error> {
    let (host, port) = (origin.host(), origin.port());
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    // RFC 6761, section 6.3: these names are always loopback.
    if host == "localhost" || host.ends_with(".localhost") {
        return Ok(vec![
            (Ipv4Addr::LOCALHOST, port).into(),
            (Ipv6Addr::LOCALHOST, port).into(),
        ]);
    }
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(|error| Error::Connect {
            origin: origin.clone(),
            reason: format!("its name is not found: {error}"),
        })?;
    let found: Vec<_> = found.take(MAX_ADDRESSES).collect();
    if found.is_empty() {
        return Err(Error::Connect {
            origin: origin.clone(),
            reason: "its name has no address".into(),
        });
    }
    Ok(found)
}

async fn connect_any(addresses: &[SocketAddr]) -> Result<(TcpStream, SocketAddr), String> {
    let mut reasons: Vec<String> = Vec::new();
    for address in addresses {
        let reason = match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Requests are written in one piece; waiting for more to send only costs time.
                let _ = stream.set_nodelay(true);
                return Ok((stream, *address));
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer from {address} within {} s", CONNECT.as_secs()),
        };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Err(reasons.join("; "))
}

/// Asks a proxy for a tunnel (RFC 9110, section 9.3.6).
async fn tunnel(via: &Via, origin: &Origin, mut stream: Box<dyn Io>) -> Result<Box<dyn Io>, Error> {
    let failed = |reason: String| Error::Proxy {
        proxy: via.origin.to_string(),
        reason,
    };
    let host = if origin.host().contains(':') {
        format!("[{}]:{}", origin.host(), origin.port())
    } else {
        format!("{}:{}", origin.host(), origin.port())
    };
    let mut request = zeroize::Zeroizing::new(format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n").into_bytes());
    if let Some(authorization) = &via.authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream
        .write_all(&request)
        .await
        .map_err(|error| failed(error.to_string()))?;
    // Byte by byte, so that nothing behind the head is taken; it happens once per connection.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_CONNECT_ANSWER {
            return Err(failed("its answer to CONNECT is too long".into()));
        }
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) => return Err(failed(format!("it closed the connection: {error}"))),
        }
    }
    let line = String::from_utf8_lossy(head.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
    let status = line.split(' ').nth(1).unwrap_or_default();
    if line.starts_with("HTTP/1.") && status.len() == 3 && status.starts_with('2') {
        Ok(stream)
    } else {
        Err(failed(format!("it answers {:?} to CONNECT {host}", shown(&line, 80))))
    }
}

/// What a connection is made of.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Io for T {}

/// A connection as the pool sees it.
pub struct Stream {
    io: Box<dyn Io>,
    proxied: bool,
}

impl Stream {
    fn direct(io: impl Io) -> Self {
        Self {
            io: Box::new(io),
            proxied: false,
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.proxied)
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}

/// The connector that hyper's pool calls.
#[derive(Clone)]
pub struct Connector(pub Arc<Shared>);

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let shared = Arc::clone(&self.0);
        Box::pin(async move { shared.connect(uri).await.map(TokioIo::new) })
    }
}
