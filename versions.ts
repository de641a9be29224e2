/** What is pinned of the software of others: the release that our arguments and values were written for. */

/** Images, by tag and by the digest of the index, under which all architectures are. */
export const images = {
  /** https://hub.docker.com/r/chrislusf/seaweedfs */
  seaweedFs:
    "docker.io/chrislusf/seaweedfs:4.44@sha256:e67e8c385484120b78bff47ba5f4debbca47fbd27ed1a39f016f47e8baea615b",
  /** https://gcr.io/etcd-development/etcd */
  etcd: "gcr.io/etcd-development/etcd:v3.6.8@sha256:397189418d1a00e500c0605ad18d1baf3b541a1004d768448c367e48071622e5",
  /** https://hub.docker.com/_/node */
  node: "docker.io/library/node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d",
} as const;

export const charts = {
  /** The operator, whose version it is besides the chart's. */
  cloudNativePg: {
    repository: "https://cloudnative-pg.io/charts/",
    chart: "cloudnative-pg",
    version: "0.29.0",
    appVersion: "1.30.0",
  },
  /** The plugin of it that makes backups, 0.13.0. */
  barmanCloudPlugin: {
    repository: "https://cloudnative-pg.io/charts/",
    chart: "plugin-barman-cloud",
    version: "0.7.0",
  },
  /** In the repository of SeaweedFS; its version is the application's. */
  seaweedFs: {
    repository: "https://seaweedfs.github.io/seaweedfs/helm",
    chart: "seaweedfs",
    version: "4.44.0",
  },
} as const;
