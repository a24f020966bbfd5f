import { nodeNameOf } from "./node-name.ts";
import { type NomadTask, nomadTaskOf } from "./nomad-task.ts";
import type { ServiceInstance } from "./snapshot.ts";

/** Which instance it is, and where it runs; with what is known of its task, where it is one of Nomad's. */
export interface InstanceLabel extends Partial<NomadTask> {
  readonly id: string;
  /** The node's name. */
  readonly node: string;
  /** The name of its catalog, where the settings list several. */
  readonly catalog?: string;
}

/** As a field of what is reported about the instance; no field where the instance is not known. */
export function instanceLabel(instance: ServiceInstance | undefined): { readonly instance?: InstanceLabel } {
  return instance === undefined ? {} : { instance: labelOf(instance) };
}

/** The same of an instance that is known. */
export function labelOf(instance: ServiceInstance): InstanceLabel {
  const { id, catalogName } = instance;
  return {
    id,
    node: nodeNameOf(instance),
    ...(catalogName === undefined ? {} : { catalog: catalogName }),
    ...nomadTaskOf(instance),
  };
}
