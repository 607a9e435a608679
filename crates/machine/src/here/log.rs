//! The host's log: the file `airlatch.log` in its home, one line for each event, with a limited size.

use crate::platform::{Access, Existing};
use airlatch_core::format::{limits, visible};
use airlatch_core::model::{Reason, Result, Time};

use super::Home;

const NAME: &str = "airlatch.log";
const LOCK: &str = ".log.lock";
/// The most lines; beyond that the older half is removed.
pub const MAX_LINES: usize = 1_000;
/// The most bytes; beyond that the older half is removed.
pub const MAX_BYTES: usize = 256 * 1024;
/// The most characters of an event's text.
const MAX_TEXT: usize = 1_000;
/// How long to wait for another process that writes a line.
const LOCK_TIMEOUT_SECONDS: u64 = 2;

/// Adds a line: the time, the word of the event, and its text with control characters escaped. The home has to exist.
///
/// # Errors
/// Those of files and `busy`. Callers ignore them: no verb fails because of its log.
pub fn note(home: &Home, now: Time, event: &str, text: &str) -> Result<()> {
    notes(home, now, &[(event, text.to_owned())])
}

/// Adds a line for each event, all of them or none.
///
/// # Errors
/// Those of [`note`].
pub fn notes(home: &Home, now: Time, events: &[(&str, String)]) -> Result<()> {
    add(home, events, |(event, text), _| Some(line(now, event, text)))
}

/// Adds a line, unless the last line with this event and subject (the first word of the text) is the same except for the
/// time.
///
/// # Errors
/// Those of [`note`].
pub fn note_once(home: &Home, now: Time, event: &str, text: &str) -> Result<()> {
    let line = line(now, event, text);
    let is_known = |old: &str| {
        let tail = |line: &str| line.split_once(' ').map_or_else(String::new, |(_, tail)| tail.to_owned());
        let kind = |line: &str| tail(line).split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        let wanted = kind(&line);
        old.lines().rfind(|old| kind(old) == wanted).is_some_and(|last| tail(last) == tail(&line))
    };
    // Checked first without the lock: in most runs nothing is new.
    if is_known(&read(home)?) {
        return Ok(());
    }
    add(home, &[()], |(), old| (!is_known(old)).then(|| line.clone()))
}

/// The last `count` lines, the oldest first; empty if there is no log.
///
/// # Errors
/// Those of files.
pub fn last(home: &Home, count: usize) -> Result<Vec<String>> {
    let text = read(home)?;
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines.iter().skip(lines.len().saturating_sub(count)).map(|line| visible(line)).collect())
}

fn line(now: Time, event: &str, text: &str) -> String {
    let text: String = visible(text).chars().take(MAX_TEXT).collect();
    format!("{now} {event} {}", text.trim_end())
}

