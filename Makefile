# Kith: each target is one line. What they need beside Rust and Python 3 comes into .tools/ by itself.
export PATH := $(CURDIR)/.tools/venv/bin:$(PATH)

.PHONY: build run test bench lint tools

run: ## Start everything with a demo tenant on http://127.0.0.1:8000
	deploy/tools.sh run && cargo run --release --bin kith -- serve --demo
build: ## Build target/release/kith
	cargo build --release --bin kith
test: ## Run every test, against real servers
	deploy/tools.sh test && deploy/test-env.sh sh -c 'cargo build --workspace --bins && cargo test --workspace'
bench: ## Measure this machine: kith bench --help tells more
	deploy/tools.sh run && cargo run --release --bin kith -- bench
lint: ## Check formatting and lints
	cargo fmt --check && cargo clippy --workspace --all-targets -- -D warnings
tools: ## Get what the other targets need beside Rust
	deploy/tools.sh test
