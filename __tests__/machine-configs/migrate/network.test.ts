/** Links, names, time and registries. */
import { createHash } from "node:crypto";
import { parseDocument } from "yaml";
import { certificate, privateKey } from "../machines";
import { network, of, patch } from "./support";

describe("links", () => {
  test("have DHCP only where it is turned on", () => {
    const { documents, notes } = network("interfaces: [{interface: eth0}, {interface: eth1, dhcp: true}]");
    expect(documents).toEqual([
      link("eth0"),
      link("eth1"),
      of("DHCPv4Config", { name: "eth1", clientIdentifier: "none" }),
    ]);
    expect(notes).toEqual(["default-dhcp-ends machine.network.interfaces[0]"]);
  });

  test("can have DHCP for IPv6 alone, by the identifier that they had", () => {
    const { documents } = network(
      "interfaces: [{interface: eth0, dhcp: true, dhcpOptions: {ipv4: false, ipv6: true, duidv6: 0001000a}}]",
    );
    expect(documents).toEqual([
      link("eth0"),
      of("DHCPv6Config", { name: "eth0", clientIdentifier: "duid", duidRaw: "00:01:00:0a" }),
    ]);
  });

  test.each([
    ["10.0.0.5", "10.0.0.5/32"],
    ["fd00::5", "fd00::5/128"],
    ["10.0.0.5/24", "10.0.0.5/24"],
  ])("have the address %s as %s", (address, expected) => {
    const { documents } = network(`interfaces: [{interface: eth0, addresses: ['${address}']}]`);
    expect(documents).toEqual([link("eth0", { addresses: [{ address: expected }] })]);
  });

  test.each([
    ["0.0.0.0/0", {}],
    ["::/0", {}],
    ["10.9.0.0/16", { destination: "10.9.0.0/16" }],
  ])("have a route to %s", (destination, expected) => {
    const { documents } = network(
      `interfaces: [{interface: eth0, routes: [{network: '${destination}', gateway: 10.0.0.1}]}]`,
    );
    expect(documents).toEqual([link("eth0", { routes: [{ ...expected, gateway: "10.0.0.1" }] })]);
  });

  test.each([
    ["eth0", "eth0.66"],
    ["enp0s31f6u1", `enp0${createHash("sha256").update("enp0s31f6u1").digest("hex").slice(0, 6)}.66`],
  ])("have VLANs that are named as Talos names them: %s", (parent, name) => {
    const { documents } = network(`interfaces: [{interface: ${parent}, vlans: [{vlanId: 66}]}]`);
    expect(documents).toEqual([link(parent), of("VLANConfig", { name, vlanID: 66, parent })]);
  });

  test("are found by an expression, of which the name follows", () => {
    const select = (selector: string) => network(`interfaces: [{deviceSelector: ${selector}, dhcp: false}]`);
    expect(select("{hardwareAddr: 'BC:24:11:*', driver: virtio_net}")).toMatchObject({
      documents: [
        link("mac-bc2411any-driver-virtio-net"),
        of("LinkAliasConfig", {
          selector: { match: 'glob("bc:24:11:*", mac(link.hardware_addr)) && link.driver == "virtio_net"' },
        }),
      ],
      notes: ["default-dhcp-ends machine.network.interfaces[0]", "alias-of-one-link machine.network.interfaces[0]"],
    });
    expect(select("{permanentAddr: 'bc:24:11:00:00:01'}").notes).toEqual([
      "default-dhcp-ends machine.network.interfaces[0]",
    ]);
  });

  test("of a bridge are up, and it keeps the protocol that the document would turn off", () => {
    const { documents } = network(
      "interfaces: [{interface: br0, bridge: {interfaces: [eth1], vlan: {vlanFiltering: true}}}]",
    );
    expect(documents).toEqual([
      of("LinkConfig", { name: "eth1", up: true }),
      of("BridgeConfig", { name: "br0", links: ["eth1"], stp: { enabled: true }, vlan: { filtering: true } }),
    ]);
  });

  test("of a bridge are not told of twice when they are made of others", () => {
    const { documents } = network(
      "interfaces: [{interface: bond0, bond: {interfaces: [eth1], mode: active-backup}}, {interface: br0, bridge: {interfaces: [bond0]}}]",
    );
    expect(documents.map(({ kind, name }) => `${kind}/${name}`)).toEqual(["BondConfig/bond0", "BridgeConfig/br0"]);
  });

  test.each([
    ["{interface: eth0, ignore: true}", "section-without-document"],
    ["{interface: eth0, bridgePort: {master: br0}}", "section-undecided"],
    ["{interface: bond0, bond: {interfaces: [eth0], mode: active-backup, primary: eth0}}", "section-without-document"],
    ["{deviceSelector: {driver: a}, vlans: [{vlanId: 1}]}", "section-undecided"],
    ["{interface: eth0, vip: {ip: 10.0.0.9, equinixMetal: {apiToken: a}}}", "section-without-document"],
    ["{interface: eth0, routes: [{network: 0.0.0.0/0}]}", "section-undecided"],
  ])("stay where no document says the same: %s", (device, code) => {
    const { documents, left } = network(`interfaces: [{interface: eth9}, ${device}]`);
    expect(left).toEqual([`${code} machine.network.interfaces[1]`]);
    expect(documents).toEqual([{ machine: { network: { interfaces: [read(device)] } } }, link("eth9")]);
  });
});

