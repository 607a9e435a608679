//! Where the host and the desk keep what they know, and the few words of the environment that decide it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use airlatch_core::model::{Error, Reason, Result};

/// The environment as far as airlatch heeds it, read once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Env {
    /// `AIRLATCH_HOME`: the host home.
    pub home: Option<PathBuf>,
    /// `AIRLATCH_DESK`: the desk home.
    pub desk: Option<PathBuf>,
    /// airlatch's folder below the platform's data folder.
    pub data: Folder,
    /// airlatch's folder below the platform's folder for state.
    pub state: Folder,
    /// `USER`, `LOGNAME` or `USERNAME`: who the ledger says did it, where nobody is named.
    pub user: Option<String>,
    /// `AIRLATCH_INSTANCE`: the operator's id of this virtual machine or container; it goes before the one that is kept.
    pub instance: Option<String>,
}

impl Env {
    /// The environment of this process; an empty variable counts as not set.
    pub fn capture() -> Self {
        let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable);
        let user = user.and_then(|name| name.into_string().ok()).filter(|name| !name.is_empty());
        // What is no text can be no id either, and is told as one that has not its form.
        let instance = variable("AIRLATCH_INSTANCE").filter(|value| !value.is_empty());
        let instance = instance.map(|value| value.to_string_lossy().into_owned());
        let (data, state) = (Folder::Data, Folder::State);
        Self { home: path("AIRLATCH_HOME"), desk: path("AIRLATCH_DESK"), data, state, user, instance }
    }
}

/// airlatch's folder of one kind. That of the user is looked up when somebody asks for it; most runs don't.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Folder {
    /// There is none.
    #[default]
    None,
    /// This one.
    At(PathBuf),
    /// The user's for data: `$XDG_DATA_HOME/airlatch`, `~/.local/share/airlatch` and the like; none when `HOME` is not set
    /// to an absolute path.
    Data,
    /// The user's for state: `$XDG_STATE_HOME/airlatch`, `~/.local/state/airlatch` and the like; none under the same
    /// condition.
    State,
}

impl Folder {
    /// Where it is, be it there or not.
    pub fn path(&self) -> Option<PathBuf> {
        let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
        let xdg = match self {
            Self::None => return None,
            Self::At(path) => return Some(path.clone()),
            Self::Data => "XDG_DATA_HOME",
            Self::State => "XDG_STATE_HOME",
        };
        // Without HOME the crate asks the user database, and that makes a static binary load the host's own libraries.
        if !cfg!(windows) && absolute("HOME").is_none() {
            return Some(absolute(xdg)?.join("airlatch"));
        }
        let dirs = directories::ProjectDirs::from("", "", "airlatch")?;
        let data = dirs.data_dir().to_path_buf();
        // Systems without a folder for state keep it beside the data.
        let state =
            || dirs.state_dir().map_or_else(|| dirs.data_local_dir().join("state"), Path::to_path_buf);
        Some(if *self == Self::State { state() } else { data })
    }
}

impl From<PathBuf> for Folder {
    fn from(path: PathBuf) -> Self {
        Self::At(path)
    }
}

/// The two homes of a run; which folder it is, is decided here, that it exists is not.
#[derive(Debug, Clone, Copy)]
pub struct Homes<'a> {
    env: &'a Env,
    host: Option<&'a Path>,
    desk: Option<&'a Path>,
}

impl<'a> Homes<'a> {
    /// The homes: the folder named for this run, else that of the environment, else one below the platform's data folder.
    pub fn new(env: &'a Env, host: Option<&'a Path>, desk: Option<&'a Path>) -> Self {
        Self { env, host, desk }
    }

    /// The host home: installed licenses, trusted keys, the host's own key, the clock mark.
    ///
    /// # Errors
    /// `no-home` when nothing names one.
    pub fn host(&self) -> Result<PathBuf> {
        self.choose(self.host, self.env.home.as_deref(), "host", "AIRLATCH_HOME")
    }

    /// The desk home: settings, catalog, ledger, keys.
    ///
    /// # Errors
    /// `no-home` when nothing names one.
    pub fn desk(&self) -> Result<PathBuf> {
        self.choose(self.desk, self.env.desk.as_deref(), "desk", "AIRLATCH_DESK")
    }

    fn choose(
        &self,
        named: Option<&Path>,
        of_env: Option<&Path>,
        whose: &str,
        variable: &str,
    ) -> Result<PathBuf> {
        let below_data = || self.env.data.path().map(|data| data.join(whose));
        named.or(of_env).map(PathBuf::from).or_else(below_data).ok_or_else(|| no_home(whose, variable))
    }
}

fn no_home(whose: &str, variable: &str) -> Error {
    Error::new(
        Reason::NoHome,
        format!("there is no {whose} home: neither {variable} nor HOME names a folder"),
    )
}

/// An empty variable counts as not set.
fn path(name: &str) -> Option<PathBuf> {
    variable(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_wins() {
        let mut env = Env {
            home: Some("/env/home".into()),
            desk: None,
            data: Folder::At("/home/a/.local/share/airlatch".into()),
            ..Env::default()
        };
        let homes = Homes::new(&env, Some(Path::new("typed")), None);
        assert_eq!(homes.host().unwrap(), Path::new("typed"));
        assert_eq!(homes.desk().unwrap(), Path::new("/home/a/.local/share/airlatch/desk"));
        assert_eq!(Homes::new(&env, None, None).host().unwrap(), Path::new("/env/home"));
        env.home = None;
        let homes = Homes::new(&env, None, None);
        assert_eq!(homes.host().unwrap(), Path::new("/home/a/.local/share/airlatch/host"));
    }

    #[test]
    fn without_any_name_there_is_no_home() {
        let env = Env::default();
        let homes = Homes::new(&env, None, None);
        assert_eq!(homes.host().unwrap_err().reason(), Reason::NoHome);
        assert!(homes.desk().unwrap_err().message().contains("AIRLATCH_DESK"));
    }
}
