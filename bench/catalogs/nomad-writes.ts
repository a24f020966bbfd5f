import { createHash } from "node:crypto";
import type { AllocationDefinition } from "../../src/simulator/nomad/rows/allocation.ts";
import type { JobDefinition } from "../../src/simulator/nomad/rows/job.ts";
import { type Instance, tagsOf } from "../world.ts";

/** An allocation's id that follows from the instance, so that a change of its port is one of the same. */
function idOf({ id }: Instance): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export function allocationOf(instance: Instance): AllocationDefinition {
  return {
    ID: idOf(instance),
    JobID: instance.service,
    NodeName: instance.node,
    NodeID: instance.node,
    Ports: [{ Label: "http", Value: instance.port }],
  };
}

/** Its job, of which all its instances are. */
export function jobOf({ service }: Instance): JobDefinition {
  return { ID: service, Services: [{ Name: service, Tags: tagsOf(service) }] };
}

/** What a client of Nomad registers for it. */
export function nomadRegistrationOf(instance: Instance) {
  const { service, node, port } = instance;
  const AllocID = idOf(instance);
  return {
    ID: `_nomad-task-${AllocID}-group-app-${service}-http`,
    AllocID,
    JobID: service,
    ServiceName: service,
    NodeID: node,
    Port: port,
    Tags: tagsOf(service),
  };
}
