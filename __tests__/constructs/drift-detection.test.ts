/** The watch over drift in a cluster: what its pods are, may do and keep. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { DriftDetectionProps } from "../../index";
import { images } from "../../versions";
import { addDriftDetection, driftCredentials, driftMonitoring } from "../helpers/drift-detection";
import { objectsOf } from "../helpers/kubernetes-objects";
import { type Attributes, newApp, refusals, synthesize } from "../helpers/synth";

function objectOf(kind: string, changes: Partial<DriftDetectionProps> = {}): Attributes {
  const found = addDriftDetection(newApp("unused"), changes).objects.objects.filter((one) => one.kind === kind);
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`There is not one ${kind}.`);
  return object;
}

function jobOf(changes: Partial<DriftDetectionProps> = {}): Attributes {
  return objectOf("CronJob", changes)["spec"].jobTemplate.spec;
}

function podOf(changes: Partial<DriftDetectionProps> = {}): Attributes {
  return jobOf(changes)["template"].spec;
}

function drift(changes: Partial<DriftDetectionProps> = {}): Attributes {
  return podOf(changes)["containers"][0];
}

function codesOf(changes: Partial<DriftDetectionProps>): readonly string[] {
  return refusals((app) => addDriftDetection(app, changes)).map(({ code }) => code);
}

describe("DRF-1: the CronJob", () => {
  test("runs daily at six, never twice at a time, and each shard whatever becomes of the others", () => {
    expect(objectOf("CronJob")["spec"]).toMatchObject({
      schedule: "0 6 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
    });
    expect(jobOf()).toMatchObject({
      completionMode: "Indexed",
      completions: 4,
      parallelism: 4,
      backoffLimitPerIndex: 0,
    });
    // For the whole Job it would end all shards with the first one that fails.
    expect(jobOf()).not.toHaveProperty("backoffLimit");
  });

  test("plans the newest commit of what an init container has checked out", () => {
    const { initContainers, containers } = podOf();
    expect(initContainers).toMatchObject([{ name: "checkout", command: ["sh", "/program/drift-checkout.sh"] }]);
    expect(containers[0].command).toEqual(
      expect.arrayContaining(["/checkout/repository", "--update=sh /program/drift-checkout.sh", "--shard=/4"]),
    );
    const env = Object.fromEntries(containers[0].env.map(({ name, value }: Attributes) => [name, value]));
    expect(env).toMatchObject({
      REPOSITORY_URL: "git@git.example.com:infra.git",
      REPOSITORY_BRANCH: "main",
      GIT_SSH_COMMAND: expect.stringContaining("-o StrictHostKeyChecking=yes"),
    });
    const repository = { url: "ssh://git@git.example.com:2222/infra.git", deployKey: "key", folder: "cdktf.out" };
    const { command } = drift({ repository: { ...repository, rules: "drift.json" } });
    expect(command).toEqual(
      expect.arrayContaining(["/checkout/repository/cdktf.out", "--rules=/checkout/repository/drift.json"]),
    );
  });
});

describe("DRF-2: shards, deadlines and memory", () => {
  test("come from the number of stacks and the seconds that one takes", () => {
    expect(addDriftDetection(newApp("unused")).plan).toMatchObject({ shards: 4, expectedSeconds: 719 });
    expect(jobOf()).toMatchObject({ activeDeadlineSeconds: 1140 });
    expect(drift().command).toEqual(expect.arrayContaining(["--deadline=1080s", "--stagger=5s", "--parallelism=1"]));
    // One after the other needs no pause between them.
    const alone = { stacks: 3, secondsPerStack: 2, shards: 1, parallelism: 4 };
    expect(JSON.stringify(drift({ scale: alone }).command)).not.toContain("--stagger");
    expect(drift().resources).toMatchObject({ requests: { memory: "768Mi" }, limits: { memory: "768Mi" } });
  });

  test("leave time to report between SIGTERM and SIGKILL", () => {
    expect(podOf()).toMatchObject({ terminationGracePeriodSeconds: 60 });
  });

  test("are refused where the stacks do not fit", () => {
    expect(codesOf({ scale: { stacks: 150, secondsPerStack: 22, shards: 1, within: 3600 } })).toEqual([
      "drift-cannot-fit",
    ]);
    expect(codesOf({ schedule: "*/15 * * * *" })).toEqual(["drift-runs-overlap"]);
    expect(() => synthesize((app) => addDriftDetection(app, { schedule: "*/30 * * * *" }))).not.toThrow();
  });
});

