//! What kind of machine a host seems to be, by what it shows: information, never proof.

use super::tree::{Tree, mount_point};
use airlatch_core::model::HostClass;

/// Enough for the flags of the first processor, and for any list of control groups or variables that matters.
const LONGEST: u64 = 64 * 1024;
/// What a manager of containers leaves in each.
const MARKS: [&str; 3] = [".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io"];
/// Where managers that start a whole system write their name.
const MANAGERS: [&str; 2] = ["run/systemd/container", "run/host/container-manager"];
/// Managers that start a whole system.
const WHOLE: [&str; 5] = ["lxc", "lxc-libvirt", "incus", "systemd-nspawn", "openvz"];
/// Words in the path of a control group that a container runtime makes.
const RUNTIMES: [&str; 7] = ["docker", "kubepods", "lxc", "libpod", "containerd", "crio", "nspawn"];
/// Folders from which runtimes mount what is in a container.
const STORES: [&str; 4] = ["/docker/", "/containerd/", "/kubelet/pods/", "/containers/storage/"];
/// Whole words of makers and models of virtual machines.
const HYPERVISORS: [&str; 18] = [
    "kvm",
    "qemu",
    "vmware",
    "virtualbox",
    "innotek",
    "xen",
    "bochs",
    "parallels",
    "bhyve",
    "firecracker",
    "kubevirt",
    "nutanix",
    "openstack",
    "amazon ec2",
    "apple virtualization",
    "google compute engine",
    "microsoft corporation virtual machine",
    "hyper v",
];

/// The class of a host; a container in a virtual machine is a container.
pub(super) fn class(tree: &Tree) -> HostClass {
    if let Some(evidence) = container(tree) {
        return HostClass::Container(evidence);
    }
    hypervisor(tree).map_or(HostClass::BareMetal, HostClass::Virtual)
}

/// Whether a container runs a whole system, which has an id of its own, and not a program from an image. Lxcfs speaks for
/// one only where no runtime of images shows: these can be made to use it, too.
pub(super) fn has_own_system(tree: &Tree) -> bool {
    MANAGERS.iter().any(|path| tree.value(path).is_ok())
        || first_variable(tree).is_some_and(|manager| WHOLE.contains(&manager.as_str()))
        || (mark(tree).is_none() && mounts_lxcfs(tree.mounts()) && from_store(tree.mounts()).is_none())
}

fn mark(tree: &Tree) -> Option<&'static str> {
    MARKS.into_iter().find(|mark| tree.has(mark))
}

fn container(tree: &Tree) -> Option<String> {
    if let Some(mark) = mark(tree) {
        return Some(format!("/{mark} is there"));
    }
    for path in MANAGERS {
        if let Ok(manager) = tree.value(path) {
            return Some(format!("/{path} says `{manager}`"));
        }
    }
    if let Some(manager) = first_variable(tree) {
        return Some(format!("the first process has container={manager}"));
    }
    let groups = tree.text("proc/1/cgroup", LONGEST) + &tree.text("proc/self/cgroup", LONGEST);
    if let Some(runtime) = runtime(&groups) {
        return Some(format!("a control group is named `{runtime}`"));
    }
    let table = tree.mounts();
    if mounts_lxcfs(table) {
        return Some("/proc is shown by lxcfs".into());
    }
    from_store(table).map(|place| format!("{place} is mounted by a container runtime"))
}

/// What the manager of a container tells its first process; only root may read it.
fn first_variable(tree: &Tree) -> Option<String> {
    let variables = tree.text("proc/1/environ", LONGEST);
    let manager = variables.split('\0').find_map(|variable| variable.strip_prefix("container="))?;
    (!manager.is_empty()).then(|| manager.to_owned())
}

/// The runtime in the path of a control group.
fn runtime(groups: &str) -> Option<&str> {
    groups.split(['/', ':', '\n']).find_map(runtime_in)
}

/// Systemd gives each part an ending. A service is that of the runtime itself, on the machine; whoever runs it may name a
/// slice for it; and only the scope of a container ends in an id.
fn runtime_in(part: &str) -> Option<&str> {
    let (words, ending) = part.rsplit_once('.').unwrap_or((part, ""));
    let is_id = |word: &str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let runtime = part.split(['-', '.']).find(|word| RUNTIMES.contains(word))?;
    let counts = match ending {
        "service" | "socket" | "mount" => false,
        "slice" => runtime == "kubepods",
        "scope" => words.rsplit('-').next().is_some_and(is_id),
        _ => true,
    };
    counts.then_some(runtime)
}

/// What a runtime of images mounted from where it keeps what is in a container.
fn from_store(table: &str) -> Option<&str> {
    table.lines().find_map(|line| {
        let place = mount_point(line)?;
        let is_it = matches!(place, "/" | "/etc/hosts" | "/etc/hostname" | "/etc/resolv.conf");
        (is_it && STORES.iter().any(|store| line.contains(store))).then_some(place)
    })
}

