//! The host name and user name, which a bundle includes only with --with-names.

use crate::cli::session::Session;
use crate::view::Names;

/// Size limit in bytes for /etc/passwd and the host name.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads the names from their files and from the environment, each name once.
pub(super) fn of(session: &Session) -> Names {
    let text = |path: &str| {
        let bytes = session.files.read(&session.root.join(path), MAX_BYTES).unwrap_or_default();
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
    let distinct = |mut names: Vec<String>| {
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        names
    };
    Names {
        hosts: distinct(["proc/sys/kernel/hostname", "etc/hostname"].map(host).into()),
        users: distinct(session.env.user.clone().into_iter().chain(users).collect()),
    }
}
