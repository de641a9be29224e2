/** What can be said of a failed command without repeating it: its text may quote the configuration, and that secrets. */
export interface TerraformErrors {
  /** Headings that Terraform itself writes, of those that hold no value. */
  readonly headings: readonly string[];
  /** The resources that it names. */
  readonly addresses: readonly string[];
  /** Whether the state, or a registry, could not be reached. */
  readonly outage: boolean;
}

/** Reads what Terraform or OpenTofu wrote to standard error in `init`, `plan` or `show`. */
export function terraformErrors(command: string, stderr: string): TerraformErrors {
  const headings = [...stderr.matchAll(/^(?:[│ ]*)Error: ([^\n:]+)/gm)].map(([, heading = ""]) => heading.trim());
  const addresses = [...stderr.matchAll(/^[│ ]*with ([\w.[\]"-]+),$/gm)].map(([, address = ""]) => address);
  const unreachable =
    command === "init" && /dial tcp|no such host|connection re|timeout|deadline exceeded/.test(stderr);
  return {
    headings: [...new Set(headings)].filter((heading) => known.has(heading)),
    addresses: [...new Set(addresses)],
    outage: unreachable || headings.some((heading) => ofState.has(heading)),
  };
}

/** The headings of a state that cannot be read, from the backends and from `terraform_remote_state`. */
const ofState: ReadonlySet<string> = new Set([
  "Error loading state",
  "Error refreshing state",
  "Failed to get existing workspaces",
  "Failed to get state",
  "Failed to load state",
  "Unable to find remote state",
]);

const known: ReadonlySet<string> = new Set([
  ...ofState,
  "Backend configuration changed",
  'Backend initialization required, please run "terraform init"',
  "Conflicting configuration arguments",
  "Duplicate resource",
  "Error asking for state migration action",
  "Extraneous JSON object property",
  "Failed to download module",
  "Failed to install provider",
  "Failed to load plugin schemas",
  "Failed to query available provider packages",
  "Failed to read variables file",
  "Inconsistent dependency lock file",
  "Incorrect attribute value type",
  "Insufficient blocks",
  "Invalid backend configuration argument",
  "Invalid count argument",
  "Invalid for_each argument",
  "Invalid function argument",
  "Invalid index",
  "Invalid provider configuration",
  "Invalid reference",
  "Invalid value for variable",
  "Missing block label",
  "Missing required argument",
  "Module not installed",
  "No configuration files",
  "No value for required variable",
  "Plugin did not respond",
  "Provider configuration not present",
  "Reference to undeclared input variable",
  "Reference to undeclared local value",
  "Reference to undeclared module",
  "Reference to undeclared resource",
  "Request cancelled",
  "Resource precondition failed",
  "Unreadable module directory",
  "Unsupported argument",
  "Unsupported attribute",
  "Unsupported block type",
  "Unsupported Terraform Core version",
]);
