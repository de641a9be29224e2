import * as path from "node:path";
import { Daemon } from "./daemon";
import { freePort } from "./free-port";
import { goProgram } from "./go-programs";

/** An etcd of one member that keeps its data in a folder. */
export class Etcd {
  private constructor(
    readonly endpoint: string,
    private readonly daemon: Daemon,
  ) {}

  static async start(folder: string): Promise<Etcd> {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const daemon = new Daemon(goProgram("etcd"), [
      `--data-dir=${path.join(folder, "etcd")}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      "--listen-peer-urls=http://127.0.0.1:0",
      "--unsafe-no-fsync",
      "--log-level=warn",
    ]);
    await daemon.ready(async () => (await fetch(`${endpoint}/health`)).ok);
    return new Etcd(endpoint, daemon);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }
}
