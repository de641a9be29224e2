import { isUbuntu, kindOf, type MachineFacts, type SiteFacts } from "./facts";
import { bullets, page, table } from "./markdown";

/** What there is, and which page is for what (HRD-9). */
export function overview(site: SiteFacts): string {
  const ubuntu = site.machines.filter(isUbuntu);
  return page(
    `Runbooks of ${site.name}`,
    "Written at synth from what the code says. Correct the code and not these pages: the next synth writes them anew.",
    table(
      ["machine", "is", "address", "host", "VM id", "SSH"],
      site.machines.map((machine) => [
        `[${machine.name}](break-glass/${machine.name}.md)`,
        kindOf(machine),
        machine.address ?? "DHCP",
        machine.host,
        String(machine.vmId ?? "by Proxmox"),
        sshOf(machine),
      ]),
    ),
    bullets(
      "`break-glass/<machine>.md`: the machine does not answer, or SSH is needed where there is none.",
      ...(ubuntu.some(({ ssh }) => ssh === "mask")
        ? ["[ssh-lockdown.md](ssh-lockdown.md): SSH is taken away from machines that run already."]
        : []),
      ...(ubuntu.length === 0
        ? []
        : [
            "[staged-plan.md](staged-plan.md): the stages from hardened Ubuntu to, perhaps, Talos, with their gates.",
            "[weekly-review.md](weekly-review.md): what is looked at every week. Copy it for each.",
            "[decision-record.md](decision-record.md): what the decision after Stage C is written into.",
            "[evidence.json](evidence.json): what the gates are judged by. Copy it once, and fill in the copy.",
          ]),
    ),
    "Keep a copy where you can read it while this site is down.",
    ...(ubuntu.length === 0 ? [] : [hardeningNotes()]),
  );
}

function hardeningNotes(): string {
  return [
    "## What to know about these machines",
    bullets(
      "Where SSH is masked, the way in is Proxmox: the guest agent, or the console of the VM.",
      "No privileged pod is a way in: an admission policy refuses it. That the policy leaves out some namespaces is for what runs there, and nothing to rely on.",
      "File integrity and drift detection tell of a change after it has happened. They prevent none.",
      "`/usr`, `/etc` and `/var` stay writable; `unattended-upgrades` writes to the first.",
    ),
  ].join("\n\n");
}

function sshOf(machine: MachineFacts): string {
  switch (machine.os) {
    case "talos":
      return "none: Talos";
    case "ubuntu":
      return machine.ssh === "mask" ? "masked" : "kept";
    case "other":
      return "not known";
  }
}
