/** The machines that the tests make configurations for. */
import { generateKeyPairSync } from "node:crypto";
import type { Contract, MachineTarget } from "../../machine-configs";

export const contracts: readonly Contract[] = ["1.11", "1.12", "1.13", "1.14"];

const talos = { "1.11": "1.11.6", "1.12": "1.12.11", "1.13": "1.13.9", "1.14": "1.14.4" } as const;

export function worker(contract: Contract): MachineTarget {
  return { name: "k8s-work-4", role: "worker", contract, talos: talos[contract] };
}

export function controlPlane(contract: Contract): MachineTarget {
  return { name: "k8s-ctrl-1", role: "controlplane", contract, talos: talos[contract] };
}

/** A certificate whose key nobody has. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUUZPsXdlfHzo/a8ksMCAWoKwBzvowCgYIKoZIzj0EAwIw
EjEQMA4GA1UECgwHZXhhbXBsZTAeFw0yNjExMjEwNDUxMzZaFw0zNjExMTgwNDUx
MzZaMBIxEDAOBgNVBAoMB2V4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASlSoPqzdCIkyskKHPt0rQvJlHswOWQDg9wUEYnSMhFH4wcFuRSm6j1AEtV+wV3
VlzHyv5bwENwGzg7rni2LP7co1MwUTAdBgNVHQ4EFgQUMw75/O6GwxxKSbQLMLld
aEfFOf0wHwYDVR0jBBgwFoAUMw75/O6GwxxKSbQLMLldaEfFOf0wDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA3ObfnEVRPaqvf1hKiJzTFGAoMz7u
lIwYJGhOcF7K1rMCIQCOzxTCFIUQUam0uz7AhHojJ3oEyzXRTblVmjsdPDQQ7A==
-----END CERTIFICATE-----
`;

/** A private key that was not there before, and is nobody's. */
export function privateKey(type: "pkcs8" | "sec1" = "pkcs8"): string {
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(key.export({ type, format: "pem" }));
}
