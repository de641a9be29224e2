/** Moves of `machine.registries`. Since the documents, each endpoint says for itself whether its path is complete. */
import { registryAuthConfig } from "../documents/registry-auth-config";
import { registryMirrorConfig } from "../documents/registry-mirror-config";
import { registryTlsConfig } from "../documents/registry-tls-config";
import { becomes, type Move, move } from "./move";
import { pem } from "./pem";

export const registryMoves: readonly Move[] = [
  move(
    "machine.registries.mirrors.*",
    ["RegistryMirrorConfig"],
    ({ endpoints, overridePath, skipFallback }, { key: name }) =>
      becomes([
        registryMirrorConfig.build({ name, endpoints: endpoints?.map((url) => ({ url, overridePath })), skipFallback }),
      ]),
  ),
  move("machine.registries.config.*.auth", ["RegistryAuthConfig"], (auth, { key: name }) =>
    becomes([registryAuthConfig.build({ name, ...auth })]),
  ),
  move(
    "machine.registries.config.*.tls",
    ["RegistryTLSConfig"],
    ({ ca, clientIdentity, insecureSkipVerify }, { key: name }) =>
      becomes([
        registryTlsConfig.build({
          name,
          ca: ca && pem(ca),
          clientIdentity: clientIdentity && { cert: pem(clientIdentity.crt), key: pem(clientIdentity.key) },
          insecureSkipVerify,
        }),
      ]),
  ),
];
