import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Daemon } from "../../helpers/daemon";
import { Etcd } from "../../helpers/etcd";
import { freePort } from "../../helpers/free-port";
import { goProgram } from "../../helpers/go-programs";
import { Api, type Connection } from "./api";

/**
 * A real kube-apiserver on a real etcd, on the loopback interface. There are no controllers, no scheduler and no
 * kubelets: an object is judged and kept, and nothing comes of it.
 */
export class ControlPlane {
  private constructor(
    readonly connection: Connection,
    private readonly folder: string,
    private readonly etcd: Etcd,
    private readonly server: Daemon,
  ) {}

  static async start(): Promise<ControlPlane> {
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "cluster-")));
    const etcd = await Etcd.start(folder);
    const token = randomUUID();
    const key = path.join(folder, "service-accounts.key");
    writeFileSync(key, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(pkcs8));
    writeFileSync(path.join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`);
    const port = await freePort();
    const server = new Daemon(goProgram("kube-apiserver"), [
      `--etcd-servers=${etcd.endpoint}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${port}`,
      // It signs a certificate for itself.
      `--cert-dir=${folder}`,
      `--token-auth-file=${path.join(folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      // No endpoint of its own in the cluster, which 127.0.0.1 could not be.
      "--endpoint-reconciler-type=none",
    ]);
    const certificate = () => readFileSync(path.join(folder, "apiserver.crt"), "utf8");
    await server.ready(async () => new Api({ port, token, certificate: certificate() }).isReady());
    return new ControlPlane({ port, token, certificate: certificate() }, folder, etcd, server);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.etcd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const pkcs8 = { type: "pkcs8", format: "pem" } as const;
