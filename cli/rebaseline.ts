import { type Command as AnyCommand, Command, InvalidArgumentError, Option } from "commander";
import {
  type Approvals,
  approve,
  type CheckedNode,
  holdOffKey,
  longestHoldOff,
  readIntegrityLog,
  unchecked,
} from "../analysis/file-integrity";
import { formatProblem, ProblemsError } from "../errors";
import { duration } from "./duration";
import { Kubectl } from "./kubectl";
import { limit } from "./limit";
import { table } from "./table";

/** `rebaseline`: what the watchers over files found, and the approval of it by a person. */
export function rebaselineCommand(): Command {
  return new Command("rebaseline")
    .description("Show what AIDE found on the nodes, and approve what is there now as their baseline.")
    .option("--name <name>", "the id of the FileIntegrity, which is its namespace as well", "file-integrity")
    .option("--context <context>", "the context of the kubeconfig")
    .option("--approve <node=fingerprint...>", "the nodes, with what is shown of their fingerprints", approvals, {})
    .addOption(
      new Option("--hold-off <time>", "no node is checked for so long from now on, because its files are being changed")
        .argParser(holdOff)
        .conflicts("approve"),
    )
    .addOption(new Option("--format <format>", "how to print the nodes").choices(formats).default("text"))
    .addHelpText(
      "after",
      `
Exit codes:
  0  every node is clean, or held off; with --approve: what was named is approved;
     with --hold-off: checks are held off
  1  a node is not; with --approve: nothing is approved
  2  the command was used wrongly, or kubectl failed`,
    )
    .action(rebaseline);
}

const formats = ["text", "json"] as const;

interface Options {
  readonly name: string;
  readonly context?: string;
  readonly approve: Approvals;
  /** In seconds. */
  readonly holdOff?: number;
  readonly format: (typeof formats)[number];
}

async function rebaseline(options: Options, command: AnyCommand): Promise<void> {
  const { name, context, approve: approved, holdOff: seconds, format } = options;
  const kubectl = new Kubectl(name, context);
  const configMap = `${name}-baselines`;
  try {
    if (seconds !== undefined) {
      const until = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
      await write(kubectl, configMap, { [holdOffKey]: until });
      console.log(`No node is checked until ${until}, and then each is.`);
      return;
    }
    const nodes = await nodesOf(kubectl, name);
    if (Object.keys(approved).length > 0) {
      await approveAll(kubectl, configMap, nodes, approved);
    } else {
      console.log(format === "json" ? JSON.stringify(nodes, null, 2) : nodesText(nodes));
      process.exitCode = nodes.length > 0 && nodes.every(({ state }) => /^(clean|held_off)$/.test(state)) ? 0 : 1;
    }
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    command.error(error.problems.map(formatProblem).join("\n\n"), { exitCode: 2 });
  }
}

/** All nodes that have a watcher, also those of which its log says nothing. */
async function nodesOf(kubectl: Kubectl, name: string): Promise<readonly CheckedNode[]> {
  const fields = '{range .items[*]}{.metadata.name}{" "}{.spec.nodeName}{"\\n"}{end}';
  const selector = `app.kubernetes.io/name=${name}`;
  const listed = await kubectl.run("get", "pods", "--selector", selector, `--output=jsonpath=${fields}`);
  const pods = listed.split("\n").flatMap((line) => {
    const [pod = "", node = ""] = line.split(" ");
    // A pod without a node has not been scheduled.
    return pod === "" ? [] : [{ pod, node: node === "" ? pod : node }];
  });
  const atOnce = limit(8);
  const logs = await Promise.all(pods.map(({ pod, node }) => atOnce(() => logOf(kubectl, pod, node))));
  const checked = readIntegrityLog(logs.map(({ log }) => log).join("\n"));
  const names = new Set(checked.map(({ node }) => node));
  // Two pods of a node are an old one and its successor.
  const rest = new Map(logs.filter(({ node }) => !names.has(node)).map((one) => [one.node, one]));
  return [...checked, ...[...rest.values()].map(({ node, reason }) => unchecked(node, reason))].sort((one, other) =>
    one.node.localeCompare(other.node),
  );
}

/** The log of a pod, and why it may have no check. One that cannot be had keeps nobody from reading the others. */
async function logOf(kubectl: Kubectl, pod: string, node: string) {
  try {
    return { node, log: await kubectl.run("logs", pod, "--tail=-1"), reason: noCheckInLog };
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    return { node, log: "", reason: error.problems.map(({ message }) => message).join(" ") };
  }
}

const noCheckInLog =
  "its watcher has begun since the last check, which its metrics tell. It is checked by the clock, or with --hold-off 5m when that is over";

async function approveAll(kubectl: Kubectl, configMap: string, nodes: readonly CheckedNode[], approved: Approvals) {
  const { fingerprints, problems } = approve(nodes, approved);
  if (problems.length > 0) {
    console.error(problems.map(formatProblem).join("\n\n"));
    process.exitCode = 1;
    return;
  }
  await write(kubectl, configMap, fingerprints);
  console.log(table([["node", "baseline"], ...Object.entries(fingerprints)]));
}

/** Sets keys of a ConfigMap, which may not be there yet, and leaves its others. */
async function write(kubectl: Kubectl, configMap: string, data: Readonly<Record<string, string>>): Promise<void> {
  const known = await kubectl.run("get", "configmap", configMap, "--ignore-not-found", "--output=name");
  if (known.trim() === "") {
    await kubectl.run("create", "configmap", configMap);
  }
  await kubectl.run("patch", "configmap", configMap, "--type=merge", `--patch=${JSON.stringify({ data })}`);
}

function nodesText(nodes: readonly CheckedNode[]): string {
  if (nodes.length === 0) return "There is no watcher.";
  const rows = nodes.map(({ node, check, state, findings, candidate }) => [
    node,
    check ?? "-",
    state,
    `${findings.length}`,
    candidate?.slice(0, 12) ?? "-",
  ]);
  const details = nodes
    .filter(({ reason, findings }) => reason !== undefined || findings.length > 0)
    .map(({ node, reason, findings }) =>
      [
        `${node}${reason === undefined ? "" : `: ${reason}`}`,
        ...findings.map(
          ({ kind, path, attributes }) =>
            // As JSON, because a name may have anything in it that moves a cursor.
            `  ${kind} ${JSON.stringify(path)}${attributes.length === 0 ? "" : ` (${attributes.join(", ")})`}`,
        ),
      ].join("\n"),
    );
  return [table([["node", "last check", "state", "findings", "to approve"], ...rows]), ...details].join("\n\n");
}

function approvals(value: string, before: Approvals): Approvals {
  const [, node, fingerprint] = /^([a-z0-9.-]+)=(.+)$/.exec(value) ?? [];
  if (node === undefined || fingerprint === undefined) {
    throw new InvalidArgumentError('Name node and fingerprint: "k8s-node2=3f9a0c51d2e4".');
  }
  return { ...before, [node]: fingerprint };
}

function holdOff(value: string): number {
  const seconds = duration(value);
  if (seconds > longestHoldOff) throw new InvalidArgumentError("Hold checks off for 12h at most.");
  return seconds;
}
