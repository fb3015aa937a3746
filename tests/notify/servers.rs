//! A mail server and a web server on loopback, as small as they can be and yet real: they listen on a
//! port, speak the protocol, and can be killed and started again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpSocket;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::cli::root;

/// One delivery as the server saw it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Header lines, as sent.
    pub(super) head: Vec<String>,
    /// What follows them.
    pub(super) body: String,
    /// For whom (mail).
    pub(super) to: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> String {
        let is_it =
            |line: &&String| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        let line = self.head.iter().find(is_it).unwrap_or_else(|| panic!("{name} in {:?}", self.head));
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }
}

/// How a server answers a delivery; when none is laid ready, well.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// With this status and further header lines.
    Status(u16, &'static str),
    /// It takes what is sent, and dies before it says so.
    TakeAndDie,
    /// It takes what is sent, and never says so.
    TakeAndHang,
    /// It never answers.
    Hang,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Smtp,
    Http,
}

/// How a server covers what it hears. The certificates are those of `tests/data/tls`, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Clear,
    /// From the first byte.
    Tls(&'static str),
    /// Once STARTTLS asks for it.
    StartTls(&'static str),
}

impl Cover {
    fn acceptor(self) -> Option<TlsAcceptor> {
        let (Self::Tls(name) | Self::StartTls(name)) = self else { return None };
        let folder = root().join("tests/data/tls");
        let chain = CertificateDer::from_pem_file(folder.join(format!("{name}.pem"))).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![chain], key)
            .expect("they belong together");
        Some(TlsAcceptor::from(Arc::new(config)))
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A connection, covered or not.
type Connection = BufReader<Box<dyn Wire>>;

/// A server whose memory outlives its death.
pub(super) struct Server {
    speaks: Speaks,
    cover: Cover,
    pub(super) port: u16,
    /// Bound and never listening: while the server is dead, no other test's server gets its port, and with it
    /// what was meant for this one.
    _held: TcpSocket,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    heard: Arc<Mutex<Vec<String>>>,
    running: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) async fn start(speaks: Speaks) -> Self {
        Self::under(speaks, Cover::Clear).await
    }

    pub(super) async fn under(speaks: Speaks, cover: Cover) -> Self {
        let held = bound(0);
        let port = held.local_addr().expect("an address").port();
        let (seen, answers, heard) = (Arc::default(), Arc::default(), Arc::default());
        let mut server = Self { speaks, cover, port, _held: held, seen, answers, heard, running: None };
        server.restart().await;
        server
    }

    /// Kills the server with every connection it has.
    pub(super) async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// Starts it again on its port.
    pub(super) async fn restart(&mut self) {
        self.kill().await;
        let listener = bound(self.port).listen(64).expect("listens");
        let (speaks, seen, answers) = (self.speaks, Arc::clone(&self.seen), Arc::clone(&self.answers));
        let (heard, acceptor) = (Arc::clone(&self.heard), self.cover.acceptor());
        let is_at_once = matches!(self.cover, Cover::Tls(_));
        self.running = Some(tokio::spawn(async move {
            // Dropped with the server, and every connection with it.
            let mut open = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (seen, answers, heard) = (Arc::clone(&seen), Arc::clone(&answers), Arc::clone(&heard));
                let mut acceptor = acceptor.clone();
                open.spawn(async move {
                    let mut stream: Connection = BufReader::new(Box::new(stream));
                    if is_at_once && let Some(acceptor) = acceptor.take() {
                        stream = covered(stream, &acceptor, &heard).await?;
                    }
                    match speaks {
                        Speaks::Smtp => {
                            smtp(
                                stream,
                                acceptor,
                                !is_at_once,
                                &heard,
                                Memory { seen: &seen, answers: &answers },
                            )
                            .await
                        }
                        Speaks::Http => http(stream, &seen, &answers).await,
                    }
                });
            }
        }));
    }

    /// Starts it again under another cover, with nothing seen or heard.
    pub(super) async fn begin_anew(&mut self, cover: Cover) {
        self.kill().await;
        self.cover = cover;
        self.seen.lock().expect("no panic").clear();
        self.heard.lock().expect("no panic").clear();
        self.restart().await;
    }

    /// Lays an answer ready, after those that are.
    pub(super) fn will(&self, answer: Answer) {
        self.answers.lock().expect("no panic").push_back(answer);
    }

    /// What was said to it before it was covered, and why it was turned away where it was.
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no panic").clone()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }
}

/// A socket on a port of loopback, or on a free one (0), which others may share until one of them listens.
fn bound(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option");
    socket.bind((std::net::Ipv4Addr::LOCALHOST, port).into()).expect("its port");
    socket
}

