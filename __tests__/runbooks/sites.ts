import type { SiteFacts, TalosFacts, UbuntuFacts } from "../../runbooks";

export const worker: UbuntuFacts = {
  os: "ubuntu",
  name: "node-1",
  host: "pve1",
  vmId: 301,
  address: "10.0.0.31",
  agent: true,
  ssh: "mask",
  sshUsers: ["ops", "wizard"],
  isWorker: true,
};

export const controlPlane: TalosFacts = {
  os: "talos",
  name: "cp-1",
  host: "pve1",
  vmId: 201,
  address: "10.0.0.21",
  role: "controlplane",
  resource: "proxmox_virtual_environment_vm.lab_cp-1_Vm",
  cluster: { name: "lab", stack: "lab-cluster", talosconfig: "lab_talosconfig", controlPlanes: ["10.0.0.21"] },
};

export function siteOf(...machines: SiteFacts["machines"]): SiteFacts {
  return { name: "lab", endpoint: "https://pve.example.com:8006", hosts: ["pve1"], machines };
}
