//! The names of this host and of its user, which stand in a bundle only where they are asked for.

use crate::cli::session::Session;
use crate::view::Names;

/// More than a name or the list of users of a host needs.
const LONGEST: u64 = 1024 * 1024;

/// Looks them up in the files that hold them and in the environment, each once.
pub(super) fn of(session: &Session) -> Names {
    let text = |path: &str| {
        let bytes = session.files.read(&session.root.join(path), LONGEST).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let host = |path| text(path).lines().next().unwrap_or_default().trim().to_owned();
    let user = (session.machine)().user.map(|user| user.to_string());
    let passwd = text("etc/passwd");
    let users = passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (Some(number) == user.as_deref()).then(|| name.to_owned())
    });
    let once = |mut names: Vec<String>| {
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        names
    };
    Names {
        hosts: once(["proc/sys/kernel/hostname", "etc/hostname"].map(host).into()),
        users: once(session.env.user.clone().into_iter().chain(users).collect()),
    }
}
