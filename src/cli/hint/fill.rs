//! Commands inside a hint: found, and filled with what is known.

use super::Known;

/// The commands of a hint: each stands at the end of a clause, behind a colon or alone.
#[cfg(test)]
pub(super) fn commands(hint: &str) -> Vec<&str> {
    hint.split("; ").filter_map(|clause| clause.find("airlatch ").map(|at| &clause[at..])).collect()
}

/// The programs whose commands are filled.
const PROGRAMS: [&str; 4] = ["airlatch ", "chmod ", "chown ", "openssl "];

/// The hint with what is known in the place of the names in capitals; a home or desk that was named is named again.
pub(crate) fn fill(hint: &str, known: &Known) -> String {
    let start = |clause: &str| PROGRAMS.iter().find_map(|program| clause.find(program));
    let clauses = hint.split("; ").map(|clause| match start(clause) {
        Some(at) => format!("{}{}", &clause[..at], command(&clause[at..], known)),
        None => clause.to_owned(),
    });
    clauses.collect::<Vec<_>>().join("; ")
}

fn command(command: &str, known: &Known) -> String {
    let word = |word: &str| match word {
        // One or two words, which were typed as they are.
        "COMMAND" => known.command().to_owned(),
        _ => known.value(word).as_deref().and_then(quoted).unwrap_or_else(|| word.to_owned()),
    };
    let mut words: Vec<String> = command.split(' ').map(word).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| word == "--help") {
        return words.join(" ");
    }
    let folder = match words.get(1).map(String::as_str) {
        Some(
            "id" | "request" | "install" | "trust" | "status" | "verify" | "what-if" | "release" | "doctor",
        ) => known.home.as_deref().map(|home| ("--home", home)),
        Some("account" | "order" | "issue" | "batch" | "ledger") => {
            known.desk.as_deref().map(|desk| ("--desk", desk))
        }
        _ => None,
    };
    if let Some((option, value)) = folder.and_then(|(option, path)| Some((option, quoted(path)?)))
        && !words.iter().any(|word| word == option)
    {
        words.extend([option.to_owned(), value]);
    }
    // A key that was named for a file that is not installed is not kept.
    let word = |at: usize| words.get(at).map(String::as_str);
    let is_of_file = match word(1) {
        Some("install" | "verify") => words.len() > 2,
        Some("request") => word(2) == Some("--move") && word(3).is_some_and(|file| !file.starts_with("--")),
        _ => false,
    };
    if let Some(key) = known.trust.as_deref().filter(|_| is_of_file).and_then(quoted)
        && !words.iter().any(|word| word == "--trust")
    {
        words.extend(["--trust".to_owned(), key]);
    }
    words.join(" ")
}

/// The value as a shell takes it as one word; none where it can't be typed.
pub(in crate::cli) fn quoted(value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@=".contains(c);
    if value.is_empty() || value.chars().any(char::is_control) || value.contains('\'') {
        return None;
    }
    Some(if value.chars().all(plain) { value.to_owned() } else { format!("'{value}'") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            product: Some("pbx".into()),
            file: Some("stick/a b.license".into()),
            home: Some("h".into()),
            ..Known::default()
        }
    }

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_is_left_to_the_person() {
        for (hint, filled) in [
            ("ask: airlatch request --product PRODUCT", "ask: airlatch request --product pbx --home h"),
            ("see: airlatch inspect FILE; or wait", "see: airlatch inspect 'stick/a b.license'; or wait"),
            ("see: airlatch order show CODE", "see: airlatch order show CODE"),
            ("the PRODUCT stays", "the PRODUCT stays"),
            ("protect it: chmod 600 FILE", "protect it: chmod 600 'stick/a b.license'"),
            ("protect it: chmod go-w FOLDER", "protect it: chmod go-w stick"),
            ("see: airlatch COMMAND --help", "see: airlatch --help"),
        ] {
            assert_eq!(fill(hint, &known()), filled);
        }
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted_or_left_out() {
        assert_eq!(quoted("a;b").as_deref(), Some("'a;b'"));
        assert_eq!(quoted("a'b"), None);
        assert_eq!(quoted("a\nb"), None);
    }

    #[test]
    fn commands_are_found_at_the_end_of_a_clause() {
        assert_eq!(commands("see: airlatch order list; airlatch ledger balance; or wait").len(), 2);
    }
}
