/** How large a world is, and how far its size changes. */
export interface Scale {
  readonly fewestNodes: number;
  readonly mostNodes: number;
  /** Where it is large: so many services at least, always, with three instances each on average. */
  readonly services?: number;
}

/** Some dozens of services, whose number changes so far that strategies are outgrown both ways. */
export const SMALL: Scale = { fewestNodes: 3, mostNodes: 9 };

/** On some fifty nodes. */
export function largeScale(services: number): Scale {
  return { fewestNodes: 40, mostNodes: 60, services };
}

/** What the catalog holds, as far as the weather has put it there; the weather changes it with every write. */
export interface Census {
  readonly scale: Scale;
  readonly nodes: Map<string, Node>;
  /** By name; one without an instance is kept, since it may come back. */
  readonly services: Map<string, Service>;
  /** Numbers for names and ports: each is given once. */
  issued: number;
  /** The number of instances that arrivals and departures move towards. */
  population: number;
}

export interface Node {
  readonly name: string;
  /** Empty for a node that was registered from outside. */
  readonly id: string;
  address: string;
  isHealthy: boolean;
  isMaintained: boolean;
  readonly instances: Map<string, Instance>;
}

export interface Service {
  readonly name: string;
  /**
   * One answer for all of its instances: Traefik judges exposure on the union of their tags, whose order is a matter of
   * luck.
   */
  isExposed: boolean;
  /** What an instance gets that is registered from now on; without the tag that exposes it. */
  tags: readonly string[];
}

export interface Instance {
  readonly id: string;
  readonly node: Node;
  service: Service;
  tags: readonly string[];
  /** Empty for the node's. */
  address: string;
  port: number;
  /** Undefined for an instance without a check. */
  status: Status | undefined;
  isMaintained: boolean;
}

export type Status = "passing" | "warning" | "critical";

/** In a large world so many instances that, names being drawn, a few more services than wanted have one. */
const INSTANCES_A_SERVICE = 3.2;

export function createCensus(scale: Scale): Census {
  const population = scale.services === undefined ? 40 : Math.ceil(scale.services * INSTANCES_A_SERVICE);
  return { scale, nodes: new Map(), services: new Map(), issued: 0, population };
}

export function instancesOf(census: Census): readonly Instance[] {
  return [...census.nodes.values()].flatMap(({ instances }) => [...instances.values()]);
}
