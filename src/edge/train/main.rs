//! The program that trains and measures the reference model.

fn main() -> std::process::ExitCode {
    bedside::edge::train::main()
}
