import { PLAIN, type ServiceInstance } from "../src/core/catalog/snapshot.ts";

/** One registered instance of the world that is measured. */
export interface Instance {
  readonly service: string;
  readonly id: string;
  readonly node: string;
  readonly port: number;
  readonly status: "passing" | "critical";
  /** What its tags begin with. Default: `traefik`. */
  readonly tagPrefix?: string;
}

export interface WorldShape {
  readonly services: number;
  readonly instances: number;
  readonly nodes: number;
  /** Where backends listen on 127.0.0.1: all services share them, one port for each instance of a service. */
  readonly ports: readonly number[];
  /** What the services' names begin with. Default: `service`. */
  readonly prefix?: string;
}

/** The services that are there from the beginning to the end; their instances lie on different nodes and ports. */
export function createWorld({
  services,
  instances,
  nodes,
  ports,
  prefix = "service",
}: WorldShape): readonly Instance[] {
  return Array.from({ length: services * instances }, (_, position) => {
    const service = Math.floor(position / instances);
    const copy = position % instances;
    const name = `${prefix}-${String(service).padStart(5, "0")}`;
    return {
      service: name,
      id: `${name}-${copy}`,
      node: `node-${(service + copy) % nodes}`,
      port: ports[copy % ports.length]!,
      status: "passing",
    };
  });
}

/** The host by which requests reach a service. */
export function hostOf(service: string): string {
  return `${service}.bench.internal`;
}

// Two tags, as any real service has: with a single one Traefik's own provider overlooks a change of the port alone.
export function tagsOf(service: string, prefix = "traefik"): readonly string[] {
  return [`${prefix}.enable=true`, `${prefix}.http.routers.${service}.rule=Host(\`${hostOf(service)}\`)`];
}

/** As Consul spells it. */
export interface Registration {
  readonly Node: string;
  readonly Address: string;
  readonly Service?: {
    readonly ID: string;
    readonly Service: string;
    readonly Address: string;
    readonly Port: number;
    readonly Tags: readonly string[];
  };
  readonly Check?: {
    readonly CheckID: string;
    readonly Name: string;
    readonly Status: string;
    readonly ServiceID: string;
  };
}

/**
 * The body of a registration with Consul's PUT /v1/catalog/register. As from an agent, a change of the port says nothing
 * of the check and a change of health nothing of the service: what is written again wakes watchers, changed or not.
 */
export function registrationOf(
  { service, id, node, port, status, tagPrefix }: Instance,
  kind: "new" | "port" | "health" | "soon" = "new",
): Registration {
  const Service = { ID: id, Service: service, Address: "127.0.0.1", Port: port, Tags: tagsOf(service, tagPrefix) };
  const Check = { CheckID: `check-${id}`, Name: `${service} answers`, Status: status, ServiceID: id };
  return {
    Node: node,
    Address: "127.0.0.1",
    ...(kind === "health" ? {} : { Service }),
    ...(kind === "port" ? {} : { Check }),
  };
}

/** The body that takes the instance out again with PUT /v1/catalog/deregister, its check with it. */
export function deregistrationOf({ id, node }: Instance): object {
  return { Node: node, ServiceID: id };
}

/** The instance as portolan's core would have read it from the catalog. */
export function snapshotOf({ service, id, node, port, status }: Instance): ServiceInstance {
  return {
    catalog: "consul",
    service,
    id,
    node,
    nodeId: "",
    datacenter: "dc1",
    namespace: "",
    nodeAddress: "127.0.0.1",
    address: "127.0.0.1",
    port,
    tags: tagsOf(service),
    checks: [{ id: `check-${id}`, name: `${service} answers`, status }],
    ...PLAIN,
    createIndex: 1,
  };
}
