import { compareBytes } from "../../go/byte-order.ts";
import type { MetricsEndpoint } from "../ports/ledger/metrics-endpoint.ts";

/** Something that has metrics, and where. */
export interface ScrapeTarget extends MetricsEndpoint {
  /** `HOST:PORT`, an IPv6 address in brackets. */
  readonly address: string;
  /** Whose word it is: a registration in a catalog, or the operator's ledger. */
  readonly source: "catalog" | "ledger";
  /** What is known of it; names as the catalog has them, in any characters and of any length. */
  readonly of: Readonly<Partial<Record<TargetFact, string>>>;
}

/** What Prometheus may relabel by, each as `__meta_portolan_…`. */
export const TARGET_FACTS = [
  "service",
  "namespace",
  "node",
  "datacenter",
  "catalog",
  "job",
  "group",
  "task",
  "allocation",
  "purpose",
] as const;

export type TargetFact = (typeof TARGET_FACTS)[number];

/** In an order that depends on nothing but the targets, so that equal catalogs make equal lists. */
export function inOrder(targets: readonly ScrapeTarget[]): readonly ScrapeTarget[] {
  const keyed = targets.map((target) => [sortKey(target), target] as const);
  return keyed.toSorted(([one], [other]) => compareBytes(one, other)).map(([, target]) => target);
}

function sortKey({ address, path, scheme, source, of }: ScrapeTarget): string {
  return JSON.stringify([address, path, scheme, source, ...TARGET_FACTS.map((fact) => of[fact] ?? "")]);
}

/** Are metrics at the same place? */
export function placeOfMetrics({ address, path, scheme }: ScrapeTarget): string {
  return `${scheme}://${address}${path}`;
}