describe("DRF-3: credentials", () => {
  const { secret, vault } = driftCredentials;

  test("are none unless they are asked for, and the pod has no token of the API", () => {
    expect(podOf()).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: "drift" });
    expect(JSON.stringify(podOf())).not.toContain("secretKeyRef");
  });

  test("come from a Secret, key by key", () => {
    const { containers, volumes } = podOf({ credentials: secret });
    expect(containers[0].env).toContainEqual({
      name: "PROXMOX_VE_API_TOKEN",
      valueFrom: { secretKeyRef: { name: "drift", key: "proxmox" } },
    });
    expect(volumes).toContainEqual({
      name: "credentials",
      secret: { secretName: "drift", items: [{ key: "kubeconfig", path: "kubeconfig" }] },
    });
  });

  test("come from Vault by a token for Vault alone, which only its init container sees", () => {
    const { initContainers, containers, volumes } = podOf({ credentials: vault });
    expect(volumes).toContainEqual({
      name: "vault-token",
      projected: { sources: [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } }] },
    });
    const seeing = [...initContainers, ...containers].filter(({ volumeMounts }) =>
      volumeMounts.some(({ name }: Attributes) => name === "vault-token"),
    );
    expect(seeing.map(({ name }) => name)).toEqual(["vault"]);
    // Between the checkout, which may take its time, and the plans.
    expect(initContainers.map(({ name }: Attributes) => name)).toEqual(["checkout", "vault"]);
    expect(containers[0].command.slice(0, 3)).toEqual(["sh", "-c", '. /credentials/environment && exec "$@"']);
    const { data } = objectOf("ConfigMap", { credentials: vault });
    expect(JSON.parse(data["vault.json"])).toMatchObject({
      role: "terraform-plan-runner",
      login: "auth/kubernetes/login",
    });
    expect(data["vault-ca.pem"]).toBe(vault.ca);
  });

  test("need a role of Vault that is for this account and audience, lasts as long as a run, and only reads", () => {
    const policy = ["cluster", "infra/*", "state"].map(
      (name) => `path "secret/data/${name}" {\n  capabilities = ["read"]\n}\n`,
    );
    expect(addDriftDetection(newApp("unused"), { credentials: vault }).vaultSetup).toBe(
      [
        `vault policy write terraform-plan-runner - <<'POLICY'\n${policy.join("\n")}POLICY`,
        "vault write auth/kubernetes/role/terraform-plan-runner \\",
        "  bound_service_account_names=drift \\",
        "  bound_service_account_namespaces=monitoring \\",
        "  audience=vault \\",
        "  token_policies=terraform-plan-runner \\",
        "  token_no_default_policy=true \\",
        "  token_ttl=19m \\",
        "  token_max_ttl=19m",
      ].join("\n"),
    );
    expect(addDriftDetection(newApp("unused")).vaultSetup).toBeUndefined();
  });
});

describe("DRF-4: what is told", () => {
  test("is pushed, and findings are no failure of the Job", () => {
    expect(drift({ monitoring: driftMonitoring }).command).toContain(`--pushgateway=${driftMonitoring.pushgateway}`);
    expect(drift().command).toContain("--exit-zero");
  });

  test("has alerts and a dashboard where there are metrics", () => {
    const kinds = (changes: Partial<DriftDetectionProps>) =>
      addDriftDetection(newApp("unused"), changes).objects.objects.map(({ kind }) => kind);
    expect(kinds({})).not.toContain("PrometheusRule");
    expect(kinds({ monitoring: driftMonitoring }).slice(-2)).toEqual(["PrometheusRule", "ConfigMap"]);
  });

  test("is late when a run, its latest beginning and the time between two are over", () => {
    const { spec } = objectOf("PrometheusRule", { monitoring: driftMonitoring, schedule: "0 6 * * 1-5" });
    const stale = spec.groups[0].rules.find(({ alert }: Attributes) => alert === "DriftRunStale");
    expect(stale.expr).toContain(`> ${3 * 86400 + 3600 + 1140}`);
  });
});

