//! Golden trips: a terminal session in Markdown that is run in process and compared word for word.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use airlatch::cli::{NoTerminal, Prompt, Screen, Session};
use airlatch_core::model::{Result as Tried, Time};
use airlatch_machine::platform::{Env, Files, Folder, Streams};
use zeroize::Zeroizing;

use super::chance::Chance;
use super::place::{repository, scratch};

/// A folder, a clock, a host and chance of its own.
pub struct Trip {
    name: String,
    seed: u64,
    pub folder: PathBuf,
    pub now: Time,
    pub host: PathBuf,
    pub home: PathBuf,
    /// What the three streams are: no terminal, unless a test says so.
    pub streams: Streams,
    state: Option<String>,
    instance: Option<String>,
    /// How often each command was given.
    given: RefCell<HashMap<String, u32>>,
    answers: Rc<RefCell<VecDeque<String>>>,
    built_in: &'static [(&'static str, &'static str)],
}

/// What a command printed, and how it ended.
pub struct Ran {
    pub stdout: String,
    pub both: String,
    pub exit: u8,
}

impl Trip {
    /// A fresh trip, named for its folder.
    pub fn new(name: &str) -> Self {
        Self::seeded(name, 0)
    }

    /// The same with other chance.
    pub fn seeded(name: &str, seed: u64) -> Self {
        let folder = fresh_folder(name);
        std::fs::create_dir_all(folder.join("stick")).unwrap();
        for name in ["samples", "tests"] {
            std::os::unix::fs::symlink(repository().join(name), folder.join(name)).unwrap();
        }
        Self {
            name: name.to_owned(),
            seed,
            folder,
            now: "2026-11-21T12:00:00Z".parse().unwrap(),
            host: repository().join("tests/hosts/workshop-a"),
            home: PathBuf::from("home-workshop-a"),
            streams: Streams::default(),
            state: None,
            instance: None,
            given: RefCell::default(),
            answers: Rc::default(),
            built_in: &[],
        }
    }

    /// A copy that goes on by itself, in a folder of its own.
    pub fn copy(&self) -> Self {
        let folder = fresh_folder(&self.name);
        let done = Command::new("cp").arg("-a").arg(&self.folder).arg(&folder).status().unwrap();
        assert!(done.success());
        Self {
            name: self.name.clone(),
            seed: self.seed,
            host: match self.host.strip_prefix(&self.folder) {
                Ok(below) => folder.join(below),
                Err(_) => self.host.clone(),
            },
            folder,
            now: self.now,
            home: self.home.clone(),
            state: self.state.clone(),
            instance: self.instance.clone(),
            given: RefCell::default(),
            answers: Rc::default(),
            built_in: self.built_in,
            streams: self.streams,
        }
    }

    /// Runs a command as it is printed in a hint.
    pub fn typed(&self, command: &str) -> Ran {
        let command = command.replace('~', self.folder.to_str().unwrap());
        let (words, ..) = split(&command.replace("$REPO", repository().to_str().unwrap()));
        let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let ran = self.run(&command, &args, Vec::new());
        Ran { both: self.anywhere(&ran.both), ..ran }
    }

    /// Runs `airlatch` with these arguments and this standard input.
    pub fn airlatch(&self, args: &[&str], input: Vec<u8>) -> Ran {
        self.run(&self.anywhere(&args.join(" ")), args, input)
    }

    /// A text without the folders of this machine and this run.
    fn anywhere(&self, text: &str) -> String {
        let text = text.replace(self.folder.to_str().unwrap(), "~");
        text.replace(repository().to_str().unwrap(), "$REPO")
    }

    /// What is random for a command: the same for the same trip, seed and command, whatever stands before it. Given a
    /// second time a command meets other chance.
    fn chance(&self, command: &str) -> Chance {
        let mut given = self.given.borrow_mut();
        let times = given.entry(command.to_owned()).or_default();
        *times += 1;
        let name = self.name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        Chance::of(&format!("{name} {}\n{command}\n{times}", self.seed))
    }

