//! The host's log: the file `airlatch.log` in its home, a line for each event, never longer than its bounds.

use crate::platform::{Access, Existing};
use airlatch_core::format::{limits, visible};
use airlatch_core::model::{Reason, Result, Time};

use super::Home;

const NAME: &str = "airlatch.log";
const LOCK: &str = ".log.lock";
/// The most lines; beyond them the older half goes.
pub const MOST_LINES: usize = 1_000;
/// The most bytes; beyond them the older half goes.
pub const MOST_BYTES: usize = 256 * 1024;
/// The most characters that one line holds of an event's text.
const TEXT: usize = 1_000;
/// Seconds to wait for another process that writes a line.
const PATIENCE: u64 = 2;

/// Adds a line: the time, the word of the event, its text with all that acts made visible. The home has to be
/// there: a log alone makes none.
///
/// # Errors
/// Those of files and `busy`. Whoever notes something goes on without: no verb fails by its log.
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

/// Adds a line, unless the last one of this event and of the same subject, the first word of the text, says the same but
/// for the time.
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
    // To look costs nothing, and in most runs nothing is new.
    if is_known(&read(home)?) {
        return Ok(());
    }
    add(home, &[()], |(), old| (!is_known(old)).then(|| line.clone()))
}

/// The last `most` lines, the oldest first; none where there is no log.
///
/// # Errors
/// Those of files.
pub fn last(home: &Home, most: usize) -> Result<Vec<String>> {
    let text = read(home)?;
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines.iter().skip(lines.len().saturating_sub(most)).map(|line| visible(line)).collect())
}

fn line(now: Time, event: &str, text: &str) -> String {
    let text: String = visible(text).chars().take(TEXT).collect();
    format!("{now} {event} {}", text.trim_end())
}

/// Reads, adds and writes while no other process does. The file is replaced as a whole, so that it never holds a part of
/// a line; where files can't be locked, two that write in the same moment may lose a line, never tear one.
fn add<T>(home: &Home, events: &[T], line: impl Fn(&T, &str) -> Option<String>) -> Result<()> {
    let _guard = match home.files.lock_file(&home.path.join(LOCK), "writes the host's log", PATIENCE) {
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
    let bytes = bounded(&text).as_bytes();
    home.files.write(&home.path.join(NAME), bytes, Access::Public, Existing::Replace).map(|_| ())
}

/// The text, whole lines only; bytes that are none of ours are shown as what they are not.
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

/// The newer half of a text that has grown beyond its bounds.
fn bounded(text: &str) -> &str {
    let lines = text.lines().count();
    if lines <= MOST_LINES && text.len() <= MOST_BYTES {
        return text;
    }
    let fits = |tail: &str, lines: usize| lines <= MOST_LINES / 2 && tail.len() <= MOST_BYTES / 2;
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
    fn a_line_says_when_and_what_and_nothing_that_acts() {
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
        // What other hands wrote is shown, never acted on, and the next line begins anew.
        std::fs::write(folder.join("home/airlatch.log"), b"\x1b]0;x\x07 \xff").unwrap();
        note(&home, at(2), "installed", "y").unwrap();
        assert_eq!(
            last(&home, 5).unwrap(),
            ["\\u{1b}]0;x\\u{7} \u{fffd}", "2027-01-15T08:00:02Z installed y"]
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_same_is_said_once_until_its_kind_says_something_else() {
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
    fn beyond_its_bounds_the_older_half_goes() {
        let lines = |range: std::ops::RangeInclusive<usize>, text: &str| {
            range.map(|number| format!("{number} {text}\n")).collect::<String>()
        };
        let full = lines(1..=1_000, "x");
        assert_eq!(bounded(&full), full);
        assert_eq!(bounded(&lines(1..=1_001, "x")), lines(502..=1_001, "x"));
        let long = lines(1..=300, &"x".repeat(1_000));
        let kept = bounded(&long);
        assert!(kept.len() <= MOST_BYTES / 2 && kept.len() > MOST_BYTES / 2 - 1_100, "{}", kept.len());
        assert!(long.ends_with(kept) && kept.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(bounded(&"x".repeat(MOST_BYTES + 1)), "");
    }

    #[test]
    fn no_line_of_many_at_once_is_lost_or_torn() {
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

    /// Behind a link may lie anything, a private key too: it is neither read nor copied.
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
    fn where_there_is_no_home_there_is_no_log() {
        let (home, folder) = room("none");
        let nowhere = Home { path: "nowhere".into(), ..home };
        assert_eq!(note(&nowhere, at(0), "e", "x").unwrap_err().reason(), Reason::NotFound);
        assert!(!folder.join("nowhere").exists());
        assert_eq!(last(&nowhere, 1).unwrap(), [""; 0]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
