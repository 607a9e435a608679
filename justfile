# Recipes for people who work on airlatch; `just` lists them.

set positional-arguments

[private]
default:
    @just --list --unsorted

# Everything CI runs, to the letter
[group('every day')]
check:
    .ci/run

# Tests; arguments go to `cargo test`
[group('every day')]
test *arguments:
    cargo test --locked "$@"

# Format all code
[group('every day')]
fmt:
    cargo fmt --all

# The whole trip from key to verdict, as typed
[group('every day')]
round-trip:
    sh samples/round-trip.sh

# Read a manual page: airlatch.1, airlatch-format.5 …
[group('reading')]
man page='airlatch-format.5':
    man -l "man/$1"

# Documentation of the library
[group('reading')]
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --locked --open

# Write expected output and test vectors anew; look at the difference before committing it
[group('now and then')]
bless:
    AIRLATCH_BLESS=1 cargo test --locked
    git status --short

# Lint the verifier with its probe as macOS and Windows would compile it
[group('now and then')]
elsewhere:
    rustup target add aarch64-apple-darwin x86_64-pc-windows-gnu
    cargo clippy -p airlatch-core -p airlatch-machine --lib --locked \
        --target aarch64-apple-darwin --target x86_64-pc-windows-gnu -- -D warnings

# All tests in full: every fault at every call, all pairs of accidents, long histories (an hour; needs strace)
[group('now and then')]
slow *arguments:
    AIRLATCH_SLOW=1 AIRLATCH_REQUIRE_TOOLS=1 cargo test --locked --no-fail-fast "$@"

# Fuzz one target of fuzz/ for a minute, or for so many seconds, on stable Rust
[group('now and then')]
fuzz name seconds='60':
    fuzz/run.sh "$1" "$2"

# Licenses, sources and advisories of what is linked (needs cargo-deny)
[group('now and then')]
deny:
    cargo deny check

# One file for each platform in target/dist/, built twice and walked through the trip
[group('release')]
release *targets:
    .ci/release "$@"
