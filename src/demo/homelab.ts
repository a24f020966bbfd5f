import type { Catalog } from "../simulator/simulator.ts";

/** One instance of the homelab, as Nomad would register it. */
export interface HomelabInstance {
  readonly service: string;
  readonly node: "node-1" | "node-2" | "node-3";
  readonly port: number;
  readonly tags: readonly string[];
  readonly status?: "passing" | "warning" | "critical";
}

function routed(name: string, rule: string, ...more: readonly string[]): readonly string[] {
  return ["traefik.enable=true", `traefik.http.routers.${name}.rule=${rule}`, ...more];
}

const WINDMILL_TAGS = routed("windmill", "Host(`windmill.lab.local`)");

export const WINDMILL: HomelabInstance = { service: "windmill", node: "node-1", port: 24_563, tags: WINDMILL_TAGS };
export const WINDMILL_NEXT: HomelabInstance = { ...WINDMILL, node: "node-2", port: 24_911 };

/** One microservice with four ports: users reach two of them through Traefik, the other two are scraped. */
export const ORDERS_HTTP: HomelabInstance = {
  service: "orders",
  node: "node-2",
  port: 25_677,
  tags: routed("orders", "Host(`orders.lab.local`)"),
};
export const ORDERS_GRPC: HomelabInstance = {
  service: "orders-grpc",
  node: "node-2",
  port: 26_788,
  tags: routed(
    "orders-grpc",
    "Host(`grpc.lab.local`)",
    "traefik.http.services.orders-grpc.loadbalancer.server.scheme=h2c",
  ),
};
const ORDERS_METRICS: HomelabInstance = { service: "orders-metrics", node: "node-2", port: 27_899, tags: ["metrics"] };
const ORDERS_HEALTH: HomelabInstance = { service: "orders-health", node: "node-2", port: 28_900, tags: [] };

/** On a well-known port: infrastructure, whatever its tags ask for. */
const POWERDNS: HomelabInstance = {
  service: "powerdns-api",
  node: "node-3",
  port: 8_081,
  tags: routed("powerdns", "Host(`dns.lab.local`)"),
};

/** Its check turns critical and passes again. */
export const WEATHER: HomelabInstance = {
  service: "weather",
  node: "node-3",
  port: 23_117,
  tags: routed("weather", "Host(`weather.lab.local`)"),
};

/** Its tag has a typing mistake in `rule`. */
export const WIKI_BROKEN: HomelabInstance = {
  service: "wiki",
  node: "node-1",
  port: 22_345,
  tags: ["traefik.enable=true", "traefik.http.routers.wiki.ruel=Host(`wiki.lab.local`)"],
};
export const WIKI_MENDED: HomelabInstance = { ...WIKI_BROKEN, tags: routed("wiki", "Host(`wiki.lab.local`)") };

export const HOMELAB: readonly HomelabInstance[] = [
  WINDMILL,
  ORDERS_HTTP,
  ORDERS_GRPC,
  ORDERS_METRICS,
  ORDERS_HEALTH,
  POWERDNS,
  WEATHER,
  WIKI_BROKEN,
];

/** Backends that really listen: all but those on ports below 20000, to which no route leads. */
export const HOMELAB_BACKENDS: readonly HomelabInstance[] = [...HOMELAB, WINDMILL_NEXT].filter(
  ({ port }) => port >= 20_000,
);

export function register(catalog: Catalog, instance: HomelabInstance): void {
  const { service, node, port, tags, status = "passing" } = instance;
  const id = serviceId(instance);
  catalog.register({
    Node: node,
    Address: "127.0.0.1",
    Service: { ID: id, Service: service, Address: "127.0.0.1", Port: port, Tags: tags },
    Check: { CheckID: checkId(instance), Name: `${service} answers`, Status: status, ServiceID: id },
  });
}

export function deregister(catalog: Catalog, instance: HomelabInstance): void {
  catalog.deregister({ Node: instance.node, ServiceID: serviceId(instance) });
}

export function setStatus(catalog: Catalog, instance: HomelabInstance, status: "passing" | "critical"): void {
  catalog.setCheck(instance.node, checkId(instance), status);
}

/** Ids look like those of Nomad, which names the allocation in them. */
function serviceId({ service, port }: HomelabInstance): string {
  const allocation = `${port.toString(16).padStart(8, "0")}-aaaa-bbbb-cccc-000000000000`;
  return `_nomad-task-${allocation}-group-${service}-${service}-http`;
}

function checkId(instance: HomelabInstance): string {
  return `_nomad-check-${serviceId(instance)}`;
}
