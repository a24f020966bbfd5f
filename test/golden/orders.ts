import { compareBytes } from "../../src/go/byte-order.ts";
import type { CatalogStep, CompactInstance, GoldenCase } from "./case-file.ts";

/** All orders of a list of at most this length are played: 4! are 24. */
const ALL_ORDERS_UP_TO = 4;

/** The orders in which a list is tried: all of a short one, of a longer one those in which each is first, and last, once. */
export function ordersOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= ALL_ORDERS_UP_TO) return permutationsOf(list);
  const rotations = list.map((_, i) => [...list.slice(i), ...list.slice(0, i)]);
  return [...rotations, ...rotations.map((order) => order.toReversed())];
}

function permutationsOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((first, i) => permutationsOf(list.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

/**
 * The ways in which the instances of a case come to be what its catalog says, in this order of registration. A case that does
 * not say whose registrations they are is played by Consul and by Nomad.
 */
export function historiesOf(
  golden: GoldenCase,
  order: readonly CompactInstance[],
): Readonly<Record<string, GoldenCase>> {
  const services = order.map((one, i) => ({ ...one, createIndex: 10 * (i + 1) }));
  const registries: readonly Registry[] = golden.registry === undefined ? ["consul", "nomad"] : [golden.registry];
  const histories = registries.flatMap((registry) => {
    const by = registries.length === 1 ? "" : ` by ${JSON.stringify(registry)}`;
    return Object.entries(historiesIn({ ...golden, registry, services })).map(
      ([how, history]) => [`${how}${by}`, history] as const,
    );
  });
  return Object.fromEntries(histories);
}

type Registry = NonNullable<GoldenCase["registry"]>;

function historiesIn(golden: GoldenCase & { readonly registry: Registry }): Readonly<Record<string, GoldenCase>> {
  const { services, registry, snippets = {} } = golden;
  const listedByName = services.toSorted((a, b) => compareBytes(nameOf(a), nameOf(b)));
  const steps = services
    .slice(0, -1)
    .map((_, i): CatalogStep => ({ services: services.slice(0, i + 1), registry, snippets }));
  const restarted = steps.map((step, i): CatalogStep => (i === 0 ? step : { ...step, restart: "with-state" }));
  return {
    "at once": golden,
    "at once, listed by name": { ...golden, services: listedByName },
    "one by one": { ...golden, previous: steps },
    "one by one, restarted each time": { ...golden, previous: restarted, restart: "with-state" },
  };
}

function nameOf({ service, id = service }: CompactInstance): string {
  return id;
}