    fn run(&self, command: &str, args: &[&str], input: Vec<u8>) -> Ran {
        let (out, both) = (Shared::default(), Shared::default());
        let mut chance = self.chance(command);
        let entropy = move |bytes: &mut [u8]| -> Tried<()> {
            chance.fill(bytes);
            Ok(())
        };
        let env = Env {
            home: Some(self.folder.join(&self.home)),
            desk: Some(self.folder.join("desk")),
            user: Some("ann".into()),
            instance: self.instance.clone(),
            state: self.state.as_ref().map_or(Folder::None, |state| self.folder.join(state).into()),
            ..Env::default()
        };
        let screen = Screen::new(Box::new(Tee(out.clone(), both.clone())), Box::new(both.clone()));
        let mut session = Session::new(
            self.now,
            Box::new(entropy),
            env,
            Files::new(&self.folder),
            self.host.clone(),
            Box::new(Cursor::new(input)),
            screen,
            Box::new(Typist(Rc::clone(&self.answers), both.clone())),
        );
        session.built_in = self.built_in;
        let variables = self.folder.join("variables");
        session.variable = Box::new(move |name| {
            let value = std::fs::read(variables.join(name)).ok()?;
            Some(std::os::unix::ffi::OsStringExt::from_vec(value))
        });
        session.streams = self.streams;
        let args = std::iter::once("airlatch").chain(args.iter().copied()).map(OsString::from);
        let exit = airlatch::cli::run(args, &mut session);
        Ran { stdout: out.text(), both: both.text(), exit }
    }

    /// Runs one line of a session and gives what it prints.
    pub fn line(&mut self, line: &str) -> String {
        let text = self.text(line, &self.substituted(line));
        self.anywhere(&text)
    }

    /// The line with `$REPO` and `$(command)` filled in.
    fn substituted(&self, line: &str) -> String {
        let mut line = line.to_owned();
        while let Some(start) = line.find("$(").filter(|_| line.starts_with("airlatch")) {
            let end = start + line[start..].find(')').unwrap();
            let output = shell(&line[start + 2..end], &self.folder);
            line.replace_range(start..=end, output.trim());
        }
        line.replace("$REPO", repository().to_str().unwrap())
    }

    /// `written` is the line before anything was filled in.
    fn text(&mut self, written: &str, line: &str) -> String {
        let (words, input, output) = split(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["at", time] => {
                self.now = time.parse().unwrap();
                String::new()
            }
            ["host", name] => {
                self.host = repository().join("tests/hosts").join(name);
                self.home = PathBuf::from(format!("home-{name}"));
                String::new()
            }
            ["hardware", path] => {
                self.host = self.folder.join(path);
                String::new()
            }
            ["state", path] => {
                self.state = Some((*path).into());
                String::new()
            }
            ["instance", id @ ..] => {
                self.instance = id.first().map(|id| (*id).into());
                String::new()
            }
            ["built-with", path] => {
                let pem = std::fs::read_to_string(self.folder.join(path)).unwrap();
                let key: (&str, &str) = ("vendor.pub", String::leak(pem));
                self.built_in = Vec::leak(vec![key]);
                String::new()
            }
            ["type", text @ ..] => {
                self.answers.borrow_mut().push_back(text.join(" "));
                String::new()
            }
            ["airlatch", args @ ..] => {
                let input =
                    input.map(|path| std::fs::read(self.folder.join(path)).unwrap()).unwrap_or_default();
                let ran = self.run(written, args, input);
                let mut text = ran.both.clone();
                if let Some(path) = output {
                    text = ran.both.replacen(&ran.stdout, "", 1);
                    std::fs::write(self.folder.join(path), &ran.stdout).unwrap();
                }
                if ran.exit != 0 {
                    text.push_str(&format!("[exit {}]\n", ran.exit));
                }
                text
            }
            _ => shell(line, &self.folder),
        }
    }
}

