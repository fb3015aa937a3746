//! The `wubu` program.

/// Rows are made on one thread and freed on the database's, which the system's allocator takes ill:
/// without this one a tenth fewer orders are opened in a second.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    wubu::cli::main()
}
