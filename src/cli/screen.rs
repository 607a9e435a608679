//! The two streams: stdout is the result, stderr the conversation; text is made visible, JSON is exact.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use super::look::{self, Look};
use super::progress::Progress;
use crate::view::{RepairOf, Table, View};

use airlatch_core::format::{self, visible};
use airlatch_core::model::{Error, Place, Reason, Time};

/// JSON in which characters that a terminal would act on, or not show, are escaped: the same text to whoever reads JSON.
fn exact(value: &Value) -> String {
    let text = format!("{value:#}");
    let escape = |c: char| {
        if c.is_ascii() && c != '\u{7f}' || visible(c.encode_utf8(&mut [0; 4])).starts_with(c) {
            return c.to_string();
        }
        c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    };
    text.chars().map(escape).collect()
}

/// Where results and words go.
pub struct Screen {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    json: bool,
    quiet: bool,
    look: Look,
    notes: Vec<String>,
    repairs: Vec<Value>,
    lost: Option<io::Error>,
}

impl Screen {
    /// The process's own streams.
    pub fn standard() -> Self {
        Self::new(Box::new(io::BufWriter::new(io::stdout())), Box::new(io::stderr()))
    }

    /// Streams of the caller's.
    pub fn new(out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self {
            out,
            err,
            json: false,
            quiet: false,
            look: Look::default(),
            notes: Vec::new(),
            repairs: Vec::new(),
            lost: None,
        }
    }

    pub(super) fn set_json(&mut self, json: bool) {
        self.json = json;
    }

    pub(super) fn set_look(&mut self, look: Look) {
        self.look = look;
    }

    pub(super) fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// How results look.
    pub(super) fn look(&self) -> Look {
        self.look
    }

    /// How far something is; nothing is shown of it where notes are left out.
    pub(super) fn progress(&self, what: &'static str, total: usize) -> Progress {
        Progress::new(what, if self.quiet { 0 } else { total })
    }

    /// Whether results are JSON.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// A line of the result, unless results are JSON.
    pub(super) fn line(&mut self, text: &str) {
        if !self.json {
            let text = visible(text);
            self.put(&(if self.look.out { look::colored(&text) } else { text } + "\n"));
        }
    }

    /// What people read of these, unless results are JSON.
    pub(super) fn each<'a, V: View + 'a>(&mut self, views: impl IntoIterator<Item = &'a V>, now: Time) {
        views.into_iter().flat_map(|view| view.lines(now)).for_each(|line| self.line(&line));
    }

    /// A result that is one view: its rows, or its fields.
    pub(super) fn show(&mut self, kind: &str, view: &impl View, now: Time) {
        self.each([view], now);
        self.json(kind, view);
    }

    /// A result in rows and columns, TAB-separated where `tsv` asks for it.
    pub(super) fn table(&mut self, kind: &str, table: &Table, tsv: bool) {
        match (self.json, tsv) {
            (true, _) => self.json(kind, json!({ "rows": table.json() })),
            (false, true) => self.raw(&table.tsv()),
            // The cells are visible already, and the marks that hold their directions apart have to go out as they are.
            (false, false) => self.raw(&table.text(self.look.width)),
        }
    }

    /// Rows and columns as a part of a text.
    pub(super) fn rows(&mut self, table: &Table) {
        if !self.json {
            self.raw(&table.text(self.look.width));
        }
    }

    /// The repairs made to a file: notes, and `repairs` in JSON; each is told once.
    pub(super) fn repaired(&mut self, file: &str, repairs: &[format::Repair]) {
        for repair in repairs {
            let told = json!(RepairOf::of(repair, file));
            if !self.repairs.contains(&told) {
                self.repairs.push(told);
                if !self.json {
                    self.talk(&format!("note: repaired {file}: {repair}"));
                }
            }
        }
    }

    /// Adds the repairs made so far to an object, if there are any.
    fn with_repairs(&self, value: &mut Value) {
        if !self.repairs.is_empty() {
            value["repairs"] = json!(self.repairs);
        }
    }

    /// The result as JSON, if that is wanted; `schema`, `type`, and the `notes` and `repairs` told so far are added.
    pub(super) fn json(&mut self, kind: &str, value: impl Serialize) {
        if !self.json {
            return;
        }
        let mut value = json!(value);
        value["schema"] = json!(1);
        value["type"] = json!(kind);
        value["notes"] = json!(self.notes);
        self.with_repairs(&mut value);
        self.put(&format!("{}\n", exact(&value)));
    }

    /// Text that goes out exactly as it is: a document, a man page.
    pub(super) fn raw(&mut self, text: &str) {
        self.put(text);
    }

    /// A line of conversation; a program that asked for JSON finds it among the `notes` of the result. Notes, and nothing
    /// else, are left out where somebody wants quiet.
    pub(super) fn talk(&mut self, text: &str) {
        if self.json {
            self.notes.push(text.to_owned());
        } else if !self.quiet || !text.starts_with("note: ") {
            self.tell(text);
        }
    }

    /// A line that a person has to see, whatever form the result has.
    pub(super) fn tell(&mut self, text: &str) {
        self.flush();
        // Nobody is left to tell when stderr fails.
        let _ = writeln!(self.err, "{}", self.said(text));
    }

    /// A whole JSON object of conversation, with the repairs made so far.
    pub(super) fn talk_json(&mut self, mut value: Value) {
        self.with_repairs(&mut value);
        let _ = writeln!(self.err, "{}", exact(&value));
    }

    /// Text of the parser's, which holds no foreign characters but those the caller typed.
    pub(super) fn talk_raw(&mut self, text: &str) {
        let lines: Vec<_> = text.lines().map(|line| self.said(line)).collect();
        let _ = writeln!(self.err, "{}", lines.join("\n"));
    }

    /// The help of a command line without a verb.
    pub(super) fn talk_help(&mut self, text: &str) {
        let _ = writeln!(self.err, "{}", text.trim_end());
    }

    /// A line as standard error shows it.
    fn said(&self, line: &str) -> String {
        let line = visible(line);
        if self.look.err { look::colored(&line) } else { line }
    }

    /// Whether the reader of the result went away before all of it was out.
    pub(super) fn is_cut_off(&mut self) -> bool {
        self.flush();
        self.lost.as_ref().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Makes sure that the result went out: a closed pipe is a quiet end, anything else is an error.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.flush();
        match self.lost.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let full = error.kind() == io::ErrorKind::StorageFull;
                let reason = if full { Reason::DiskFull } else { Reason::Io };
                let what = format!("the result could not be written: {}", error.kind());
                Err(Error::new(reason, what).at(Place::Output).into())
            }
            _ => Ok(()),
        }
    }

    /// What was printed before shows before what is said next.
    fn flush(&mut self) {
        if self.lost.is_none()
            && let Err(error) = self.out.flush()
        {
            self.lost = Some(error);
        }
    }

    fn put(&mut self, text: &str) {
        if self.lost.is_none()
            && let Err(error) = self.out.write_all(text.as_bytes())
        {
            self.lost = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes_every_character_that_a_terminal_acts_on() {
        let text = "a\u{1b}\u{7f}\u{9b}\u{202e}b";
        let json = exact(&json!(text));
        assert_eq!(json, r#""a\u001b\u007f\u009b\u202eb""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
