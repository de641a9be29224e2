import { fieldMissing, type Problem, subnetsDiffer, wrongValue } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { isMasked, prefix } from "../rules/addresses";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    dnsDomain: z.string().optional(),
    podSubnets: z.array(prefix()).optional(),
    serviceSubnets: z.array(prefix()).optional(),
    nodeCIDRMaskSizeIPv4: z.int().min(1).max(32).optional(),
    nodeCIDRMaskSizeIPv6: z.int().min(1).max(128).optional(),
  });

/** The cluster's networks. The generator writes both; lists are replaced. */
export type KubeNetworkFields = FieldsOf<typeof fields>;

export const kubeNetworkConfig = defineDocument({
  kind: "KubeNetworkConfig",
  since: "1.14",
  fields,
  generated: [["podSubnets"], ["serviceSubnets"]],
  replaces: [["cluster", "network"]],
  problems,
});

function problems(network: KubeNetworkFields, at: At, { complete }: DocumentScope): readonly Problem[] {
  const { podSubnets, serviceSubnets } = network;
  const found = [
    ...(podSubnets === undefined ? [] : subnetProblems(podSubnets, (...path) => at("podSubnets", ...path))),
    ...(serviceSubnets === undefined ? [] : subnetProblems(serviceSubnets, (...path) => at("serviceSubnets", ...path))),
    ...maskProblems(network, at),
  ];
  if (complete && podSubnets?.length !== serviceSubnets?.length) found.push(subnetsDiffer(at("serviceSubnets")));
  return found;
}

/** One or two subnets, at most one of each family, each a network with room. */
function subnetProblems(subnets: readonly string[], at: At): readonly Problem[] {
  if (subnets.length === 0) return [fieldMissing(at(), "at least one subnet")];
  const families = subnets.map((subnet) => subnet.includes(":"));
  return subnets.flatMap((subnet, index) => {
    if (index > 1 || families.indexOf(subnet.includes(":")) < index) {
      return [wrongValue(at(index), subnet, "one of at most one IPv4 and one IPv6 subnet")];
    }
    if (!isMasked(subnet)) return [wrongValue(at(index), subnet, "a network without bits for a host")];
    return hostBits(subnet) < 4 ? [wrongValue(at(index), subnet, "a subnet with at least 16 addresses")] : [];
  });
}

/** A pod subnet that has no room for one node. */
function maskProblems(network: KubeNetworkFields, at: At): readonly Problem[] {
  const { podSubnets = [], nodeCIDRMaskSizeIPv4 = 24, nodeCIDRMaskSizeIPv6 = 64 } = network;
  return podSubnets.flatMap((subnet, index) => {
    const mask = subnet.includes(":") ? nodeCIDRMaskSizeIPv6 : nodeCIDRMaskSizeIPv4;
    const fits = Number(subnet.split("/")[1]) <= mask;
    return fits ? [] : [wrongValue(at("podSubnets", index), subnet, `a subnet with room for the /${mask} of a node`)];
  });
}

function hostBits(subnet: string): number {
  return (subnet.includes(":") ? 128 : 32) - Number(subnet.split("/")[1]);
}
