/** An app that is refused, for problems of several stacks; it prints what it was told. */
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { ClusterStack, ProblemsError, ProxmoxSite, ProxmoxStack } from "../../../index";

const app = new App();

// Comes first and is right, and may not be written either.
const innocent = new TerraformStack(app, "innocent");
new TerraformOutput(innocent, "output", { value: "right" });

const site = new ProxmoxSite("home", {
  endpoint: "pve.example.com",
  hosts: ["pve-1", "pve-2", "pve-3"],
  datastores: { local: { content: ["import"] }, "local-lvm": {} },
});
const proxmox = new ProxmoxStack(app, { site, image: { datastore: "local" } });
new ClusterStack(app, {
  site,
  endpoint: "https://192.168.1.20:6443",
  versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.99.1" },
  image: proxmox.image,
  network: { bridge: "vmbr0", subnet: "192.168.1.0/24", gateway: "192.168.1.1" },
  datastore: "local-lvm",
  controlPlanes: {
    "control-1": { host: "pve-1", address: "192.168.1.11", macAddress: "BC:24:11:00:00:11" },
    "control-2": { host: "pve-2", address: "192.168.1.11", macAddress: "BC:24:11:00:00:11" },
  },
});

try {
  app.synth();
} catch (error) {
  if (!ProblemsError.is(error)) {
    throw error;
  }
  console.log(JSON.stringify({ message: error.message, problems: error.problems }));
}
