/** The JSON Schema for editors, asked with a validator of JSON Schema. */
import Ajv from "ajv";
import { parseAllDocuments } from "yaml";
import { jsonSchema } from "../../machine-configs/json-schema";
import { isAtLeast } from "../../machine-configs/releases";
import { contracts } from "./machines";
import { baseOf, releases, roles } from "./verdicts";

describe.each(contracts)("the schema of Talos %s", (contract) => {
  const isValid = new Ajv({ allowUnionTypes: true }).compile(jsonSchema(contract));
  const release = releases.find((one) => one.startsWith(`${contract}.`)) ?? releases[0];

  test.each(roles)("accepts what Talos generates for a %s", (role) => {
    const documents = parseAllDocuments(baseOf(release, role)).map((document) => document.toJS());
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.filter((document) => !isValid(document))).toEqual([]);
  });

  test.each([
    ["a kind that nobody has", { apiVersion: "v1alpha1", kind: "KubletConfig" }],
    ["a misspelt section", { machine: { sysctl: {} } }],
    ["a value of another type", { machine: { type: "worker", certSANs: "api.example.com" } }],
    ["a word that is none", { apiVersion: "v1alpha1", kind: "EthernetConfig", name: "eth0", rings: { rx: "all" } }],
    ["a document without its name", { apiVersion: "v1alpha1", kind: "ExtensionServiceConfig" }],
  ])("refuses %s", (_, document) => {
    expect(isValid(document)).toBe(false);
  });

  test.each([
    ["a document", { apiVersion: "v1alpha1", kind: "ExtensionServiceConfig", name: "a", $patch: "delete" }],
    ["a section", { cluster: { etcd: { $patch: "delete" } } }],
    ["a text", { machine: { install: { disk: { $patch: "delete" } } } }],
    ["a list", { machine: { certSANs: { $patch: "delete" } } }],
    ["an item of a list", { machine: { network: { interfaces: [{ interface: "eth0", $patch: "delete" }] } } }],
    ["a key of a map", { machine: { registries: { mirrors: { "docker.io": { $patch: "delete" } } } } }],
  ])("lets a patch delete %s", (_, patch) => {
    expect(isValid(patch)).toBe(true);
    expect(isValid(JSON.parse(JSON.stringify(patch).replace('"delete"', '"remove"')))).toBe(false);
  });

  test("knows kinds and fields from the release on that has them", () => {
    const since = (minor: string) => isAtLeast(contract, minor);
    const link = { apiVersion: "v1alpha1", kind: "LinkConfig", name: "eth0" };
    const resolver = { apiVersion: "v1alpha1", kind: "ResolverConfig", nameservers: [{ address: "10.0.0.1" }] };
    const encrypted = { ...resolver, nameservers: [{ address: "10.0.0.1", protocol: "DoT" }] };
    expect([isValid(link), isValid(resolver), isValid(encrypted)]).toEqual([
      since("1.12"),
      since("1.12"),
      since("1.14"),
    ]);
  });
});