/// LXC gives its containers a /proc of their own; on the machine itself lxcfs stands elsewhere.
fn mounts_lxcfs(table: &str) -> bool {
    let is_it = |line: &str| {
        mount_point(line).is_some_and(|place| place.starts_with("/proc/")) && line.contains(" - fuse.lxcfs ")
    };
    table.lines().any(is_it)
}

fn hypervisor(tree: &Tree) -> Option<String> {
    let dmi = |file: &str| tree.value(&format!("sys/class/dmi/id/{file}")).unwrap_or_default();
    let product = dmi("product_name");
    // Amazon's whole machines bear the name of its virtual ones.
    if !product.ends_with(".metal") {
        let model = format!("{} {product}", dmi("sys_vendor"));
        let said = [model, dmi("board_vendor"), dmi("bios_vendor")];
        if let Some(model) = said.iter().find(|model| names_hypervisor(model)) {
            return Some(format!("the firmware says `{}`", model.trim()));
        }
    }
    let release = tree.value("proc/sys/kernel/osrelease").unwrap_or_default();
    if release.to_lowercase().contains("microsoft") {
        return Some(format!("the kernel is that of Windows: `{release}`"));
    }
    // Xen's first system owns the machine, though a hypervisor runs below it.
    if tree.text("proc/xen/capabilities", LONGEST).contains("control_d") {
        return None;
    }
    if let Ok(kind) = tree.value("sys/hypervisor/type") {
        return Some(format!("/sys/hypervisor/type says `{kind}`"));
    }
    if tree.has("proc/device-tree/hypervisor") {
        return Some("the device tree names a hypervisor".into());
    }
    if tree.text("proc/device-tree/compatible", LONGEST).contains("dummy-virt") {
        return Some("the device tree is that of QEMU".into());
    }
    let processor = tree.text("proc/cpuinfo", LONGEST);
    let flags = processor.lines().find(|line| line.starts_with("flags"))?;
    flags
        .split_whitespace()
        .any(|flag| flag == "hypervisor")
        .then(|| "the processor has the flag `hypervisor`".into())
}

fn names_hypervisor(model: &str) -> bool {
    let words: Vec<String> = model
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let text = format!(" {} ", words.join(" "));
    HYPERVISORS.iter().any(|name| text.contains(&format!(" {name} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_machines_are_told_by_whole_words() {
        for model in [
            "QEMU Standard PC (Q35 + ICH9, 2009)",
            "Red Hat KVM",
            "VMware, Inc. VMware7,1",
            "innotek GmbH VirtualBox",
            "Xen HVM domU",
            "Microsoft Corporation Virtual Machine",
            "Amazon EC2 t3.micro",
            "Google Google Compute Engine",
            "Bochs Bochs",
            "Parallels Software International Inc. Parallels Virtual Platform",
            "Hyper-V UEFI Release v4.1",
            "KubeVirt None",
        ] {
            assert!(names_hypervisor(model), "{model}");
        }
        for model in
            ["Dell Inc. OptiPlex 7060", "Google Samus", "Microsoft Corporation Surface Pro", "ACME Xenon"]
        {
            assert!(!names_hypervisor(model), "{model}");
        }
    }

    #[test]
    fn the_group_of_a_runtime_tells_containers_from_the_machine_that_runs_it() {
        for (groups, found) in [
            ("0::/kubepods.slice/kubepods-pod1.slice\n", Some("kubepods")),
            ("12:cpu:/docker/3f2a9c1b7d5e\n", Some("docker")),
            ("0::/system.slice/docker-3f2a9c1b7d5e.scope\n", Some("docker")),
            ("0::/machine.slice/libpod-3f2a.scope/container\n", Some("libpod")),
            ("0::/lxc.payload.web\n", Some("lxc")),
            ("0::/system.slice/docker.service\n", None),
            ("0::/system.slice/containerd.service\n0::/init.scope\n", None),
            ("0::/user.slice/user-1000.slice/session-1.scope\n", None),
            ("0::/docker.slice/pbx.service\n", None),
            ("0::/docker.slice/docker-3f2a9c1b7d5e.scope\n", Some("docker")),
            ("0::/user.slice/app.slice/app-docker-compose.scope\n", None),
            ("0::/kubepods-besteffort.slice/cri-containerd-3f2a9c1b7d5e.scope\n", Some("kubepods")),
            ("0::/system.slice/cri-containerd-3f2a9c1b7d5e.scope\n", Some("containerd")),
        ] {
            assert_eq!(runtime(groups), found, "{groups}");
        }
    }
}
