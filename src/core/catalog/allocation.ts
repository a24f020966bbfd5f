const NOMAD_TASK = /^_nomad-task-([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-/;

/** The short id of the Nomad allocation behind a Consul service id, where Nomad registered it. */
export function allocationOf(serviceId: string): string | undefined {
  return NOMAD_TASK.exec(serviceId)?.[1];
}
