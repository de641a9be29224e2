import {
  kindOf,
  type MachineFacts,
  type OtherFacts,
  placeOf,
  type SiteFacts,
  type TalosFacts,
  type UbuntuFacts,
} from "./facts";
import { bullets, commands, page, steps } from "./markdown";

/** How to get into one machine when its usual way in is gone (BG-1). A privileged pod is none of the ways (BG-2, BG-3). */
export function breakGlass(site: SiteFacts, machine: MachineFacts): string {
  const where = machine.address === undefined ? "an address by DHCP" : machine.address;
  return page(
    `Break-glass: ${machine.name}`,
    `${kindOf(machine)}, at ${where}, VM ${machine.vmId ?? "with an id that Proxmox chose"} on the host ${machine.host}.`,
    "Write down when you begin, and why.",
    waysInto(site, machine),
  );
}

function waysInto(site: SiteFacts, machine: MachineFacts): readonly string[] {
  switch (machine.os) {
    case "talos":
      return talosWays(site, machine);
    case "ubuntu":
      return ubuntuWays(site, machine);
    case "other":
      return otherWays(site, machine);
  }
}

// --- Ubuntu -------------------------------------------------------------------------------------------------------

function ubuntuWays(site: SiteFacts, machine: UbuntuFacts): readonly string[] {
  const { name, agent, ssh } = machine;
  const isMasked = ssh === "mask";
  const ways = [
    ...(isMasked ? [] : [["SSH", sshWay(machine)] as const]),
    ...(agent ? [["The guest agent, while the system runs", agentWay(site, machine)] as const] : []),
    ["The console of Proxmox, always", consoleWay(site, machine)] as const,
  ];
  return [
    isMasked
      ? [
          `SSH is masked. ${agent ? "By the guest agent it is back in a minute, by" : "By"} the console in 30 to 60.`,
          "Try the console on one machine before you rely on it, and write its name into `rescueTestedOn` of the evidence.",
        ].join(" ")
      : "SSH is kept here, by key only.",
    ...ways.map(([title, text], index) => `## ${index + 1}. ${title}\n\n${text}`),
    `## Afterwards\n\n${afterwards(name, isMasked)}`,
  ];
}

function sshWay(machine: UbuntuFacts): string {
  return commands(...machine.sshUsers.map((user) => `ssh ${user}@${placeOf(machine)}`));
}

function agentWay(site: SiteFacts, machine: UbuntuFacts): string {
  const { setup, id } = vm(machine);
  const inside =
    machine.ssh === "mask"
      ? ["systemctl unmask ssh.socket ssh.service", "systemctl start ssh.service"]
      : ["sshd -t", "systemctl restart ssh.service"];
  return [
    onHost(site, machine),
    commands(...setup, ...inside.map((command) => `qm guest exec ${id} -- ${command}`), ...loginAfter(machine)),
  ].join("\n\n");
}

function consoleWay(site: SiteFacts, machine: UbuntuFacts): string {
  const { setup, id } = vm(machine);
  return steps(
    `Open the console: ${consoleOf(site, machine)}.`,
    `Reboot the VM: on ${machine.host} as root\n\n${commands(...setup, `qm reboot ${id} --timeout 60 || qm reset ${id}`)}\n`,
    "Tap Esc as soon as the firmware's logo shows: the VM starts by UEFI, where Shift does nothing. At a `grub>` prompt type `normal`, Enter, and Esc again.",
    "Choose *Advanced options for Ubuntu*, the first entry with *(recovery mode)*, then *root*, and Enter. No password is asked, as root has none.",
    `In the root shell${machine.ssh === "mask" ? "" : ", if somebody masked SSH"}:\n\n${commands("mount -o remount,rw /", "systemctl unmask ssh.socket ssh.service")}\n`,
    `If sshd's own settings are what is wrong, correct \`/etc/ssh/sshd_config.d/00-hardening.conf\` and check it:\n\n${commands("mkdir -p /run/sshd && sshd -t")}\n`,
    `\`reboot\`${machine.sshUsers.length === 0 ? "." : `, and then \`ssh ${machine.sshUsers[0]}@${placeOf(machine)}\`.`}`,
  );
}

function loginAfter(machine: UbuntuFacts): readonly string[] {
  const [user] = machine.sshUsers;
  return user === undefined ? [] : [`ssh ${user}@${placeOf(machine)}   # from your own machine`];
}

function afterwards(name: string, isMasked: boolean): string {
  return bullets(
    ...(isMasked
      ? [
          "Mask SSH again: `sudo systemctl mask --now ssh.socket ssh.service`. `systemctl is-enabled ssh.socket ssh.service` says `masked` twice.",
        ]
      : []),
    `File integrity reports what you changed on ${name}. Undo it, put it into the code, or approve a new baseline.`,
    isMasked ? "Count it in the weekly review: `sshMissed`." : "Mention it in the weekly review.",
  );
}

// --- Talos --------------------------------------------------------------------------------------------------------

