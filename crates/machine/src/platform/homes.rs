//! The folders of host and desk, and the environment variables that set them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Files, os};
use airlatch_core::model::{Error, Reason, Result};

/// The environment variables that airlatch uses, read once.
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
    /// `USER`, `LOGNAME` or `USERNAME`: the default name of the operator in the ledger.
    pub user: Option<String>,
    /// `AIRLATCH_INSTANCE`: the instance id of this virtual machine or container; it has precedence over the stored one.
    pub instance: Option<String>,
}

impl Env {
    /// The environment of this process; an empty variable counts as not set.
    pub fn capture() -> Self {
        let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable);
        let user = user.and_then(|name| name.into_string().ok()).filter(|name| !name.is_empty());
        // A value that is not UTF-8 is kept, so it is refused later as a bad instance id.
        let instance = variable("AIRLATCH_INSTANCE").filter(|value| !value.is_empty());
        let instance = instance.map(|value| value.to_string_lossy().into_owned());
        Self {
            home: path("AIRLATCH_HOME"),
            desk: path("AIRLATCH_DESK"),
            data: Folder::Data,
            state: Folder::State,
            user,
            instance,
        }
    }
}

/// The user who runs this process, where the environment does not say it: the name in the list of local users, else the number.
pub fn user_name() -> Option<String> {
    let id = os::user_id()?.to_string();
    let users = Files::new("").beginning(Path::new("/etc/passwd"), USERS).unwrap_or_default();
    let name = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id && !name.is_empty()).then(|| name.to_owned())
    };
    String::from_utf8_lossy(&users).lines().find_map(name).or_else(|| Some(format!("uid {id}")))
}

/// The most bytes that are read of the list of local users.
const USERS: u64 = 1 << 20;

/// airlatch's folder for data or state. The user's folders are looked up when they are needed; most runs don't need them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Folder {
    /// No folder.
    #[default]
    None,
    /// The folder at this path.
    At(PathBuf),
    /// The user's data folder, such as `$XDG_DATA_HOME/airlatch` or `~/.local/share/airlatch`; none if `HOME` is not an
    /// absolute path.
    Data,
    /// The user's state folder, such as `$XDG_STATE_HOME/airlatch` or `~/.local/state/airlatch`; none if `HOME` is not an
    /// absolute path.
    State,
}

impl Folder {
    /// Its path; the folder need not exist.
    pub fn path(&self) -> Option<PathBuf> {
        let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
        let xdg = match self {
            Self::None => return None,
            Self::At(path) => return Some(path.clone()),
            Self::Data => "XDG_DATA_HOME",
            Self::State => "XDG_STATE_HOME",
        };
        // Without HOME the crate asks the user database (NSS), and a static binary would load the host's libraries for it.
        if !cfg!(windows) && absolute("HOME").is_none() {
            return Some(absolute(xdg)?.join("airlatch"));
        }
        let dirs = directories::ProjectDirs::from("", "", "airlatch")?;
        let data = dirs.data_dir().to_path_buf();
        // On systems without a state folder it is inside the local data folder.
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

/// Chooses the host home and the desk home of a run; the folders need not exist.
#[derive(Debug, Clone, Copy)]
pub struct Homes<'a> {
    env: &'a Env,
    host: Option<&'a Path>,
    desk: Option<&'a Path>,
}

impl<'a> Homes<'a> {
    /// Each home is the folder given as an option, else that of the environment, else one below the user's data folder.
    pub fn new(env: &'a Env, host: Option<&'a Path>, desk: Option<&'a Path>) -> Self {
        Self { env, host, desk }
    }

    /// The host home: installed licenses, trusted keys, the host's own key, the clock mark.
    ///
    /// # Errors
    /// `no-home` if none of them is set.
    pub fn host(&self) -> Result<PathBuf> {
        self.choose(self.host, self.env.home.as_deref(), "host", "AIRLATCH_HOME")
    }

    /// The desk home: settings, catalog, ledger, keys.
    ///
    /// # Errors
    /// `no-home` if none of them is set.
    pub fn desk(&self) -> Result<PathBuf> {
        self.choose(self.desk, self.env.desk.as_deref(), "desk", "AIRLATCH_DESK")
    }

    fn choose(
        &self,
        option: Option<&Path>,
        from_environment: Option<&Path>,
        name: &str,
        variable: &str,
    ) -> Result<PathBuf> {
        let below_data = || self.env.data.path().map(|data| data.join(name));
        let chosen = option.or(from_environment).map(PathBuf::from).or_else(below_data);
        chosen.ok_or_else(|| no_home(name, variable))
    }
}

fn no_home(name: &str, variable: &str) -> Error {
    Error::new(Reason::NoHome, format!("there is no {name} home: neither {variable} nor HOME names a folder"))
}

/// An empty variable counts as not set.
fn path(name: &str) -> Option<PathBuf> {
    variable(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The value of an environment variable.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the environment is read")]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_has_precedence_over_the_environment() {
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
