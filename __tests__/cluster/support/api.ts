import { request } from "node:https";
import type { KubernetesObject } from "../../../index";

/** How the API server is reached. */
export interface Connection {
  readonly port: number;
  readonly token: string;
  /** What it shows, and what signs it. */
  readonly certificate: string;
}

/** What the API server answers. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the fields of each kind are what a test is about
  readonly body: any;
  /** What it says to whom it obeys all the same, such as that a form will go away. */
  readonly warnings: readonly string[];
}

/** The API server refused; the message is its own. */
export class Refusal extends Error {
  constructor(what: string, answer: Answer) {
    super(`${what}: ${answer.status} ${answer.body.message ?? JSON.stringify(answer.body)}`);
    this.name = "Refusal";
  }
}

/** What tests ask of the API server. */
export class Api {
  constructor(private readonly connection: Connection) {}

  /** The one that the run started. */
  static ofThisRun(): Api {
    return new Api(JSON.parse(process.env["CLUSTER_CONNECTION"] ?? "") as Connection);
  }

  async isReady(): Promise<boolean> {
    return (await this.ask("GET", "/readyz")).status === 200;
  }

  /** Applies an object server-side, as it is; a field that its kind does not have is refused. */
  apply(object: KubernetesObject): Promise<Answer> {
    return this.applyYaml(object, JSON.stringify(object));
  }

  /** The same with the object as a text, which the server reads. */
  async applyYaml(object: KubernetesObject, text: string): Promise<Answer> {
    const query = "fieldManager=tests&force=true&fieldValidation=Strict";
    const path = `${await this.#pathOf(object)}/${object.metadata.name}?${query}`;
    return this.#expectSuccess(object, await this.ask("PATCH", path, text, "application/apply-patch+yaml"));
  }

  /** Creates an object without keeping it. */
  async tryCreate(object: KubernetesObject): Promise<Answer> {
    const path = `${await this.#pathOf(object)}?dryRun=All&fieldValidation=Strict`;
    return this.#expectSuccess(object, await this.ask("POST", path, JSON.stringify(object)));
  }

  async get(object: KubernetesObject): Promise<Answer> {
    const path = `${await this.#pathOf(object)}/${object.metadata.name}`;
    return this.#expectSuccess(object, await this.ask("GET", path));
  }

  /** Whether somebody may do something, as RBAC has it. */
  async mayDo(user: string, attributes: Readonly<Record<string, string>>): Promise<boolean> {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      metadata: { name: "" },
      spec: { user, groups: groupsOf(user), resourceAttributes: attributes },
    };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const answer = await this.ask("POST", path, JSON.stringify(review), "application/json");
    return this.#expectSuccess(review, answer).body.status.allowed;
  }

  /** What a controller would put into a namespace: the account that its pods have by default. */
  async addDefaultAccount(namespace: string): Promise<void> {
    await this.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } });
  }

  /** What a controller would say of a quota: until then, nothing that it is about is taken. */
  async countQuota({ metadata: { name, namespace }, spec }: KubernetesObject): Promise<void> {
    const { hard } = Object(spec) as { readonly hard: Readonly<Record<string, string>> };
    const used = Object.fromEntries(Object.keys(hard).map((resource) => [resource, "0"]));
    const path = `/api/v1/namespaces/${namespace}/resourcequotas/${name}/status`;
    await this.ask("PATCH", path, JSON.stringify({ status: { hard, used } }), "application/merge-patch+json");
  }

  ask(method: string, path: string, body = "", type = "application/json"): Promise<Answer> {
    const { port, token, certificate } = this.connection;
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": type };
    return new Promise((resolve, reject) => {
      const call = request({ host: "127.0.0.1", port, path, method, headers, ca: certificate }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const warnings = [response.headers["warning"] ?? []].flat().map(textOfWarning);
          resolve({ status: response.statusCode ?? 0, body: parsed(text), warnings });
        });
      });
      call.on("error", reject);
      call.end(body);
    });
  }

  /** Where objects of a kind are, which only the server knows: the plural, and whether there is a namespace. */
  async #pathOf({ apiVersion, kind, metadata: { namespace } }: KubernetesObject): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { body } = await this.ask("GET", group);
    const resources: readonly Resource[] = body.resources ?? [];
    const resource = resources.find((one) => one.kind === kind && !one.name.includes("/"));
    if (resource === undefined) {
      throw new Error(`The cluster has no ${apiVersion} ${kind}.`);
    }
    if (resource.namespaced !== (namespace !== undefined)) {
      throw new Error(`${apiVersion} ${kind} is ${resource.namespaced ? "in a namespace" : "of the whole cluster"}.`);
    }
    return `${group}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${resource.name}`;
  }

  #expectSuccess({ kind, metadata: { name } }: KubernetesObject, answer: Answer): Answer {
    if (answer.status >= 300) {
      throw new Refusal(`${kind} ${name}`, answer);
    }
    return answer;
  }
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The groups of a service account: `system:serviceaccount:<namespace>:<name>`. */
function groupsOf(user: string): string[] {
  const [, , namespace = ""] = user.split(":");
  return ["system:authenticated", "system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}

/** `299 - "text"` */
function textOfWarning(header: string): string {
  return header.replace(/^\d+ \S+ "(.*)"$/, "$1");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
