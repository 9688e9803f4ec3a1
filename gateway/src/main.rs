//! `kith`: the one binary. What it can do is listed in [`cli::Command`].

mod bench;
mod cli;
mod demo;
mod settings;

/// Many small allocations on many threads, those of SQLite among them, given back to the machine after a peak.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
