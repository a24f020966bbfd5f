import { count } from "../../base/count.ts";
import type { CatalogClient } from "../catalog/catalog-client.ts";
import type { CatalogShape } from "./catalog-shape.ts";
import type { Watch } from "./watch.ts";

/** One way of watching a product. */
export interface Strategy<Client extends CatalogClient> {
  readonly name: string;
  /** How many requests are open at a time, a few reads included; undefined where it is for want of a better one only. */
  requests(shape: CatalogShape): number | undefined;
  /** Estimate of what the catalog sends for one change, in bytes, packed where that is asked for. */
  bytesPerChange(shape: CatalogShape): number;
  readonly watch: Watch<Client>;
}

/** A product's strategies; the last one is for every shape. */
export type Strategies<Client extends CatalogClient> = readonly [Strategy<Client>, ...Strategy<Client>[]];

export interface Choice<Client extends CatalogClient> {
  readonly strategy: Strategy<Client>;
  /** Why this one, for status and log. */
  readonly reason: string;
}

/** Of the strategies whose requests fit, the one for which the catalog sends least. */
export function chooseStrategy<Client extends CatalogClient>(
  strategies: Strategies<Client>,
  shape: CatalogShape,
  connections: number,
): Choice<Client> {
  const capacity = connections * shape.requestsPerConnection;
  const fitting = strategies.filter((strategy) => (strategy.requests(shape) ?? Infinity) <= capacity);
  const strategy = fitting.reduce<Strategy<Client> | undefined>(
    (best, one) => (best === undefined || one.bytesPerChange(shape) < best.bytesPerChange(shape) ? one : best),
    undefined,
  );
  if (strategy !== undefined) return { strategy, reason: reasonFor(strategy, shape, connections) };
  const last = strategies.at(-1) ?? strategies[0];
  return { strategy: last, reason: `${described(shape)}; nothing else fits into ${count(connections, "connection")}` };
}

/** The strategy of that name, whatever the shape. */
export function forcedStrategy<Client extends CatalogClient>(
  strategies: Strategies<Client>,
  name: string,
): Choice<Client> | undefined {
  const strategy = strategies.find((one) => one.name === name);
  return strategy && { strategy, reason: "the settings ask for it" };
}

/**
 * A strategy is left when it no longer fits, or when another one has become cheaper by half and fits with room to spare;
 * the last one is left for any that does.
 */
export function isOutgrown<Client extends CatalogClient>(
  strategies: Strategies<Client>,
  current: Strategy<Client>,
  shape: CatalogShape,
  connections: number,
): boolean {
  if (chooseStrategy(strategies, shape, connections).strategy === current) return false;
  const capacity = connections * shape.requestsPerConnection;
  const requests = current.requests(shape);
  if (requests !== undefined && requests > capacity) return true;
  const comfortable = chooseStrategy(strategies, shape, Math.floor(connections * 0.75)).strategy;
  if (requests === undefined) return comfortable !== current;
  return comfortable !== current && comfortable.bytesPerChange(shape) * 2 < current.bytesPerChange(shape);
}

function reasonFor<Client extends CatalogClient>(
  strategy: Strategy<Client>,
  shape: CatalogShape,
  connections: number,
): string {
  const requests = strategy.requests(shape) ?? 0;
  const needed = Math.ceil(requests / shape.requestsPerConnection);
  const kilobytes = (strategy.bytesPerChange(shape) / 1_000).toFixed(1);
  return `${described(shape)}; ${needed} of ${count(connections, "connection")}, some ${kilobytes} KB a change`;
}

function described({ services, instances, nodes, requestsPerConnection }: CatalogShape): string {
  const where = nodes === 0 ? "" : ` on ${count(nodes, "node")}`;
  const how = requestsPerConnection > 1 ? "HTTP/2" : "HTTP/1.1";
  return `${count(services, "service")} with ${count(instances, "instance")}${where} over ${how}`;
}
