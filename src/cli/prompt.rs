//! Questions to the person at the terminal, and the error when there is no terminal.

use dialoguer::Password;
use dialoguer::console::Term;
use dialoguer::theme::SimpleTheme;
use zeroize::Zeroizing;

use airlatch_core::model::{Cause, Error, Reason, Result};
use airlatch_machine::platform;

/// Answers questions; every question has an option that answers it beforehand.
pub trait Prompt {
    /// Asks for yes or no; without a terminal the error names `flag`.
    ///
    /// # Errors
    /// `no-terminal`; `declined` when the person left the question.
    fn confirm(&mut self, question: &str, flag: &str) -> Result<bool>;

    /// Asks for a passphrase, twice if it is new; without a terminal the error names `flag`.
    ///
    /// # Errors
    /// `passphrase-needed` without a terminal; `declined` when the person left the question.
    fn passphrase(&mut self, prompt: &str, is_new: bool, flag: &str) -> Result<Zeroizing<String>>;
}

/// The terminal of the process.
pub struct Terminal;

/// No terminal: every question is an error that names the option to use instead.
pub struct NoTerminal;

impl Prompt for Terminal {
    fn confirm(&mut self, question: &str, flag: &str) -> Result<bool> {
        if !platform::can_ask() {
            return NoTerminal.confirm(question, flag);
        }
        // Read as a line, not in raw mode: end of input is a no, and Ctrl-C leaves the terminal as it was.
        let prompt = format!("{question} [y/N] ");
        let asked = Term::stderr().write_str(&prompt);
        let line =
            asked.map_err(|error| unanswered(error.into())).and_then(|()| platform::terminal_line())?;
        if line.is_none() {
            let _ = Term::stderr().write_line("");
        }
        Ok(line.is_some_and(|line| ["y", "yes"].contains(&line.trim().to_lowercase().as_str())))
    }

    fn passphrase(&mut self, prompt: &str, is_new: bool, flag: &str) -> Result<Zeroizing<String>> {
        if !platform::can_ask() {
            return NoTerminal.passphrase(prompt, is_new, flag);
        }
        let _echo = platform::TerminalGuard::guard();
        let mut asked = Password::with_theme(&SimpleTheme).with_prompt(prompt).allow_empty_password(true);
        if is_new {
            asked = asked.with_confirmation("Repeat the passphrase", "The two differ, please try again");
        }
        asked.interact().map(Zeroizing::new).map_err(unanswered)
    }
}

impl Prompt for NoTerminal {
    fn confirm(&mut self, question: &str, flag: &str) -> Result<bool> {
        let error =
            Error::new(Reason::NoTerminal, "a question needs an answer, and there is no terminal to ask at");
        let error = if flag == "--yes" { error } else { error.because(Cause::OwnOption) };
        Err(error.detail(format!("asked   {question}")).detail(format!("answer  {flag}")))
    }

    fn passphrase(&mut self, prompt: &str, _is_new: bool, flag: &str) -> Result<Zeroizing<String>> {
        let error =
            Error::new(Reason::PassphraseNeeded, "a passphrase is needed and there is no terminal to ask at");
        Err(error.detail(format!("asked   {prompt}")).detail(format!("answer  {flag}")))
    }
}

fn unanswered(error: dialoguer::Error) -> Error {
    Error::new(Reason::Declined, format!("the question was not answered: {error}"))
}