fn next(answers: &Mutex<VecDeque<Answer>>, good: u16) -> Answer {
    answers.lock().expect("no panic").pop_front().unwrap_or(Answer::Status(good, ""))
}

/// Covers a connection; none, and the reason is heard, where the other side does not want it so.
async fn covered(
    stream: Connection,
    acceptor: &TlsAcceptor,
    heard: &Mutex<Vec<String>>,
) -> Option<Connection> {
    match acceptor.accept(stream.into_inner()).await {
        Ok(stream) => Some(BufReader::new(Box::new(stream))),
        Err(why) => {
            heard.lock().expect("no panic").push(format!("{why:?}"));
            None
        }
    }
}

/// What a server remembers of its deliveries, and how it is to answer them.
struct Memory<'a> {
    seen: &'a Mutex<Vec<Seen>>,
    answers: &'a Mutex<VecDeque<Answer>>,
}

/// Reads a line without its end; none when the other side is gone.
async fn line(stream: &mut Connection) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

/// Reads the header lines of a mail, unfolded, and what follows them.
async fn letter(stream: &mut Connection) -> Option<(Vec<String>, String)> {
    let (mut head, mut body, mut in_head) = (Vec::<String>::new(), Vec::new(), true);
    loop {
        let text = line(stream).await?;
        match text.as_str() {
            "." => break,
            "" if in_head => in_head = false,
            folded if in_head && folded.starts_with(' ') => {
                head.last_mut()?.push_str(folded);
            }
            _ if in_head => head.push(text),
            _ => body.push(text),
        }
    }
    Some((head, body.join("\n")))
}

/// A dialogue of RFC 5321 with the commands a client needs.
async fn smtp(
    mut stream: Connection,
    mut acceptor: Option<TlsAcceptor>,
    mut is_clear: bool,
    heard: &Mutex<Vec<String>>,
    Memory { seen, answers }: Memory<'_>,
) -> Option<()> {
    stream.write_all(b"220 test ESMTP\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(command) = line(&mut stream).await {
        if is_clear {
            heard.lock().expect("no panic").push(command.clone());
        }
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => {
                let offer = if acceptor.is_some() { "250-STARTTLS\r\n" } else { "" };
                format!("250-test\r\n{offer}250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            }
            "STARTTLS" => {
                stream.write_all(b"220 go on\r\n").await.ok()?;
                stream = covered(stream, &acceptor.take()?, heard).await?;
                is_clear = false;
                continue;
            }
            "AUTH" => "235 ok\r\n".to_owned(),
            "RCPT" => {
                to = command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok\r\n".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let (head, body) = letter(&mut stream).await?;
                let answer = next(answers, 250);
                let is_taken =
                    matches!(answer, Answer::Status(250, _) | Answer::TakeAndDie | Answer::TakeAndHang);
                if is_taken {
                    seen.lock().expect("no panic").push(Seen { head, body, to: to.clone() });
                }
                match answer {
                    Answer::Status(code, more) => format!("{code} {more}\r\n"),
                    Answer::TakeAndDie => return None,
                    Answer::Hang | Answer::TakeAndHang => std::future::pending().await,
                }
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await.ok(),
            _ => "250 ok\r\n".to_owned(),
        };
        stream.write_all(reply.as_bytes()).await.ok()?;
    }
    None
}

/// Requests of RFC 9112 that carry their length.
async fn http(
    mut stream: Connection,
    seen: &Mutex<Vec<Seen>>,
    answers: &Mutex<VecDeque<Answer>>,
) -> Option<()> {
    loop {
        let request = line(&mut stream).await?;
        assert!(request.starts_with("POST "), "{request}");
        let mut head = Vec::new();
        loop {
            let text = line(&mut stream).await?;
            if text.is_empty() {
                break;
            }
            head.push(text);
        }
        let mut found = Seen { head, body: String::new(), to: String::new() };
        let mut body = vec![0; found.header("content-length").parse().expect("a length")];
        stream.read_exact(&mut body).await.ok()?;
        found.body = String::from_utf8(body).expect("UTF-8");
        let answer = next(answers, 204);
        if matches!(answer, Answer::Status(200..=299, _) | Answer::TakeAndDie | Answer::TakeAndHang) {
            seen.lock().expect("no panic").push(found);
        }
        match answer {
            Answer::Status(204, _) => stream.write_all(b"HTTP/1.1 204 x\r\n\r\n").await.ok()?,
            Answer::Status(status, more) => {
                let text = format!("HTTP/1.1 {status} x\r\n{more}content-length: 0\r\n\r\n");
                stream.write_all(text.as_bytes()).await.ok()?;
            }
            Answer::TakeAndDie => return None,
            Answer::Hang | Answer::TakeAndHang => std::future::pending().await,
        }
    }
}
