//! The `bedside` program.

fn main() -> std::process::ExitCode {
    bedside::cli::main()
}