/// Reads the log, adds lines and writes it, under the lock. The file is replaced as a whole, so it never holds a partial
/// line. On a file system without locks, two processes that write at the same time may lose a line.
fn add<T>(home: &Home, events: &[T], line: impl Fn(&T, &str) -> Option<String>) -> Result<()> {
    let _guard =
        match home.files.lock_file(&home.path.join(LOCK), "writes the host's log", LOCK_TIMEOUT_SECONDS) {
            Ok(guard) => Some(guard),
            Err(error) if error.reason() == Reason::UnsafeFolder => None,
            Err(error) => return Err(error),
        };
    let mut text = read(home)?;
    let old = text.len();
    for event in events {
        if let Some(line) = line(event, &text) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    if text.len() == old {
        return Ok(());
    }
    let bytes = limited(&text).as_bytes();
    home.files.write(&home.path.join(NAME), bytes, Access::Public, Existing::Replace).map(|_| ())
}

/// The text of the log, with a line end after the last line; invalid UTF-8 is replaced.
fn read(home: &Home) -> Result<String> {
    match home.files.read_own(&home.path.join(NAME), limits::DOCUMENT_FILE) {
        Ok(bytes) => {
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            Ok(text)
        }
        Err(error) if error.reason() == Reason::NotFound => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// The text, or its newer half if it is beyond the limits.
fn limited(text: &str) -> &str {
    let lines = text.lines().count();
    if lines <= MAX_LINES && text.len() <= MAX_BYTES {
        return text;
    }
    let fits = |tail: &str, lines: usize| lines <= MAX_LINES / 2 && tail.len() <= MAX_BYTES / 2;
    let begins = text.match_indices('\n').map(|(at, _)| at + 1);
    let tails = begins.zip(1..).map(|(at, before)| (&text[at..], lines - before));
    tails.into_iter().find(|(tail, lines)| fits(tail, *lines)).map_or("", |(tail, _)| tail)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay their files out by hand")]
mod tests {
    use super::*;
    use crate::platform::Files;

    fn room(name: &str) -> (Home, std::path::PathBuf) {
        let folder = std::env::temp_dir().join(format!("airlatch-log-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("home")).unwrap();
        (Home::new("home".as_ref(), &Files::new(&folder)).unwrap(), folder)
    }

    fn at(seconds: i64) -> Time {
        Time::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn a_line_has_time_event_and_escaped_text() {
        let (home, folder) = room("lines");
        assert_eq!(last(&home, 5).unwrap(), [""; 0]);
        note(&home, at(0), "refused", "a\nb \u{1b}[31m\u{202e}").unwrap();
        note(&home, at(1), "installed", "license X of pbx").unwrap();
        let lines = [
            "2027-01-15T08:00:00Z refused a\\nb \\u{1b}[31m\\u{202e}",
            "2027-01-15T08:00:01Z installed license X of pbx",
        ];
        assert_eq!(last(&home, 5).unwrap(), lines);
        assert_eq!(last(&home, 1).unwrap(), lines[1..]);
        // Foreign content is escaped, and the next line begins on a new line.
        std::fs::write(folder.join("home/airlatch.log"), b"\x1b]0;x\x07 \xff").unwrap();
        note(&home, at(2), "installed", "y").unwrap();
        assert_eq!(
            last(&home, 5).unwrap(),
            ["\\u{1b}]0;x\\u{7} \u{fffd}", "2027-01-15T08:00:02Z installed y"]
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_repeated_line_is_written_once_until_another_of_its_kind_comes() {
        let (home, folder) = room("once");
        let say = |seconds, text: &str| note_once(&home, at(seconds), "refused", text).unwrap();
        say(0, "pbx [expired]");
        say(1, "pbx [expired]");
        note(&home, at(2), "installed", "pbx x").unwrap();
        say(3, "fax [expired]");
        say(3, "pbx [expired]");
        say(4, "pbx [wrong-host]");
        say(5, "pbx [expired]");
        let said = last(&home, 9).unwrap();
        let said: Vec<&str> = said.iter().map(|line| line.split_once(' ').unwrap().1).collect();
        assert_eq!(
            said,
            [
                "refused pbx [expired]",
                "installed pbx x",
                "refused fax [expired]",
                "refused pbx [wrong-host]",
                "refused pbx [expired]"
            ]
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn beyond_the_limits_the_older_half_is_removed() {
        let lines = |range: std::ops::RangeInclusive<usize>, text: &str| {
            range.map(|number| format!("{number} {text}\n")).collect::<String>()
        };
        let full = lines(1..=1_000, "x");
        assert_eq!(limited(&full), full);
        assert_eq!(limited(&lines(1..=1_001, "x")), lines(502..=1_001, "x"));
        let long = lines(1..=300, &"x".repeat(1_000));
        let kept = limited(&long);
        assert!(kept.len() <= MAX_BYTES / 2 && kept.len() > MAX_BYTES / 2 - 1_100, "{}", kept.len());
        assert!(long.ends_with(kept) && kept.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(limited(&"x".repeat(MAX_BYTES + 1)), "");
    }

    #[test]
    fn concurrent_writers_lose_no_line() {
        let (home, folder) = room("many");
        let write = |who: usize| {
            for number in 0..20 {
                note(&home, at(0), "event", &format!("{who}-{number}")).unwrap();
            }
        };
        std::thread::scope(|scope| {
            (0..4).for_each(|who| drop(scope.spawn(move || write(who))));
        });
        let said = last(&home, 100).unwrap();
        let mut said: Vec<&str> = said.iter().map(|line| line.rsplit_once(' ').unwrap().1).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), 80);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    /// A link may lead to any file, even a private key: it is neither read nor copied.
    #[cfg(unix)]
    #[test]
    fn a_link_is_no_log() {
        let (home, folder) = room("link");
        std::fs::write(folder.join("secret"), "secret\n").unwrap();
        std::os::unix::fs::symlink(folder.join("secret"), folder.join("home/airlatch.log")).unwrap();
        assert_eq!(last(&home, 9).unwrap_err().reason(), Reason::NotAFile);
        assert_eq!(note(&home, at(0), "refused", "x").unwrap_err().reason(), Reason::NotAFile);
        assert_eq!(std::fs::read(folder.join("secret")).unwrap(), b"secret\n");
        assert!(std::fs::symlink_metadata(folder.join("home/airlatch.log")).unwrap().is_symlink());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn without_a_home_no_log_is_created() {
        let (home, folder) = room("none");
        let nowhere = Home { path: "nowhere".into(), ..home };
        assert_eq!(note(&nowhere, at(0), "e", "x").unwrap_err().reason(), Reason::NotFound);
        assert!(!folder.join("nowhere").exists());
        assert_eq!(last(&nowhere, 1).unwrap(), [""; 0]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
