//! The `wubu` program.

fn main() -> std::process::ExitCode {
    wubu::cli::main()
}
