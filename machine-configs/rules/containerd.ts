/** containerd's configuration, which Talos passes on as it is. */

/** The one file outside of /var that Talos writes whatever the operation is. */
export const CRI_PART = "/etc/cri/conf.d/20-customization.part";

/** Whether a text begins with a table or a value: enough to tell TOML from YAML and JSON. */
export function looksLikeToml(value: string): boolean {
  const first = value.split("\n").find((line) => !/^\s*(#|$)/.test(line));
  return first === undefined || /^\s*(\[.+\]|[\w."'-]+(\s*\.\s*[\w"'-]+)*\s*=)/.test(first);
}

/** Whether a text is for the plugin of containerd 1 that became two: containerd 2 left it nothing but streams. */
export function isForContainerd1(value: string): boolean {
  return value.includes("io.containerd.grpc.v1.cri") && !/\b(stream_|disable_tcp_|enable_tls_|x509_)/.test(value);
}