describe("DRF-5, DRF-6: what is kept", () => {
  test("is on a volume that all shards see: providers and results", () => {
    expect(drift().command).toEqual(
      expect.arrayContaining(["--providers=/data/providers", "--results=/data/results", "--run=$(RUN)"]),
    );
    expect(objectOf("PersistentVolumeClaim")["spec"]).toEqual({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
    });
    expect(podOf()["affinity"].podAffinity).toBeDefined();
    expect(podOf({ volume: { accessMode: "ReadWriteMany" } })).not.toHaveProperty("affinity");
  });

  test("is no plan: those are in memory alone", () => {
    expect(podOf()["volumes"]).toContainEqual({ name: "tmp", emptyDir: { medium: "Memory" } });
  });
});

test("nobody connects to the pods, and they connect to what is said", () => {
  expect(objectOf("NetworkPolicy")["spec"].policyTypes).toEqual(["Ingress"]);
  const { egress, policyTypes } = objectOf("NetworkPolicy", { egress: ["10.0.20.0/24"] })["spec"];
  expect(policyTypes).toEqual(["Ingress", "Egress"]);
  expect(egress[1]).toEqual({ to: [{ ipBlock: { cidr: "10.0.20.0/24" } }] });
});

test("what Terraform is given is what the pods get, `$` and all", () => {
  const repository = { url: "git@git.example.com:infra.git", deployKey: "key", prepare: 'echo "${HOME}" %{x}' };
  const { "test-integrity": stack } = synthesize((app) =>
    addDriftDetection(app, { repository, monitoring: driftMonitoring }),
  );
  if (stack === undefined) throw new Error("The stack was not synthesized.");
  expect(objectsOf(stack)).toEqual(
    addDriftDetection(newApp("unused"), { repository, monitoring: driftMonitoring }).objects.objects,
  );
});

test("what cannot be is refused, all of it at once", () => {
  expect(
    codesOf({
      namespace: "My_Namespace",
      image: "registry.example.com/drift:latest",
      scale: { stacks: 0, secondsPerStack: 0, shards: 17, parallelism: 0.5, within: 60, memoryMiBPerPlan: 1 },
      repository: { url: "https://git.example.com/infra.git", deployKey: "Key_", folder: "../other", rules: "/rules" },
      credentials: {
        from: "vault",
        address: "vault",
        env: { "A-B": { path: "a", key: "b" } },
        files: { environment: { path: "a", key: "b" } },
      },
      env: { "1": "x" },
      schedule: "@daily",
      volume: { sizeGiB: 0 },
      egress: ["10.0.0.1"],
      monitoring: { pushgateway: "pushgateway:9091", runbooks: "none", toleratedHours: 0 },
    }).toSorted(),
  ).toEqual([
    "malformed-namespace",
    "malformed-object-name",
    "malformed-schedule",
    "malformed-subnet",
    ...Array(4).fill("malformed-url"),
    "unpinned-image",
    "value-out-of-range",
    ...Array(6).fill("value-too-small"),
    ...Array(6).fill("wrong-value"),
  ]);
  expect(codesOf({ credentials: { from: "secret", secret: "My_Secret", env: { "=": "a" } } })).toEqual([
    "malformed-object-name",
    "wrong-value",
  ]);
});

test("the image is made of what is pinned, and has what the pods run", () => {
  const text = readFileSync(path.resolve(__dirname, "../../images/drift/Dockerfile"), "utf8");
  const from = [...text.matchAll(/^(?:ARG TERRAFORM=|FROM )(\S+)/gm)].map(([, image]) => image);
  expect(from).toEqual([expect.stringMatching(/terraform:[\d.]+@sha256:[0-9a-f]{64}$/), "${TERRAFORM}", images.node]);
  expect(text).toContain("COPY dist/drift.js /usr/local/lib/drift.js");
  expect(drift().command).toContain("/usr/local/lib/drift.js");
  expect(text).toContain(`--uid ${podOf()["securityContext"].runAsUser}`);
});
