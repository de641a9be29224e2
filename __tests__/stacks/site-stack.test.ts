import { type S3State, SiteStack } from "../../index";
import { addCluster } from "../helpers/clusters";
import { synthesize } from "../helpers/synth";

function backendOf(state?: S3State) {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app, state ? { site: siteWith(state) } : {}));
  return stack?.terraform["backend"];
}

const siteWith = (state: S3State) => ({ state });

test("state is kept in a file of the working directory, by a path that no machine's folders are part of", () => {
  expect(backendOf()).toEqual({
    local: { path: expect.stringMatching(/^(\.\.\/)+.*terraform\.test-cluster\.tfstate$/) },
  });
});

test("state in S3 has a key per stack and a lock file, and no credentials", () => {
  expect(backendOf({ bucket: "states", region: "eu-central-1" })).toEqual({
    s3: {
      bucket: "states",
      key: "test/test-cluster/terraform.tfstate",
      region: "eu-central-1",
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test("state in another store than AWS uses its endpoint and skips what only AWS answers", () => {
  expect(
    backendOf({ bucket: "states", region: "main", endpoint: "https://s3.example.com", prefix: "sites/lab" }),
  ).toEqual({
    s3: expect.objectContaining({
      encrypt: false,
      key: "sites/lab/test-cluster/terraform.tfstate",
      endpoints: { s3: "https://s3.example.com" },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
      skip_s3_checksum: true,
    }),
  });
});

test("T-20: neither DynamoDB nor what Terraform calls deprecated is in a backend", () => {
  const backend = JSON.stringify(backendOf({ bucket: "states", region: "main", endpoint: "https://s3.example.com" }));
  expect(backend).not.toMatch(/dynamodb|"endpoint"|force_path_style/);
});

test("the authority of a store is named from the stack's folder, where Terraform runs, or as it is", () => {
  const s3 = { bucket: "states", region: "main", endpoint: "https://s3.example.com" };
  const bundleOf = (caBundle: string) =>
    (backendOf({ ...s3, caBundle }) as { s3: { custom_ca_bundle: string } }).s3.custom_ca_bundle;
  expect(bundleOf("certs/ca.pem")).toMatch(/^(\.\.\/)+.*certs\/ca\.pem$/);
  expect(bundleOf("/etc/ssl/ca.pem")).toBe("/etc/ssl/ca.pem");
});

test("STATE-1: a stack may keep its state elsewhere than its site, and no two stacks share a key", () => {
  const state = { bucket: "states", region: "eu-central-1" };
  const stacks = synthesize((app) => {
    const { site } = addCluster(app, { site: { state } });
    new SiteStack(app, "first", { site, state: "local" });
    new SiteStack(app, "second", { site, state: { ...state, bucket: "others" } });
  });
  const backends = Object.values(stacks).map(({ terraform }) => terraform["backend"]);
  expect(backends).toEqual([
    { s3: expect.objectContaining({ bucket: "states", key: "test/test-cluster/terraform.tfstate" }) },
    { local: { path: expect.stringMatching(/terraform\.test-first\.tfstate$/) } },
    { s3: expect.objectContaining({ bucket: "others", key: "test/test-second/terraform.tfstate" }) },
  ]);
});

test("the providers are pinned to the versions that the bindings are made from", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app));
  expect(stack?.terraform["required_providers"]).toEqual({
    proxmox: { source: "bpg/proxmox", version: "0.111.1" },
    talos: { source: "siderolabs/talos", version: "0.12.0" },
  });
});

test("the provider gets no token: it takes PROXMOX_VE_API_TOKEN from the environment", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app));
  expect(stack?.provider["proxmox"]).toEqual([{ endpoint: "https://pve.example.com:8006" }]);
});

test("a certificate that cannot be verified is accepted only on demand", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app, { site: { insecure: true } }));
  expect(stack?.provider["proxmox"]).toMatchObject([{ insecure: true }]);
});