function talosWays(site: SiteFacts, machine: TalosFacts): readonly string[] {
  const { name, address, role, cluster } = machine;
  const { setup, id } = vm(machine);
  const isControlPlane = role === "controlplane";
  return [
    "Talos has no SSH, no shell and no password. There is its API, and the screen of the VM.",
    `## 1. The Talos API\n\nThe talosconfig is a secret. Save it before you need it, outside of what is down with this site:`,
    commands(
      "umask 077",
      `terraform -chdir=cdktf.out/stacks/${cluster.stack} output -raw ${cluster.talosconfig} > talosconfig`,
      'export TALOSCONFIG="$PWD/talosconfig"',
      "talosctl config info   # until when its certificate is valid",
    ),
    "It has all machines as its nodes: name the one that you mean, always.",
    commands(
      `talosctl --nodes ${address} version`,
      `talosctl --nodes ${address} services`,
      `talosctl --nodes ${address} dmesg`,
      `talosctl --nodes ${address} logs kubelet --tail 100`,
      `talosctl --nodes ${address} support --output ${name}-support.zip`,
    ),
    isControlPlane
      ? `Requests go by any of the control planes (${cluster.controlPlanes.join(", ")}). If no other one answers, go straight to it: \`talosctl --endpoints ${address} --nodes ${address} version\`.`
      : `Requests to a worker go by the control planes (${cluster.controlPlanes.join(", ")}). If none of them answers, they come first.`,
    ...(isControlPlane ? [etcdText(machine)] : []),
    `Then, the least first:`,
    commands(
      `talosctl --nodes ${address} service kubelet restart`,
      `talosctl --nodes ${address} reboot`,
      `talosctl --nodes ${address} rollback   # to the Talos before the last upgrade`,
    ),
    "`talosctl --nodes <address> debug <image>` starts a privileged container from an image of yours, from Talos 1.13 on.",
    `## 2. The console of Proxmox\n\n${bullets(
      `Open ${consoleOf(site, machine)}. Alt+F2 is Talos' dashboard with addresses, services and logs, Alt+F1 the kernel's log. Nobody can log in there.`,
      `${onHost(site, machine)} \`qm reboot\` asks the guest, \`qm reset\` does not.`,
    )}`,
    commands(...setup, `qm status ${id}`, `qm reboot ${id} --timeout 120 || qm reset ${id}`),
    `## 3. The machine is lost\n\n${isControlPlane ? lostControlPlane(machine) : lostWorker(machine)}`,
  ];
}

function etcdText({ address, cluster }: TalosFacts): string {
  return [
    "It is a member of etcd. Look at the others first, save what there is, and restart no two control planes at the same time:",
    commands(
      `talosctl --nodes ${cluster.controlPlanes.join(",")} etcd status`,
      `talosctl --nodes ${address} etcd members`,
      `talosctl --nodes ${address} etcd snapshot ${cluster.name}-etcd.db`,
    ),
  ].join("\n\n");
}

function lostWorker({ name, resource, cluster }: TalosFacts): string {
  return [
    "Nothing on its system disk is worth saving. Make it anew:",
    commands(
      `kubectl delete node ${name}`,
      `terraform -chdir=cdktf.out/stacks/${cluster.stack} apply -replace='${resource}'`,
    ),
  ].join("\n\n");
}

function lostControlPlane({ name, address, resource, cluster }: TalosFacts): string {
  const others = cluster.controlPlanes.filter((other) => other !== address);
  const [other] = others;
  const restore = [
    "If etcd has lost its quorum for good, it comes back from a snapshot, on machines that have none of it left. On every control plane",
    commands("talosctl --nodes <address> reset --graceful=false --reboot --system-labels-to-wipe=EPHEMERAL"),
    "and, when `talosctl --nodes <address> service etcd` says `Preparing` everywhere, on one of them",
    commands(`talosctl --nodes ${other ?? address} bootstrap --recover-from=./${cluster.name}-etcd.db`),
    "Without a snapshot, `talosctl --nodes <address> cp /var/lib/etcd/member/snap/db .` before all this saves what a member has; add `--recover-skip-hash-check` then.",
  ].join("\n\n");
  if (other === undefined) {
    return restore;
  }
  return [
    "Its etcd member is still counted. Take it out by one of the others, then make the machine anew:",
    commands(
      `talosctl --nodes ${other} etcd members`,
      `talosctl --nodes ${other} etcd remove-member <id of ${name}>`,
      `kubectl delete node ${name}`,
      `terraform -chdir=cdktf.out/stacks/${cluster.stack} apply -replace='${resource}'`,
    ),
    "Terraform refuses the last one until `preventDestroy` of this VM is false for one apply.",
    restore,
  ].join("\n\n");
}

// --- Others -------------------------------------------------------------------------------------------------------

function otherWays(site: SiteFacts, machine: OtherFacts): readonly string[] {
  const { setup, id } = vm(machine);
  return [
    `The code does not say what runs in it. Its console is ${consoleOf(site, machine)}.`,
    onHost(site, machine),
    commands(...setup, `qm status ${id}`, `qm reboot ${id} --timeout 60 || qm reset ${id}`),
  ];
}

// --- Proxmox ------------------------------------------------------------------------------------------------------

/** The id of a VM for commands on its host, and what finds it out. */
function vm({ vmId, name }: MachineFacts): { readonly setup: readonly string[]; readonly id: string } {
  return vmId === undefined
    ? { setup: [`VMID=$(qm list | awk '$2 == "${name}" { print $1 }')`], id: '"$VMID"' }
    : { setup: [], id: String(vmId) };
}

function onHost({ endpoint, hosts }: SiteFacts, { host }: MachineFacts): string {
  const elsewhere =
    hosts.length < 2 ? "" : " `pvesh get /cluster/resources --type vm` says if the VM is on another host now.";
  return `On ${host} as root, by SSH or ${endpoint} (${host}, Shell).${elsewhere}`;
}

function consoleOf({ endpoint }: SiteFacts, { host, name, vmId }: MachineFacts): string {
  return vmId === undefined
    ? `${endpoint}, ${host}, ${name}, Console`
    : `${endpoint}/?console=kvm&novnc=1&vmid=${vmId}&node=${host}`;
}
