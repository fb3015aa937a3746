//! The `wubu` program.

/// Rows are made on one thread and freed on the database's; the system's allocator spends more on
/// mending its lists after that than opening an order costs otherwise.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    wubu::cli::main()
}
