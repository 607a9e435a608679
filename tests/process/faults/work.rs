//! The commands that write, and the check that each output is absent, old or complete.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::scene::Scene;

/// A command with its outputs.
pub(crate) struct Work {
    pub(crate) name: &'static str,
    /// Its command line; `@` is the folder.
    pub(crate) line: &'static str,
    /// Where it is run.
    pub(crate) set: fn(&str) -> Scene,
    /// Prepares what exists at the outputs before.
    pub(crate) before: fn(&Scene),
    /// Whether everything is done; an error if an output is neither absent, old nor complete.
    pub(crate) check: fn(&Scene) -> Result<bool, String>,
}

pub(crate) const KEYGEN: Work = Work {
    name: "keygen",
    line: "keygen --no-passphrase --out @/new/beta",
    set: Scene::set,
    before: |_| {},
    check: |scene| {
        let (private, public) = (key(scene, "new/beta.key")?, key(scene, "new/beta.pub")?);
        match (private, public) {
            (None, Some(_)) => Err("a public key stands there without its private one".into()),
            (Some(one), Some(other)) if one != other => Err(format!("{one} and {other} are no pair")),
            (private, public) => Ok(private.is_some() && public.is_some()),
        }
    },
};

pub(crate) const REQUEST: Work = Work {
    name: "request",
    line: "request --home @/new --product call-services --out @/new.request",
    set: Scene::set,
    before: |_| {},
    check: |scene| {
        let (private, public) = (key(scene, "new/host.key")?, key(scene, "new/host.pub")?);
        let request = said(scene, "new.request", "inspect @/new.request", "request, verified")?;
        if public.is_some() && private != public {
            return Err("the host's keys are no pair".into());
        }
        if request && private.is_none() {
            return Err("a request was made with a key that is gone".into());
        }
        Ok(request && public.is_some())
    },
};

pub(crate) const ISSUE: Work = Work {
    name: "issue",
    line: "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/new.license",
    set: Scene::set,
    before: |_| {},
    check: |scene| license(scene, "new.license"),
};

pub(crate) const REISSUE: Work = Work {
    name: "issue --force",
    line: "issue --key @/keys/acme.key --grant @/grant.toml @/host.request --weak-lock --yes --out @/new.license --force",
    set: Scene::set,
    before: |scene| {
        fs::copy(scene.path("old.license"), scene.path("new.license")).unwrap();
    },
    check: |scene| {
        let now = fs::read(scene.path("new.license")).map_err(|e| format!("the old license: {e}"))?;
        let is_old = fs::read(scene.path("old.license")).unwrap() == now;
        Ok(license(scene, "new.license")? && !is_old)
    },
};

pub(crate) const INSTALL: Work = Work {
    name: "install",
    line: "install --home @/home @/host.license --trust @/keys/acme.pub",
    set: Scene::set,
    before: |_| {},
    check: |scene| {
        for name in names(&scene.path("home/trust")) {
            key(scene, &format!("home/trust/{name}"))?.ok_or("an unreadable trusted key")?;
        }
        let mut whole = false;
        for name in names(&scene.path("home/licenses")) {
            whole = license(scene, &format!("home/licenses/{name}"))?;
        }
        let trusted = names(&scene.path("home/trust")).len() == 1;
        if whole && trusted {
            said(scene, "home", "verify --home @/home --reason", "valid")?;
        }
        Ok(whole && trusted)
    },
};

pub(crate) const BATCH: Work = Work {
    name: "batch",
    line: "batch --key @/keys/acme.key --grant @/grant.toml @/macs.tsv --out-dir @/new --name {mac}.cfg",
    set: Scene::set,
    before: |_| {},
    check: |scene| {
        let mut whole = 0;
        for mac in ["0004f1144bd4", "0004f1144bd5", "0004f1144bd6", "0004f1144bd7"] {
            let line = format!("verify @/new/{mac}.cfg --trust @/keys/acme.pub --mac {mac} --reason");
            whole += usize::from(said(scene, &format!("new/{mac}.cfg"), &line, "valid")?);
        }
        let more = names(&scene.path("new")).len() - whole;
        if more == 0 { Ok(whole == 4) } else { Err(format!("{more} files that nobody asked for")) }
    },
};

/// The id of the key in a file; a private key must be readable only by its owner.
pub(crate) fn key(scene: &Scene, file: &str) -> Result<Option<String>, String> {
    if !scene.exists(file) {
        return Ok(None);
    }
    let ran = scene.run(&format!("inspect @/{file}"));
    let id =
        ran.out.lines().find_map(|line| line.trim().strip_prefix("key id")).map(|id| id.trim().to_owned());
    let mode = fs::metadata(scene.path(file)).unwrap().permissions().mode() & 0o777;
    if !file.ends_with(".pub") && (mode != 0o600 || !ran.out.starts_with("private key")) {
        return Err(format!("{file}, mode {mode:o}: {ran:?}"));
    }
    id.map(Some).ok_or(format!("{file}: {ran:?}"))
}

fn license(scene: &Scene, file: &str) -> Result<bool, String> {
    let line = format!("verify @/{file} --home @/home --trust @/keys/acme.pub --reason");
    said(scene, file, &line, "valid")
}

/// Whether the file exists; then the command must succeed and print these words first.
fn said(scene: &Scene, file: &str, line: &str, words: &str) -> Result<bool, String> {
    if !scene.exists(file) {
        return Ok(false);
    }
    let ran = scene.run(line);
    let well = ran.status.success() && ran.out.starts_with(words);
    if well { Ok(true) } else { Err(format!("{file} is a partial file: {ran:?}")) }
}

/// The names in a folder, without airlatch's temporary files; none if there is no folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('.')).collect()
}
