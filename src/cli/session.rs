//! Everything a run can touch, as values: so tests run the program with a clock, chance and disk of their own.

use std::io::Read;
use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result, Time};
use airlatch_machine::platform::{self, Env, Files, Machine};

use super::prompt::{NoTerminal, Prompt, Terminal};
use super::screen::Screen;

/// A source of randomness: fills the slice or fails.
pub type Entropy = Box<dyn FnMut(&mut [u8]) -> Result<()>>;

/// The machine as one run of the program sees it.
pub struct Session {
    /// The time, read once.
    pub now: Time,
    /// Randomness.
    pub entropy: Entropy,
    /// The environment, captured once.
    pub env: Env,
    /// The disk; relative paths lie below its base.
    pub files: Files,
    /// Where the host's facts are read: `/` on a live host.
    pub root: PathBuf,
    /// Standard input.
    pub input: Box<dyn Read>,
    /// Standard output and standard error.
    pub screen: Screen,
    /// Whoever can be asked.
    pub ask: Box<dyn Prompt>,
    /// The system and the program's own file, asked when somebody wants to know.
    pub machine: Box<dyn Fn() -> Machine>,
    /// The keys this binary was built with: file name and PEM.
    pub built_in: &'static [(&'static str, &'static str)],
    pub(super) home: Option<PathBuf>,
}

impl Session {
    /// The real machine.
    pub fn real() -> Self {
        // Without it a limit on file sizes ends the run by a signal instead of a message; the run itself can go on.
        let _ = platform::prepare();
        Self {
            now: platform::now(),
            entropy: Box::new(platform::fill_random),
            env: Env::capture(),
            files: Files::new(""),
            root: PathBuf::from("/"),
            input: Box::new(std::io::stdin()),
            screen: Screen::standard(),
            ask: Box::new(Terminal),
            machine: Box::new(Machine::capture),
            built_in: super::built_in::BUILT_IN,
            home: None,
        }
    }

    /// A session with every part given, for tests and embedders.
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
        Self { now, entropy, env, files, root, input, screen, ask, machine, built_in: &[], home: None }
    }

    /// Random bytes.
    pub(super) fn random<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes)?;
        Ok(bytes)
    }

    /// Asks, unless it was answered beforehand; `undone` is what a no leaves behind.
    pub(super) fn confirm(&mut self, question: &str, yes: bool, undone: &str) -> anyhow::Result<()> {
        self.screen.finish()?;
        if yes {
            return Ok(());
        }
        if self.screen.is_json() {
            // Nothing is shown before the one object, so there is nothing to say yes to.
            NoTerminal.confirm(question, "--yes")?;
        }
        if !self.ask.confirm(question, "--yes")? {
            return Err(Error::new(Reason::Declined, undone).into());
        }
        Ok(())
    }

    /// The root to read facts below: the live one, or a captured one, which is said.
    pub(super) fn facts_root(&mut self, captured: Option<&Path>) -> Result<PathBuf> {
        match captured {
            None => Ok(self.root.clone()),
            Some(root) => {
                if !self.files.is_dir(root) {
                    return Err(Error::new(Reason::NotFound, "there is no such folder").at(root.display()));
                }
                if !["etc", "proc", "sys"].iter().any(|name| self.files.is_dir(&root.join(name))) {
                    let what = "this is no captured host: neither etc nor proc nor sys is below it";
                    return Err(Error::new(Reason::NotFound, what).at(root.display()));
                }
                self.screen.talk(&format!(
                    "note: the facts are those below {}, not of this machine",
                    root.display()
                ));
                self.files.resolve(root)
            }
        }
    }
}
