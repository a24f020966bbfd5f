import type { CatalogClient } from "./catalog-client.ts";
import type { Watch } from "./watch/watch.ts";

/** How large a catalog is, as far as it decides how to watch it. */
export interface CatalogShape {
  readonly services: number;
  readonly nodes: number;
}

/** One way of watching a product. */
export interface Strategy<Client extends CatalogClient> {
  readonly name: string;
  /** How many connections its long polls and reads need at a time. */
  connections(shape: CatalogShape): number;
  /** Why this one and none before it in the list. */
  reason(shape: CatalogShape, budget: number): string;
  readonly watch: Watch<Client>;
}

/** A product's strategies from the cheapest to the dearest; the last one is for every shape. */
export type Strategies<Client extends CatalogClient> = readonly [Strategy<Client>, ...Strategy<Client>[]];

/** The first strategy whose connections fit into the budget. */
export function chooseStrategy<Client extends CatalogClient>(
  strategies: Strategies<Client>,
  shape: CatalogShape,
  budget: number,
): Strategy<Client> {
  let [chosen] = strategies;
  for (const strategy of strategies) {
    chosen = strategy;
    if (strategy.connections(shape) <= budget) break;
  }
  return chosen;
}

/** A strategy is left for a dearer one as soon as it no longer fits, for a cheaper one only with room to spare. */
export function isOutgrown<Client extends CatalogClient>(
  strategies: Strategies<Client>,
  current: Strategy<Client>,
  shape: CatalogShape,
  budget: number,
): boolean {
  const position = (strategy: Strategy<Client>) => strategies.indexOf(strategy);
  const needed = chooseStrategy(strategies, shape, budget);
  const comfortable = chooseStrategy(strategies, shape, Math.floor(budget * 0.75));
  return position(needed) > position(current) || position(comfortable) < position(current);
}
