# Recipes for people who work on airlatch; `just` lists them.

set positional-arguments

[private]
default:
    @just --list --unsorted

# Run exactly what CI runs
[group('every day')]
check:
    .ci/run

# Run the tests; arguments go to `cargo test`
[group('every day')]
test *arguments:
    cargo test --locked "$@"

# Format all code
[group('every day')]
fmt:
    cargo fmt --all

# Run the whole trip from an order to a verdict
[group('every day')]
round-trip:
    sh samples/round-trip.sh

# Read a manual page: airlatch.1, airlatch-format.5, airlatch-glossary.7 …
[group('reading')]
man page='airlatch-format.5':
    man -l "man/$1"

# Open the documentation of the library
[group('reading')]
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --locked --open

# Rewrite expected output and test vectors; read the difference before committing it
[group('now and then')]
bless:
    AIRLATCH_BLESS=1 cargo test --locked
    git status --short

# Lint the verifier and its probe for macOS and Windows
[group('now and then')]
elsewhere:
    rustup target add aarch64-apple-darwin x86_64-pc-windows-gnu
    cargo clippy -p airlatch-core -p airlatch-machine --lib --locked \
        --target aarch64-apple-darwin --target x86_64-pc-windows-gnu -- -D warnings

# Run all tests in full: every fault at every system call, all pairs of damages, long histories (an hour; needs strace)
[group('now and then')]
slow *arguments:
    AIRLATCH_SLOW=1 AIRLATCH_REQUIRE_TOOLS=1 cargo test --locked --no-fail-fast "$@"

# Fuzz one target of fuzz/ for this many seconds, on stable Rust
[group('now and then')]
fuzz name seconds='60':
    fuzz/run.sh "$1" "$2"

# Check licenses, sources and advisories of all dependencies (needs cargo-deny)
[group('now and then')]
deny:
    cargo deny check

# Build one file for each platform into target/dist/, twice, and run the trip with it
[group('release')]
release *targets:
    .ci/release "$@"
