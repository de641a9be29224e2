import { type App, TerraformVariable } from "cdktf";
import { type CloudInitPiece, kubeadmWorker } from "../../cloud-init";
import { ProxmoxSite, type ProxmoxSiteProps, SiteStack, UbuntuImage, UbuntuVm, type UbuntuVmProps } from "../../index";
import { wizard, worker } from "../cloud-init/machines";

/** A small site that is right in everything; a test names what it changes. */
export interface UbuntuChanges {
  readonly site?: Partial<ProxmoxSiteProps<string, string>>;
  readonly image?: object;
  readonly vm?: Partial<UbuntuVmProps>;
}

export const noble = {
  version: "24.04",
  serial: "20260801",
  sha256: "0533b0655c32e68b31d792ecd6ccfca95abdbc536c4446874fe0513bd4140ffe",
} as const;

/** One Ubuntu machine, `node-1`, in the stack `test-ubuntu`; its pieces may be made with a secret. */
export function addUbuntu(app: App, changes: UbuntuChanges = {}, pieces?: (secret: string) => CloudInitPiece[]) {
  const site = new ProxmoxSite<string, string>("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1", "pve2"],
    datastores: { local: { content: ["import", "snippets"] }, "local-lvm": {} },
    ...changes.site,
  });
  const stack = new SiteStack(app, "ubuntu", { site });
  const secret = new TerraformVariable(stack, "secret", { type: "string", sensitive: true });
  const image = new UbuntuImage(stack, "noble", { site, datastore: "local", ...noble, ...changes.image });
  const vm = new UbuntuVm(stack, "node-1", {
    site,
    image,
    host: "pve1",
    disk: { datastore: "local-lvm", sizeGiB: 32 },
    snippets: "local",
    networkDevices: [{ bridge: "vmbr0" }],
    users: [wizard],
    ...(pieces === undefined ? {} : { pieces: pieces(secret.stringValue) }),
    ...changes.vm,
  });
  return { site, stack, image, vm };
}

/** The same machine as a worker of a kubeadm cluster, with the secret as its token. */
export function addWorker(app: App, changes: UbuntuChanges = {}) {
  return addUbuntu(app, changes, (token) => [kubeadmWorker({ ...worker, join: { ...worker.join, token } })]);
}
