//! Detects containers and virtual machines; the result is information, not a proof.

use super::tree::{Tree, mount_point};
use airlatch_core::model::HostClass;

/// The most bytes read of a file: enough for the flags of the first processor, control groups and variables.
const MAX_TEXT: u64 = 64 * 1024;
/// Files that container runtimes create in each container.
const MARKER_FILES: [&str; 3] = [".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io"];
/// Files in which managers of system containers write their name.
const MANAGER_FILES: [&str; 2] = ["run/systemd/container", "run/host/container-manager"];
/// Managers of system containers: containers that run an init system.
const SYSTEM_CONTAINERS: [&str; 5] = ["lxc", "lxc-libvirt", "incus", "systemd-nspawn", "openvz"];
/// Words in the path of a control group that a container runtime creates.
const RUNTIMES: [&str; 7] = ["docker", "kubepods", "lxc", "libpod", "containerd", "crio", "nspawn"];
/// Folders in which runtimes keep the files of containers.
const STORES: [&str; 4] = ["/docker/", "/containerd/", "/kubelet/pods/", "/containers/storage/"];
/// Names of vendors and models of virtual machines, matched as whole words.
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

/// The class of a host. A container in a virtual machine is a container.
pub(super) fn class(tree: &Tree) -> HostClass {
    if let Some(evidence) = container(tree) {
        return HostClass::Container(evidence);
    }
    hypervisor(tree).map_or(HostClass::BareMetal, HostClass::Virtual)
}

/// Whether a container is a system container, which has a machine id of its own, and not an application container from an
/// image. Lxcfs is evidence only without signs of an image runtime, which can use lxcfs too.
pub(super) fn is_system_container(tree: &Tree) -> bool {
    MANAGER_FILES.iter().any(|path| tree.value(path).is_ok())
        || container_variable(tree).is_some_and(|manager| SYSTEM_CONTAINERS.contains(&manager.as_str()))
        || (marker_file(tree).is_none() && mounts_lxcfs(tree.mounts()) && from_store(tree.mounts()).is_none())
}

fn marker_file(tree: &Tree) -> Option<&'static str> {
    MARKER_FILES.into_iter().find(|path| tree.has(path))
}

fn container(tree: &Tree) -> Option<String> {
    if let Some(path) = marker_file(tree) {
        return Some(format!("/{path} exists"));
    }
    for path in MANAGER_FILES {
        if let Ok(manager) = tree.value(path) {
            return Some(format!("/{path} says `{manager}`"));
        }
    }
    if let Some(manager) = container_variable(tree) {
        return Some(format!("the first process has container={manager}"));
    }
    let groups = tree.text("proc/1/cgroup", MAX_TEXT) + &tree.text("proc/self/cgroup", MAX_TEXT);
    if let Some(runtime) = runtime(&groups) {
        return Some(format!("a control group is named `{runtime}`"));
    }
    let table = tree.mounts();
    if mounts_lxcfs(table) {
        return Some("/proc is provided by lxcfs".into());
    }
    from_store(table).map(|place| format!("{place} is mounted by a container runtime"))
}

/// The variable `container` of the first process, set by the container manager; only root may read it.
fn container_variable(tree: &Tree) -> Option<String> {
    let variables = tree.text("proc/1/environ", MAX_TEXT);
    let manager = variables.split('\0').find_map(|variable| variable.strip_prefix("container="))?;
    (!manager.is_empty()).then(|| manager.to_owned())
}

/// The runtime in the path of a control group.
fn runtime(groups: &str) -> Option<&str> {
    groups.split(['/', ':', '\n']).find_map(runtime_in)
}

/// The runtime in one part of a control group's path. Systemd's units have endings: a service is the runtime itself on the
/// machine, a slice may be named after it by an operator, and only the scope of a container ends in an id.
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

/// A mount point that an image runtime mounted from its container store.
fn from_store(table: &str) -> Option<&str> {
    table.lines().find_map(|line| {
        let place = mount_point(line)?;
        let is_it = matches!(place, "/" | "/etc/hosts" | "/etc/hostname" | "/etc/resolv.conf");
        (is_it && STORES.iter().any(|store| line.contains(store))).then_some(place)
    })
}

/// Whether lxcfs is mounted in /proc, as LXC does in its containers. On the machine itself lxcfs is mounted elsewhere.
fn mounts_lxcfs(table: &str) -> bool {
    let is_it = |line: &str| {
        mount_point(line).is_some_and(|place| place.starts_with("/proc/")) && line.contains(" - fuse.lxcfs ")
    };
    table.lines().any(is_it)
}

fn hypervisor(tree: &Tree) -> Option<String> {
    let dmi = |file: &str| tree.value(&format!("sys/class/dmi/id/{file}")).unwrap_or_default();
    let product = dmi("product_name");
    // Bare-metal instances of Amazon have the vendor name of the virtual ones.
    if !product.ends_with(".metal") {
        let model = format!("{} {product}", dmi("sys_vendor"));
        let names = [model, dmi("board_vendor"), dmi("bios_vendor")];
        if let Some(model) = names.iter().find(|model| names_hypervisor(model)) {
            return Some(format!("the firmware says `{}`", model.trim()));
        }
    }
    let release = tree.value("proc/sys/kernel/osrelease").unwrap_or_default();
    if release.to_lowercase().contains("microsoft") {
        return Some(format!("the kernel is that of Windows: `{release}`"));
    }
    // Xen's dom0 controls the hardware, although it runs on the hypervisor.
    if tree.text("proc/xen/capabilities", MAX_TEXT).contains("control_d") {
        return None;
    }
    if let Ok(kind) = tree.value("sys/hypervisor/type") {
        return Some(format!("/sys/hypervisor/type says `{kind}`"));
    }
    if tree.has("proc/device-tree/hypervisor") {
        return Some("the device tree names a hypervisor".into());
    }
    if tree.text("proc/device-tree/compatible", MAX_TEXT).contains("dummy-virt") {
        return Some("the device tree is that of QEMU".into());
    }
    let processor = tree.text("proc/cpuinfo", MAX_TEXT);
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
    fn virtual_machines_are_recognized_by_whole_words() {
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
    fn the_control_group_of_a_container_differs_from_that_of_its_runtime() {
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
