import { readFileSync } from "node:fs";
import * as path from "node:path";
import {
  DefaultTokenResolver,
  StringConcat,
  type TerraformDataSource,
  type TerraformResource,
  TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";
import { blocksOf, isValues, numberOf, textOf, type Values } from "../../analysis/values";
import { vmEffects } from "../../analysis/vm-changes";
import {
  changeStaysPending,
  deviceInTheWay,
  diskDetached,
  diskShrunk,
  diskSlotChanged,
  noPreviousSynth,
  type Problem,
  removedSettingStays,
} from "../../errors";
import type { VirtualEnvironmentVm } from "../../providers/proxmox/virtual-environment-vm";

/** What an earlier synth wrote, by file and per construct tree: many VMs are compared with one file. */
const writtenFor = new WeakMap<IConstruct, Map<string, unknown>>();

/** What no plan refuses about a change of a VM since an earlier synth, whose folder is given. */
export function changeProblems(resource: VirtualEnvironmentVm, folder: string): Problem[] {
  const where = resource.node.scope?.node.path ?? resource.node.path;
  const stack = TerraformStack.of(resource);
  const manifest = contentOf(resource, path.join(folder, "manifest.json"));
  if (manifest === undefined) {
    return [noPreviousSynth(stack.node.path, folder)];
  }
  const before = writtenBefore(resource, folder, "resource");
  return before === undefined
    ? []
    : comparedProblems(where, before, blockOf(present(resource), "resource", resource) ?? before);
}

/** What an earlier synth wrote under the address of a resource or data source. */
export function writtenBefore(
  element: TerraformResource | TerraformDataSource,
  folder: string,
  block: "resource" | "data",
): Values | undefined {
  const stack = TerraformStack.of(element);
  return blockOf(contentOf(element, path.join(folder, "stacks", stack.node.id, "cdk.tf.json")), block, element);
}

/** Nothing if there is no such file, or no JSON in it. */
function contentOf(scope: IConstruct, file: string): unknown {
  const { root } = scope.node;
  const written = writtenFor.get(root) ?? new Map<string, unknown>();
  writtenFor.set(root, written);
  if (!written.has(file)) {
    written.set(file, parsed(file));
  }
  return written.get(file);
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** As it will be written. */
function present(resource: VirtualEnvironmentVm): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(resource.toTerraform(), { scope: resource, resolver, preparing: false });
}

function blockOf(
  stack: unknown,
  block: "resource" | "data",
  { terraformResourceType, friendlyUniqueId }: TerraformResource | TerraformDataSource,
): Values | undefined {
  return [block, terraformResourceType, friendlyUniqueId].reduce<Values | undefined>(
    (values, name) => {
      const value = values?.[name];
      return isValues(value) ? value : undefined;
    },
    isValues(stack) ? stack : undefined,
  );
}

function comparedProblems(where: string, before: Values, after: Values): Problem[] {
  const [earlier, later] = [disksOf(before), disksOf(after)];
  const shrunk = [...later].flatMap(([slot, disk]) => {
    const [size, was] = [numberOf(disk, "size") ?? 0, numberOf(earlier.get(slot), "size") ?? 0];
    return size < was ? [diskShrunk(where, slot, was, size)] : [];
  });
  const gone = [...earlier.keys()].filter((slot) => !later.has(slot));
  const added = [...later.keys()].filter((slot) => !earlier.has(slot));
  const [from, to] = [textOf(before, "node_name") ?? "", textOf(after, "node_name") ?? ""];
  const devices = ["hostpci", "usb", "virtiofs"].filter((block) => blocksOf(before, block).length > 0);
  const removed = settingsOf(before).filter((setting) => !settingsOf(after).includes(setting));
  const pending = vmEffects(comparable(before), comparable(after), {}).flatMap((change) =>
    change.effect === "restart" ? [change.path] : [],
  );
  return [
    ...shrunk,
    ...(gone.length > 0 && added.length > 0 ? [diskSlotChanged(where, gone, added)] : []),
    ...(gone.length > 0 && added.length === 0 ? [diskDetached(where, gone)] : []),
    ...(removed.length > 0 ? [removedSettingStays(where, removed)] : []),
    ...(from !== to && devices.length > 0 && before["started"] !== false
      ? [deviceInTheWay(where, devices, from, to)]
      : []),
    ...(after["reboot_after_update"] === false && pending.length > 0 ? [changeStaysPending(where, pending)] : []),
  ];
}

/** The VM's own disks by slot; what it only borrows is nobody's loss. */
function disksOf(vm: Values): ReadonlyMap<string, Values> {
  const own = blocksOf(vm, "disk").filter((disk) => disk["path_in_datastore"] === undefined);
  return new Map(own.map((disk) => [textOf(disk, "interface") ?? "", disk]));
}

/** What cloud-init is told about addresses and names, by what tells it apart from another setting. */
function settingsOf(vm: Values): string[] {
  return blocksOf(vm, "initialization").flatMap((initialization) => [
    ...blocksOf(initialization, "ip_config").flatMap((card, index) =>
      ["ipv4", "ipv6"].flatMap((family) => (card[family] === undefined ? [] : [`ip_config[${index}].${family}`])),
    ),
    ...blocksOf(initialization, "dns").flatMap((dns) => Object.keys(dns).map((name) => `dns.${name}`)),
  ]);
}

/** Without what is Terraform's and cdktf's own. */
function comparable(vm: Values): Values {
  const { "//": _, depends_on: __, lifecycle: ___, ...attributes } = vm;
  return attributes;
}
