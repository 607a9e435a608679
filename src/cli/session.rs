//! Everything a run reads or writes, as values: clock, randomness, files, terminal; tests pass their own.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use airlatch_core::model::{BootClock, Error, Reason, Result, Time};
use airlatch_machine::platform::{self, Env, Files, Machine, Streams};

use super::hint::Known;
use super::prompt::{NoTerminal, Prompt, Terminal};
use super::screen::Screen;

/// A source of randomness: fills the slice or fails.
pub type Entropy = Box<dyn FnMut(&mut [u8]) -> Result<()>>;

/// The environment variables: name to value.
pub type Variables = Box<dyn Fn(&str) -> Option<OsString>>;

/// The machine as one run of the program sees it.
pub struct Session {
    /// The time, read once.
    pub now: Time,
    /// Randomness.
    pub entropy: Entropy,
    /// The environment, captured once.
    pub env: Env,
    /// The value of an environment variable that a person named.
    pub variable: Variables,
    /// The file system; relative paths are resolved below its base.
    pub files: Files,
    /// Below which folder the host's facts are read: `/` on a live host.
    pub root: PathBuf,
    /// Standard input.
    pub input: Box<dyn Read>,
    /// Standard output and standard error.
    pub screen: Screen,
    /// What the three streams are, for layout and color.
    pub streams: Streams,
    /// Asks the person at the terminal.
    pub ask: Box<dyn Prompt>,
    /// Describes the operating system and the program file; called only by `doctor`.
    pub machine: Box<dyn Fn() -> Machine>,
    /// The time since the machine was started; read only where a host home is.
    pub boot: Box<dyn Fn() -> Option<BootClock>>,
    /// The keys this binary was built with: file name and PEM.
    pub built_in: &'static [(&'static str, &'static str)],
    pub(super) home: Option<PathBuf>,
    /// What the command line says, for hints.
    pub(super) known: Known,
}

impl Session {
    /// A session on the real machine.
    pub fn real() -> Self {
        // Ignores SIGXFSZ, so that a file size limit gives an error message; a failure here does not stop the run.
        let _ = platform::prepare();
        Self {
            now: platform::now(),
            entropy: Box::new(platform::fill_random),
            env: Env::capture(),
            variable: Box::new(platform::variable),
            files: Files::new(""),
            root: PathBuf::from("/"),
            input: Box::new(std::io::stdin()),
            screen: Screen::standard(),
            streams: Streams::capture(),
            ask: Box::new(Terminal),
            machine: Box::new(Machine::capture),
            boot: Box::new(platform::boot_clock),
            built_in: super::built_in::BUILT_IN,
            home: None,
            known: Known::default(),
        }
    }

    /// A session with every part given, for tests and embedders; no stream of it is a terminal.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        now: Time,
        entropy: Entropy,
        env: Env,
        files: Files,
        root: PathBuf,
        input: Box<dyn Read>,
        screen: Screen,
        ask: Box<dyn Prompt>,
    ) -> Self {
        let machine = Box::new(Machine::default);
        let streams = Streams::default();
        Self {
            now,
            entropy,
            env,
            variable: Box::new(|_| None),
            files,
            root,
            input,
            screen,
            streams,
            ask,
            machine,
            boot: Box::new(|| None),
            built_in: &[],
            home: None,
            known: Known::default(),
        }
    }

    /// Random bytes.
    pub(super) fn random<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes)?;
        Ok(bytes)
    }

    /// Asks, unless `yes` answered beforehand; `undone` is the message after a no.
    pub(super) fn confirm(&mut self, question: &str, yes: bool, undone: &str) -> anyhow::Result<()> {
        self.confirm_by("--yes", question, yes, undone)
    }

    /// The same for a question that another option answers beforehand.
    pub(super) fn confirm_by(
        &mut self,
        option: &str,
        question: &str,
        answered: bool,
        undone: &str,
    ) -> anyhow::Result<()> {
        self.screen.finish()?;
        if answered {
            return Ok(());
        }
        if self.screen.is_json() {
            // With --json nothing is shown before the one object, so there is nothing to agree to.
            NoTerminal.confirm(question, option)?;
        }
        if !self.ask.confirm(question, option)? {
            return Err(Error::new(Reason::Declined, undone).into());
        }
        Ok(())
    }

    /// The folder to read facts below: the live root, or that of a captured host, which is noted.
    pub(super) fn facts_root(&mut self, captured: Option<&Path>) -> Result<PathBuf> {
        match captured {
            None => Ok(self.root.clone()),
            Some(root) => {
                if !self.files.is_dir(root) {
                    return Err(Error::new(Reason::NotFound, "the folder does not exist").at(root.display()));
                }
                if !["etc", "proc", "sys"].iter().any(|name| self.files.is_dir(&root.join(name))) {
                    let what = "this is no captured host: it has no folder etc, proc or sys";
                    return Err(Error::new(Reason::NotFound, what).at(root.display()));
                }
                self.screen.talk(&format!(
                    "note: reading the hardware and settings below {}, not those of this machine",
                    root.display()
                ));
                self.files.resolve(root)
            }
        }
    }
}