impl Drop for Trip {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A folder that is not there yet, and of no other trip.
fn fresh_folder(name: &str) -> PathBuf {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    let folder = scratch().join(format!("airlatch-trip-{}-{name}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The commands of all hints in what was printed, each with the reason word of its error.
pub fn commands_of(printed: &str) -> Vec<(String, String)> {
    let mut commands = Vec::new();
    for line in printed.lines() {
        let step = line.trim_start().split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok());
        // Steps that are numbered without a reason word are those of a plan, not of an error.
        let step = step.map(|(_, step)| step).filter(|step| step.contains("    ["));
        let Some(hint) = line.strip_prefix("hint: ").or(step) else { continue };
        let (hint, reason) = hint.rsplit_once("    [").unwrap_or((hint, "note]"));
        for clause in hint.split("; ") {
            if let Some(at) = clause.find("airlatch ") {
                commands.push((reason.trim_end_matches(']').to_owned(), clause[at..].to_owned()));
            }
        }
    }
    commands
}

/// Any other command is the shell's.
fn shell(line: &str, folder: &Path) -> String {
    let mut shell = Command::new("sh");
    let output = shell.arg("-c").arg(line).current_dir(folder).env("LC_ALL", "C").output().unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        text.push_str(&format!("[exit {}]\n", output.status.code().unwrap_or(-1)));
    }
    text
}

/// Words with quotes taken off, and where standard input comes from and output goes to.
fn split(line: &str) -> (Vec<String>, Option<String>, Option<String>) {
    let (mut words, mut word, mut quote, mut started) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => (quote, started) = (Some(c), true),
            (Some(q), c) if c == q => quote = None,
            (None, ' ') if started => {
                words.push(std::mem::take(&mut word));
                started = false;
            }
            (None, ' ') => {}
            (_, c) => {
                word.push(c);
                started = true;
            }
        }
    }
    if started {
        words.push(word);
    }
    let mut redirect = |mark: &str| {
        let at = words.iter().position(|word| word == mark)?;
        words.remove(at);
        Some(words.remove(at))
    };
    let (input, output) = (redirect("<"), redirect(">"));
    (words, input, output)
}

/// A buffer with several writers.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Tee(Shared, Shared);

impl Write for Tee {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Answers what was typed beforehand; after that there is no terminal.
struct Typist(Rc<RefCell<VecDeque<String>>>, Shared);

impl Prompt for Typist {
    fn confirm(&mut self, question: &str, flag: &str) -> Tried<bool> {
        match self.0.borrow_mut().pop_front() {
            Some(answer) => {
                // As it would stand on the terminal.
                writeln!(self.1, "{question} [y/N] {answer}").unwrap();
                Ok(answer == "y")
            }
            None => NoTerminal.confirm(question, flag),
        }
    }

    fn passphrase(&mut self, prompt: &str, is_new: bool, flag: &str) -> Tried<Zeroizing<String>> {
        match self.0.borrow_mut().pop_front() {
            Some(answer) => Ok(Zeroizing::new(answer)),
            None => NoTerminal.passphrase(prompt, is_new, flag),
        }
    }
}

/// Runs every `console` block of a Markdown file; gives the file as it would have to be.
pub fn replay(path: &Path, seed: u64) -> (String, String) {
    let mut expected = String::new();
    std::fs::File::open(path).unwrap().read_to_string(&mut expected).unwrap();
    let mut trip = Trip::seeded(path.file_stem().unwrap().to_str().unwrap(), seed);
    let (mut actual, mut inside, mut skipping) = (String::new(), false, false);
    for line in expected.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            skipping = false;
        }
        if inside && let Some(command) = line.strip_prefix("$ ") {
            skipping = true;
            actual.push_str(&format!("{line}\n{}", trip.line(command)));
        } else if !skipping {
            actual.push_str(&format!("{line}\n"));
        }
    }
    (expected, actual)
}
