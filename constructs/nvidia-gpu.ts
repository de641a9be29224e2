import {
  type Extension,
  type Intent,
  type NvidiaDriverProps,
  nvidiaDriver,
  nvidiaExtensions,
} from "../machine-configs";
import type { PciMapping } from "./pci-mapping";

export interface NvidiaGpuProps extends NvidiaDriverProps {
  /** The hardware mapping with the GPU. Without a device on the machine's host the synth fails. */
  readonly mapping: PciMapping;
}

/** An NVIDIA GPU of a machine: what the VM, the image and the machine configuration each need for it. */
export interface NvidiaGpu {
  readonly mapping: PciMapping;
  /** Names the variant of the cluster's image that has the driver. */
  readonly imageVariant: string;
  readonly extensions: readonly Extension[];
  readonly intent: Intent;
}

/**
 * The `gpu` of a node: passthrough by mapping, driver extensions in the schematic, kernel modules, label and taint,
 * all from one prop, so that they cannot disagree (PVE-7).
 *
 * @example
 * cluster.addWorker("gpu-1", { host: "pve", address: "…", macAddress: "…", gpu: nvidiaGpu({ mapping: a2000 }) });
 */
export function nvidiaGpu(props: NvidiaGpuProps): NvidiaGpu {
  const { mapping, ...driverProps } = props;
  const extensions = nvidiaExtensions(driverProps);
  return {
    mapping,
    imageVariant: `nvidia-${props.modules ?? "open"}-${props.driver ?? "production"}`,
    extensions,
    intent: nvidiaDriver(driverProps),
  };
}
