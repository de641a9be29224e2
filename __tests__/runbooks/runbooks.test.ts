/** Runbooks from facts. */
import { checkGate, gates } from "../../analysis/gates";
import { outcomes } from "../../analysis/gates/decision";
import { readEvidence } from "../../analysis/gates/evidence";
import { prerequisites } from "../../analysis/gates/stage-d";
import { type MachineFacts, runbooks } from "../../runbooks";
import { controlPlane, siteOf, worker } from "./sites";

const master = { ...worker, name: "master", address: "10.0.0.30", ssh: "keep", isWorker: false } as const;
const second = { ...worker, name: "node-2", address: "10.0.0.32" };
const docker = { ...worker, name: "docker", address: "10.0.0.33", isWorker: false };
const files = runbooks(siteOf(master, worker, second, docker, controlPlane));

function text(file: string): string {
  return files[file] ?? "";
}

/** The texts occur, in this order. */
function expectOrder(page: string, ...texts: readonly string[]): void {
  const places = texts.map((part) => page.indexOf(part));
  expect(texts.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
}

describe("the SSH lockdown", () => {
  const page = text("ssh-lockdown.md");
  const section = (name: string) => page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? "";

  test.each([worker, second])(
    "HRD-2: locks nobody out of $name: nothing is masked before a login has worked",
    (node) => {
      expectOrder(
        section(node.name),
        `kubectl drain ${node.name} `,
        `ssh ops@${node.address}`,
        "sudo tee /etc/ssh/sshd_config.d/00-hardening.conf",
        "sudo sshd -t && sudo systemctl restart ssh",
        `ssh -o ControlPath=none -o PasswordAuthentication=no ops@${node.address} true`,
        "sudo systemctl mask --now ssh.socket ssh.service",
        `kubectl uncordon ${node.name}`,
      );
    },
  );

  test("HRD-1: writes what machines that are made anew have", () => {
    expect(section("node-1")).toContain("   PasswordAuthentication no\n");
    expect(section("node-1")).toContain("   AllowUsers ops wizard\n");
  });

  test("HRD-3: says where SSH stays and where it goes", () => {
    expect(page).toContain("SSH stays on master, and goes from node-1, node-2, docker.");
    expect(section("master")).toBe("");
  });

  test("HRD-4: one machine after the other, fifteen minutes each", () => {
    expect(page).toContain("15 minutes each, 45 minutes in all");
    expectOrder(page, "\n## node-1\n", "\n## node-2\n", "\n## docker\n");
  });

  test("drains no machine that is no node", () => {
    expect(section("docker")).not.toContain("kubectl");
  });

  test("BG-4, HRD-8: begins with a rescue that was tried, and ends with the health check", () => {
    expectOrder(page, "- [ ] The rescue boot was tried", "## node-1", "- [ ] The health check has no new failure.");
  });

  test("takes nothing from a machine into which nobody can log in", () => {
    const page = runbooks(siteOf({ ...worker, sshUsers: [] }))["ssh-lockdown.md"];
    expect(page).toContain("nothing to take away by hand");
    expect(page).not.toContain("mask --now");
  });
});

describe("break-glass", () => {
  test("BG-1: the console of Proxmox leads into a machine without SSH", () => {
    const [, way = ""] = text("break-glass/node-1.md").split("## 2. ");
    expectOrder(
      way,
      "https://pve.example.com:8006/?console=kvm&novnc=1&vmid=301&node=pve1",
      "Tap Esc",
      "recovery mode",
      "mount -o remount,rw /",
      "systemctl unmask ssh.socket ssh.service",
      "00-hardening.conf",
      "`reboot`, and then `ssh ops@10.0.0.31`",
      "systemctl mask --now ssh.socket ssh.service",
    );
  });

  test("BG-5: says how long that takes", () => {
    expect(text("break-glass/node-1.md")).toContain("by the console in 30 to 60");
  });

  test("the guest agent comes first, where there is one", () => {
    const [, way] = text("break-glass/node-1.md").split("## 1. ");
    expect(way).toContain("qm guest exec 301 -- systemctl unmask ssh.socket ssh.service");
    const without = runbooks(siteOf({ ...worker, agent: false }))["break-glass/node-1.md"];
    expect(without).toContain("## 1. The console of Proxmox");
    expect(without).not.toContain("qm guest");
  });

  test("SSH comes first where it is kept, and nothing is masked afterwards", () => {
    expectOrder(text("break-glass/master.md"), "## 1. SSH", "## 2. The guest agent", "## 3. The console");
    expect(text("break-glass/master.md")).not.toContain("mask --now");
  });

  test("an id that Proxmox chose is found by the machine's name", () => {
    const { vmId: _, ...unknown } = worker;
    const page = runbooks(siteOf(unknown))["break-glass/node-1.md"] ?? "";
    expect(page).toContain(`VMID=$(qm list | awk '$2 == "node-1" { print $1 }')`);
    expect(page).toContain('qm reset "$VMID"');
    expect(page).not.toContain("undefined");
  });

  test("T-35, TAL-38: Talos has no SSH: its way in is its API, then the screen", () => {
    const page = text("break-glass/cp-1.md");
    expectOrder(
      page,
      "terraform -chdir=cdktf.out/stacks/lab-cluster output -raw lab_talosconfig > talosconfig",
      "talosctl config info",
      "talosctl --nodes 10.0.0.21 etcd snapshot lab-etcd.db",
      "## 2. The console of Proxmox",
      "talosctl --nodes 10.0.0.21 bootstrap --recover-from=./lab-etcd.db",
    );
    expect(page).not.toMatch(/ssh \S+@|systemctl|GRUB/);
    expect(Object.keys(runbooks(siteOf(controlPlane)))).toEqual(["README.md", "break-glass/cp-1.md"]);
  });

  test("PVE-24: a lost control plane leaves etcd by another one; a lost worker is made anew", () => {
    const cluster = { ...controlPlane.cluster, controlPlanes: ["10.0.0.21", "10.0.0.22"] };
    const lost = runbooks(siteOf({ ...controlPlane, cluster }, { ...controlPlane, name: "w-1", role: "worker" }));
    expect(lost["break-glass/cp-1.md"]).toContain("talosctl --nodes 10.0.0.22 etcd remove-member");
    expect(lost["break-glass/w-1.md"]).not.toContain("etcd");
    expect(lost["break-glass/w-1.md"]).toContain("-replace='proxmox_virtual_environment_vm.lab_cp-1_Vm'");
  });

  test("a VM of which the code says nothing has its console", () => {
    const other: MachineFacts = { os: "other", name: "nas", host: "pve1", vmId: 400 };
    expect(runbooks(siteOf(other))["break-glass/nas.md"]).toContain("vmid=400&node=pve1");
  });
});

test("BG-2, BG-3: no page names a privileged pod as a way in", () => {
  const all = Object.values(files).join("\n");
  expect(all).not.toMatch(/kubectl debug|kubectl run|nsenter|hostPID/);
  expect(all).toContain("No privileged pod is a way in");
});

test("HRD-9: the overview says what somebody new has to know", () => {
  const page = text("README.md");
  expect(page).toContain(
    "| [node-1](break-glass/node-1.md) | Ubuntu, kubeadm worker | 10.0.0.31 | pve1 | 301 | masked |",
  );
  expect(page).toContain(
    "| [cp-1](break-glass/cp-1.md) | Talos, control plane of lab | 10.0.0.21 | pve1 | 201 | none: Talos |",
  );
  expect(page).toContain("Where SSH is masked, the way in is Proxmox");
  expect(page).toContain("They prevent none.");
});

describe("the staged plan", () => {
  const page = text("staged-plan.md");

  test("GATE-1, GATE-10, GATE-11, GATE-12: has every criterion as a box, and the command that judges it", () => {
    for (const [gate, { criteria }] of Object.entries(gates)) {
      const [, after = ""] = page.split(`### Gate ${gate}\n`);
      const boxes = [...(after.split("```sh")[0]?.matchAll(/^- \[ \] `([\w-]+)`/gm) ?? [])].map(([, id]) => id);
      expect(boxes).toEqual(criteria.map(({ id }) => id));
      expect(page).toContain(`npx cdktf-proxmox-talos gate check ${gate} evidence.json`);
    }
  });

  test("GATE-13, GATE-14, GATE-20: Stage D has what it needs, what it takes, and its order", () => {
    for (const id of Object.keys(prerequisites)) expect(page).toContain(`- [ ] \`${id}\``);
    expect(page).toContain("75–106 h, with a cut-over of 12–18 h");
    expectOrder(
      page,
      "as code beside the old one",
      "Bootstrap it",
      "kubeconfig",
      "health check on both",
      "Take the old one down",
    );
  });

  test("GATE-15: has the schedule", () => {
    for (const hours of ["6–8 h", "9–12 h", "8–10 h", "eight weeks, 30–37 hours"]) expect(page).toContain(hours);
  });

  test("GATE-16, GATE-17, GATE-18, X-10: says what remains, what is not part, and when to decide anew", () => {
    const [, remains = ""] = page.split("## What remains");
    expect(remains).toContain("25 hours at most");
    expect(remains).toContain("after 48");
    expect(remains).toContain("Not part of this:");
    expect(remains).toContain("Look at the decision again");
  });

  test("GATE-2, GATE-3, GATE-4, GATE-5: names the four outcomes", () => {
    for (const { number, title } of Object.values(outcomes)) expect(page).toContain(`**Outcome ${number}: ${title}.**`);
  });
});

test("GATE-8, DRF-8, AIDE-14: the weekly review ends with the row of the evidence", () => {
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(text("weekly-review.md")) ?? [];
  const row = { ...JSON.parse(json), from: "2026-06-14", until: "2026-06-20" };
  const { site, measuredAt } = { site: "lab", measuredAt: "2026-06-21T08:00:00Z" };
  expect(readEvidence({ site, measuredAt, stageC: { reviews: [row] } }, "evidence.json").stageC?.reviews).toEqual([
    row,
  ]);
});

test("GATE-9: the decision record asks for telemetry, sandbox, outcome and why", () => {
  expectOrder(
    text("decision-record.md"),
    "## Telemetry",
    "## Sandbox",
    "## Decision",
    "- [ ] Outcome 1:",
    "- [ ] Outcome 4:",
    "## Why",
  );
});

test("the evidence to begin with is evidence, and passes no gate", () => {
  const evidence = readEvidence(JSON.parse(text("evidence.json")), "evidence.json");
  expect(evidence.stageA?.sshMasked).toEqual({ "node-1": null, "node-2": null, docker: null });
  for (const gate of ["start", "stage-a", "stage-b", "stage-c", "stage-d"] as const) {
    expect(checkGate(gate, evidence).passed).toBe(false);
  }
});

test("every link between the pages leads to one", () => {
  for (const [file, page] of Object.entries(files)) {
    const folder = file.includes("/") ? file.replace(/[^/]*$/, "") : "";
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => `${folder}${link}`);
    expect(links.filter((link) => files[link] === undefined)).toEqual([]);
  }
});
