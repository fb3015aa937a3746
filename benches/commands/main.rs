//! What every command of the program takes, and how that grows with the register.
//!
//! Each command, and each deed of the daemon, runs as a process of its own over registers of some sizes:
//! five inspections a subject, half an order a subject, a third of those lived through to the archive
//! and a third to the second step. Out comes a table in Markdown: wall time, CPU of all threads, peak
//! memory, lines and bytes printed, and the exponent with which CPU grows from size to size, where 1
//! grows as the register does. `docs/performance.md` holds it.
//!
//! Run with `cargo bench --bench commands -- 1000 100000`. `--keep DIR` keeps the registers there and takes
//! them from there the next time; `--shipped` takes the policy that comes with the program in place of
//! the pinned one; `--only TEXT` runs the commands whose name holds it.

mod fill;
#[path = "../ground/mod.rs"]
mod ground;
mod list;
mod measure;
mod register;
mod table;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fill::{LIVE, Register};
use list::Session;
use register::WhosePolicy;
use table::{Line, Table};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|first| first == measure::START) {
        return measure::start(&args[2..]);
    }
    let after = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    if let Some(database) = after(LIVE) {
        ground::block_on(fill::live_through(Path::new(database)));
        return ExitCode::SUCCESS;
    }
    let whose =
        if args.iter().any(|arg| arg == "--shipped") { WhosePolicy::Shipped } else { WhosePolicy::Pinned };
    let mut sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    sizes.sort_unstable();
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000];
    }
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = after("--keep").map_or_else(|| scratch.path().to_owned(), PathBuf::from);
    let only = after("--only").map(String::as_str);
    ground::print_machine();
    let webhook = webhook();
    let mut table = Table { sizes: sizes.clone(), start: std::time::Duration::MAX, lines: Vec::new() };
    for (at, size) in sizes.iter().enumerate() {
        let register = Register::of(&folder, *size, whose);
        for (name, took) in Session::new(&register, only, webhook).run() {
            if name == "incident list" {
                table.start = table.start.min(took.cpu);
            }
            table.take(name, at, took);
        }
    }
    if table.start == std::time::Duration::MAX {
        table.start = std::time::Duration::ZERO;
    }
    table.print();
    ExitCode::SUCCESS
}

impl Table {
    fn take(&mut self, name: String, at: usize, took: measure::Measured) {
        let line = self.lines.iter().position(|line| line.name == name).unwrap_or_else(|| {
            self.lines.push(Line { name, took: vec![None; self.sizes.len()] });
            self.lines.len() - 1
        });
        self.lines[line].took[at] = Some(took);
    }
}

/// Makes words of a command line.
fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

/// Begins to take webhooks on a port of this machine, each with a plain yes.
fn webhook() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

/// Reads requests until the other side hangs up.
fn answer(mut stream: TcpStream) -> Option<()> {
    let (mut read, mut buffer) = (Vec::new(), [0; 16 * 1_024]);
    loop {
        let head = loop {
            if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
            read.extend_from_slice(&buffer[..count]);
        };
        let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let whole = head + length.unwrap_or(0);
        while read.len() < whole {
            let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
            read.extend_from_slice(&buffer[..count]);
        }
        read.drain(..whole);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()?;
    }
}
