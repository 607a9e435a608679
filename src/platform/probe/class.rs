//! What kind of machine a host seems to be, by what it shows: information, never proof.

use super::tree::Tree;
use crate::model::HostClass;

/// Enough for the flags of the first processor, and for any list of control groups or variables that matters.
const LONGEST: u64 = 64 * 1024;
/// Words in the path of a control group that a container runtime makes.
const RUNTIMES: [&str; 5] = ["docker", "kubepods", "lxc", "libpod", "containerd"];
/// Whole words of makers and models of virtual machines.
const HYPERVISORS: [&str; 13] = [
    "kvm",
    "qemu",
    "vmware",
    "virtualbox",
    "xen",
    "bochs",
    "parallels",
    "bhyve",
    "firecracker",
    "openstack",
    "amazon ec2",
    "google compute engine",
    "microsoft corporation virtual machine",
];

/// The class of a host; a container in a virtual machine is a container.
pub(super) fn class(tree: &Tree) -> HostClass {
    if let Some(evidence) = container(tree) {
        return HostClass::Container(evidence);
    }
    hypervisor(tree).map_or(HostClass::BareMetal, HostClass::Virtual)
}

fn container(tree: &Tree) -> Option<String> {
    if let Some(mark) = [".dockerenv", "run/.containerenv"].into_iter().find(|mark| tree.has(mark)) {
        return Some(format!("/{mark} is there"));
    }
    if let Ok(manager) = tree.value("run/systemd/container") {
        return Some(format!("/run/systemd/container says `{manager}`"));
    }
    let variables = tree.text("proc/1/environ", LONGEST);
    let manager = variables.split('\0').find_map(|variable| variable.strip_prefix("container="));
    if let Some(manager) = manager.filter(|manager| !manager.is_empty()) {
        return Some(format!("the first process has container={manager}"));
    }
    let groups = tree.text("proc/1/cgroup", LONGEST) + &tree.text("proc/self/cgroup", LONGEST);
    let mut words = groups.split(['/', '-', '.', ':', '\n']);
    let runtime = words.find(|word| RUNTIMES.contains(word))?;
    Some(format!("a control group is named `{runtime}`"))
}

fn hypervisor(tree: &Tree) -> Option<String> {
    let dmi = |file: &str| tree.value(&format!("sys/class/dmi/id/{file}")).unwrap_or_default();
    let (vendor, product) = (dmi("sys_vendor"), dmi("product_name"));
    let model = format!("{vendor} {product}");
    // Amazon's whole machines bear the name of its virtual ones.
    if !product.ends_with(".metal") && names_hypervisor(&model) {
        return Some(format!("the firmware says `{}`", model.trim()));
    }
    if let Ok(kind) = tree.value("sys/hypervisor/type") {
        return Some(format!("/sys/hypervisor/type says `{kind}`"));
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
        ] {
            assert!(names_hypervisor(model), "{model}");
        }
        for model in
            ["Dell Inc. OptiPlex 7060", "Google Samus", "Microsoft Corporation Surface Pro", "ACME Xenon"]
        {
            assert!(!names_hypervisor(model), "{model}");
        }
    }
}
