//! The names of this host and of its user, which a bundle leaves out.

use crate::cli::session::Session;

/// More than a name or the list of users of a host needs.
const LONGEST: u64 = 1024 * 1024;

/// The names, each once.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The host's, with and without its domain.
    pub(super) hosts: Vec<String>,
    /// The user's.
    pub(super) users: Vec<String>,
}

/// Looks them up in the files that hold them and in the environment.
pub(super) fn of(session: &Session) -> Names {
    let text = |path: &str| {
        let bytes = session.files.read(&session.root.join(path), LONGEST).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut names = Names::default();
    for path in ["proc/sys/kernel/hostname", "etc/hostname"] {
        let text = text(path);
        let name = text.lines().next().unwrap_or_default().trim();
        let short = name.split('.').next().unwrap_or_default();
        names.hosts.extend([name, short].map(str::to_owned));
    }
    names.users.extend(session.env.user.clone());
    let user = (session.machine)().user.map(|user| user.to_string());
    let passwd = text("etc/passwd");
    names.users.extend(passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (Some(number) == user.as_deref()).then(|| name.to_owned())
    }));
    for list in [&mut names.hosts, &mut names.users] {
        list.retain(|name| !name.is_empty());
        list.sort_unstable();
        list.dedup();
        // The longest first, so that no part of one is left behind.
        list.sort_by_key(|name| std::cmp::Reverse(name.len()));
    }
    names
}
