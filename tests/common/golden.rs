//! Golden files: compared with what is printed or generated now, or written anew with `AIRLATCH_BLESS=1`.

use std::path::Path;

/// Whether golden files are written anew.
pub fn blesses() -> bool {
    std::env::var_os("AIRLATCH_BLESS").is_some()
}

/// Compares a golden file, or writes it anew.
pub fn keep(path: &Path, actual: &str) {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return;
    }
    assert!(
        blesses(),
        "{} is stale; AIRLATCH_BLESS=1 writes it\n{}",
        path.display(),
        difference(&expected, actual)
    );
    write(path, actual);
}

/// Replaces a file in one step: another test may read it at the same time, and must not find half of it.
pub fn write(path: &Path, text: &str) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let unfinished = path.with_file_name(format!(".{name}.{}", std::process::id()));
    std::fs::write(&unfinished, text).unwrap();
    std::fs::rename(&unfinished, path).unwrap();
}

/// The first lines that differ.
pub fn difference(expected: &str, actual: &str) -> String {
    let same = expected.lines().zip(actual.lines()).take_while(|(a, b)| a == b).count();
    let show = |text: &str, mark: &str| {
        text.lines().skip(same).take(8).map(|line| format!("  {mark} {line}\n")).collect::<String>()
    };
    format!("  line {}\n{}{}", same + 1, show(expected, "-"), show(actual, "+"))
}
