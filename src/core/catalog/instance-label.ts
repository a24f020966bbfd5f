import { allocationOf } from "./allocation.ts";
import type { ServiceInstance } from "./snapshot.ts";

/** Which instance it is, and where it runs. */
export interface InstanceLabel {
  readonly id: string;
  readonly node: string;
  /** The name of its catalog, where the settings list several. */
  readonly catalog?: string;
  /** The Nomad allocation behind it, where Nomad registered it. */
  readonly allocation?: string;
}

/** As a field of what is reported about the instance; no field where the instance is not known. */
export function instanceLabel(instance: ServiceInstance | undefined): { readonly instance?: InstanceLabel } {
  if (instance === undefined) return {};
  const { id, node, catalogName } = instance;
  const allocation = allocationOf(id);
  return {
    instance: {
      id,
      node,
      ...(catalogName === undefined ? {} : { catalog: catalogName }),
      ...(allocation === undefined ? {} : { allocation }),
    },
  };
}