describe("names and time", () => {
  test("a hostname turns the generated one off", () => {
    const { documents } = patch("machine: {network: {hostname: a}, features: {stableHostname: true}}", "1.11");
    expect(documents).toEqual([of("HostnameConfig", { auto: "off", hostname: "a" })]);
  });

  test("a stable name is generated", () => {
    expect(patch("machine: {features: {stableHostname: true}}", "1.11").documents).toEqual([
      of("HostnameConfig", { auto: "stable" }),
    ]);
  });

  test("clocks are no servers", () => {
    expect(patch("machine: {time: {servers: [/dev/ptp0], disabled: false}}").documents).toEqual([
      of("TimeSyncConfig", { enabled: true, ptp: { devices: ["/dev/ptp0"] } }),
    ]);
    expect(patch("machine: {time: {servers: [/dev/ptp0, time.example.com]}}").left).toEqual([
      "section-undecided machine.time",
    ]);
  });
});

describe("registries", () => {
  test("each endpoint says whether its path is complete", () => {
    const { documents } = patch(
      "machine: {registries: {mirrors: {ghcr.io: {endpoints: [https://a.example.com, https://b.example.com], overridePath: true}}}}",
    );
    expect(documents).toEqual([
      of("RegistryMirrorConfig", {
        name: "ghcr.io",
        endpoints: [
          { url: "https://a.example.com", overridePath: true },
          { url: "https://b.example.com", overridePath: true },
        ],
      }),
    ]);
  });

  test("certificates and keys are the same bytes", () => {
    const [ca, cert] = [certificate, certificate];
    const key = privateKey();
    const { documents } = patch(
      `machine: {registries: {config: {a.example.com: {tls: {ca: ${base64(ca)}, clientIdentity: {crt: ${base64(cert)}, key: ${base64(key)}}}}}}}`,
    );
    expect(documents).toEqual([of("RegistryTLSConfig", { name: "a.example.com", ca, clientIdentity: { cert, key } })]);
  });

  test("what is no certificate stays", () => {
    const { left } = patch(`machine: {registries: {config: {a.example.com: {tls: {ca: ${base64("none")}}}}}}`);
    expect(left).toEqual(['document-refused machine.registries.config["a.example.com"].tls']);
  });
});

function link(name: string, fields: Readonly<Record<string, unknown>> = {}) {
  return of("LinkConfig", { name, ...fields });
}

function read(text: string): unknown {
  return parseDocument(text).toJS();
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
