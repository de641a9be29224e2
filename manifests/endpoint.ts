/** Which server an endpoint names, however it is written: `https://S3.example.com.:443/` is `https://s3.example.com`. */
export function originOf(endpoint: string): string {
  if (!URL.canParse(endpoint)) {
    return endpoint;
  }
  const { protocol, hostname, port } = new URL(endpoint);
  return `${protocol}//${hostname.replace(/\.$/, "")}${port === "" ? "" : `:${port}`}`;
}
