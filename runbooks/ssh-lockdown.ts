import { hardenedSsh } from "../cloud-init";
import { isUbuntu, placeOf, type SiteFacts, type UbuntuFacts } from "./facts";
import { boxes, commands, page, steps } from "./markdown";

/** Minutes for each machine, most of them waiting for pods (HRD-4). */
const minutesEach = 15;

/** How SSH is taken away from machines that run, in the one order that locks nobody out (HRD-2, HRD-3, HRD-4). */
export function sshLockdown(site: SiteFacts, masked: readonly UbuntuFacts[]): string {
  const kept = site.machines.filter(isUbuntu).filter(({ ssh }) => ssh === "keep");
  const [first] = masked;
  return page(
    `SSH lockdown of ${site.name}`,
    `For machines that run already. One that is made anew from this code masks SSH itself, when it is set up.`,
    `One machine after the other, never two at once: ${minutesEach} minutes each, ${minutesEach * masked.length} minutes in all.`,
    `SSH stays on ${kept.length === 0 ? "no machine" : namesOf(kept)}, and goes from ${namesOf(masked)}.`,
    "## Before the first one",
    boxes(
      `The rescue boot was tried, on one of them: [${first?.name}](break-glass/${first?.name}.md). It is the way in from now on.`,
      "The web interface of Proxmox lets you in, and the console of a VM opens.",
      "The health check has run, and its failures are written down: they are `failedBefore` in the evidence.",
      `The other workers have room for the pods of one: \`kubectl top nodes\`, and \`free -h\` on ${hostsOf(masked)}.`,
      "The pages about break-glass are at hand without the cluster.",
    ),
    masked.map((machine) => `## ${machine.name}\n\n${lockdownOf(machine)}`),
    "## After the last one",
    boxes(
      "The health check has no new failure. It reaches the Proxmox host by SSH, and no node.",
      "Baselines of file integrity are approved after this, not before: masking changes `/etc/systemd/system`.",
      `The code says \`sshPolicy: "mask"\` for each of them, so that one that is made anew is locked, too.`,
    ),
  );
}

function lockdownOf(machine: UbuntuFacts): string {
  const { name, isWorker, sshUsers } = machine;
  const [user] = sshUsers;
  const place = placeOf(machine);
  if (user === undefined) {
    return "Nobody has a key for it: nobody can log in, and there is nothing to take away by hand.";
  }
  const [dropIn] = hardenedSsh(sshUsers).files ?? [];
  return steps(
    ...(isWorker
      ? [
          `Drain it:\n\n${commands(`kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data --timeout=${minutesEach}m`)}\n`,
        ]
      : []),
    `Log in, and leave this session open to the end:\n\n${commands(`ssh ${user}@${place}`)}\n`,
    `In it, write the settings, check them, and restart sshd:\n\n${commands(
      `sudo tee ${dropIn?.path} >/dev/null <<'EOF'`,
      ...(dropIn?.content.trimEnd().split("\n") ?? []),
      "EOF",
      "sudo sshd -t && sudo systemctl restart ssh",
    )}\n`,
    `From another terminal, log in anew. The first has to work, the second to be refused:\n\n${commands(
      `ssh -o ControlPath=none -o PasswordAuthentication=no ${user}@${place} true`,
      `ssh -o ControlPath=none -o PubkeyAuthentication=no ${user}@${place} true`,
    )}\n\nIf not, put it right in the open session. Do not go on.\n`,
    `**Only then**, in the open session, mask socket and service. It has to say \`masked\` twice:\n\n${commands(
      "sudo systemctl mask --now ssh.socket ssh.service",
      "systemctl is-enabled ssh.socket ssh.service",
    )}\n`,
    `From the other terminal, see that nobody answers any more, and close the session:\n\n${commands(
      `nc -z -w 3 ${place} 22 && echo "still open"`,
    )}\n`,
    ...(isWorker
      ? [
          `Let pods come back, and wait until the node is ready:\n\n${commands(
            `kubectl uncordon ${name}`,
            `kubectl wait --for=condition=Ready node/${name} --timeout=5m`,
          )}\n`,
        ]
      : []),
    `Write \`"${name}": true\` into \`sshMasked\` of the evidence.`,
  );
}

function namesOf(machines: readonly UbuntuFacts[]): string {
  return machines.map(({ name }) => name).join(", ");
}

function hostsOf(machines: readonly UbuntuFacts[]): string {
  return [...new Set(machines.map(({ host }) => host))].join(", ");
}
