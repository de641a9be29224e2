import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ProviderMirror } from "../../cli/drift-providers";
import type { Ended } from "../../cli/terraform";

// That the real Terraform takes providers from there is in the programs tier.

const provider = "registry.terraform.io/bpg/proxmox/0.112.0/linux_amd64";

test("DRF-6: two shards that fetch the same provider at the same time both have it", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-providers-"));
  const fetching = barrier(2);
  const init = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> => {
    const cache = env["TF_PLUGIN_CACHE_DIR"] ?? "";
    if (cache !== "") {
      mkdirSync(path.join(cache, provider), { recursive: true });
      writeFileSync(path.join(cache, provider, "terraform-provider-proxmox"), "");
      await fetching();
    }
    const isThere =
      args.some((arg) => arg.startsWith("-plugin-dir=")) && readdirSync(folder).includes(hostOf(provider));
    return { code: cache !== "" || isThere ? 0 : 1, stdout: "", stderr: "" };
  };
  try {
    const both = await Promise.all([new ProviderMirror(folder).init(init), new ProviderMirror(folder).init(init)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(readdirSync(path.join(folder, provider))).toEqual(["terraform-provider-proxmox"]);
    expect(readdirSync(folder)).toEqual([hostOf(provider)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function hostOf(name: string): string {
  return name.split("/")[0] ?? name;
}

/** Lets nobody on before so many are there. */
function barrier(count: number): () => Promise<void> {
  let arrived = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}
