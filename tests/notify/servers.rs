//! A mail server and a web server on loopback, as small as they can be and yet real: they listen on a
//! port, speak the protocol, and can be killed and started again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

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

/// A server whose memory outlives its death.
pub(super) struct Server {
    speaks: Speaks,
    pub(super) port: u16,
    /// Bound and never listening: while the server is dead, no other test's server gets its port, and with it
    /// what was meant for this one.
    _held: TcpSocket,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    running: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) async fn start(speaks: Speaks) -> Self {
        let held = bound(0);
        let port = held.local_addr().expect("an address").port();
        let (seen, answers) = (Arc::default(), Arc::default());
        let mut server = Self { speaks, port, _held: held, seen, answers, running: None };
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
        self.running = Some(tokio::spawn(async move {
            // Dropped with the server, and every connection with it.
            let mut open = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (seen, answers) = (Arc::clone(&seen), Arc::clone(&answers));
                open.spawn(async move {
                    let stream = BufReader::new(stream);
                    match speaks {
                        Speaks::Smtp => smtp(stream, &seen, &answers).await,
                        Speaks::Http => http(stream, &seen, &answers).await,
                    }
                });
            }
        }));
    }

    /// Lays an answer ready, after those that are.
    pub(super) fn will(&self, answer: Answer) {
        self.answers.lock().expect("no panic").push_back(answer);
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

/// Reads a line without its end; none when the other side is gone.
async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

/// A dialogue of RFC 5321 with the commands a client needs.
async fn smtp(
    mut stream: BufReader<TcpStream>,
    seen: &Mutex<Vec<Seen>>,
    answers: &Mutex<VecDeque<Answer>>,
) -> Option<()> {
    stream.write_all(b"220 test ESMTP\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(command) = line(&mut stream).await {
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".to_owned(),
            "RCPT" => {
                to = command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok\r\n".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let (mut head, mut body, mut in_head) = (Vec::<String>::new(), Vec::new(), true);
                loop {
                    let text = line(&mut stream).await?;
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
                let answer = next(answers, 250);
                let is_taken =
                    matches!(answer, Answer::Status(250, _) | Answer::TakeAndDie | Answer::TakeAndHang);
                if is_taken {
                    let body = body.join("\n");
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
    mut stream: BufReader<TcpStream>,
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
