/** The SSH drop-in beside those of Ubuntu's images and of cloud-init, as the real sshd reads them. */
import { mkdirSync, readFileSync } from "node:fs";
import { hardenedSsh, maskedSsh } from "../../cloud-init";
import { printed, withFiles } from "./support/programs";

const [hardening] = hardenedSsh(["wizard", "second"]).files ?? [];
const dropIn = "/etc/ssh/sshd_config.d/00-hardening.conf";

/** What others put beside ours, with the values that matter turned to the worst. */
const others = {
  "50-cloud-init.conf": "PasswordAuthentication yes\n",
  "60-cloudimg-settings.conf":
    "PasswordAuthentication yes\nKbdInteractiveAuthentication yes\nPermitRootLogin yes\nPubkeyAuthentication no\n",
};

test("HRD-1, T-21: keys only, never root, and only our users, whatever 50-cloud-init.conf says", () => {
  expect(hardening?.path).toBe(dropIn);
  expect(effective({ ...others, "00-hardening.conf": hardening?.content ?? "" })).toMatchObject({
    passwordauthentication: ["no"],
    kbdinteractiveauthentication: ["no"],
    pubkeyauthentication: ["yes"],
    permitrootlogin: ["no"],
    allowusers: ["second", "wizard"],
  });
});

test("T-21: the same file as 99-hardening.conf would have no effect", () => {
  expect(effective({ ...others, "99-hardening.conf": hardening?.content ?? "" })).toMatchObject({
    passwordauthentication: ["yes"],
    pubkeyauthentication: ["no"],
    permitrootlogin: ["yes"],
  });
});

test("users that another file allows are allowed as well, as the docstring says", () => {
  const files = { "00-hardening.conf": hardening?.content ?? "", "70-more.conf": "AllowUsers mallory\n" };
  expect(effective(files)["allowusers"]?.sort()).toEqual(["mallory", "second", "wizard"]);
});

const unit = "[Install]\nWantedBy=multi-user.target\n";
const units = {
  "etc/systemd/system/multi-user.target.wants/ssh.service": unit,
  "usr/lib/systemd/system/ssh.service": unit,
  "usr/lib/systemd/system/ssh.socket": "[Install]\nWantedBy=sockets.target\n",
};

test("HRD-3, T-22: neither the socket nor the service starts again when SSH is masked", () => {
  const [command = ""] = maskedSsh().commands ?? [];
  const [program = "", verb = "", ...args] = command;
  expect(args).toContain("--now");
  withFiles(units, (folder) => {
    // Nothing runs here, so nothing can be stopped.
    printed(program, ["--root", folder, verb, ...args.filter((arg) => arg !== "--now")]);
    expect(stateOf(folder, "ssh.socket")).toBe("masked");
    expect(stateOf(folder, "ssh.service")).toBe("masked");
  });
});

test("T-22: masking the socket alone leaves the service", () => {
  withFiles(units, (folder) => {
    printed("systemctl", ["--root", folder, "mask", "ssh.socket"]);
    expect(stateOf(folder, "ssh.service")).not.toBe("masked");
  });
});

function stateOf(folder: string, name: string): string {
  // Ends with 1 for what is not enabled.
  return printed("sh", ["-c", `systemctl --root '${folder}' is-enabled ${name} || true`]).trim();
}

/** Every setting of sshd with its values, from the configuration of the package and the given drop-ins. */
function effective(dropIns: Readonly<Record<string, string>>): Record<string, string[]> {
  const below = Object.entries(dropIns).map(([name, content]) => [`sshd_config.d/${name}`, content]);
  const packaged = readFileSync("/etc/ssh/sshd_config", "utf8");
  expect(packaged).toContain("Include /etc/ssh/sshd_config.d/*.conf");
  return withFiles(Object.fromEntries(below), (folder) => {
    const config = `${folder}/sshd_config`;
    const hostKey = `${folder}/host_key`;
    printed("sh", ["-c", `cat > '${config}'`], packaged.replace("/etc/ssh/sshd_config.d", `${folder}/sshd_config.d`));
    printed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
    // sshd does not even read its configuration without this directory.
    mkdirSync("/run/sshd", { recursive: true });
    const settings: Record<string, string[]> = {};
    for (const line of printed("/usr/sbin/sshd", ["-T", "-f", config, "-h", hostKey]).trim().split("\n")) {
      const [name = "", ...values] = line.split(" ");
      settings[name] = [...(settings[name] ?? []), ...values];
    }
    return settings;
  });
}
