import type { CatalogShape } from "./catalog-shape.ts";

/*
 * What answers weigh, as measured with real Consul at 5,000 services × 3 with two tags each, packed where they are asked
 * for packed. Only their proportions matter: they decide between strategies. docs/watching.md has the formulae.
 */

/** One name of a packed list of services with its tags. */
const LISTED_BYTES = 9;
/** One registration in a node's packed services. */
const REGISTRATION_BYTES = 20;
/** One instance of a service, with its node and checks, not packed. */
const INSTANCE_BYTES = 860;
/** Status, headers and framing of any answer. */
const ANSWER_BYTES = 300;

/** The list of all services. */
export function listBytes({ listed }: CatalogShape): number {
  return ANSWER_BYTES + LISTED_BYTES * listed;
}

/** One service with its instances. */
export function serviceBytes({ services, instances }: CatalogShape): number {
  return ANSWER_BYTES + (INSTANCE_BYTES * instances) / Math.max(1, services);
}

/** The services of one node: exposed or not, each has as many instances as the watched ones have. */
export function nodeBytes({ listed, services, instances, nodes }: CatalogShape): number {
  const registrations = (listed * instances) / Math.max(1, services);
  return ANSWER_BYTES + (REGISTRATION_BYTES * registrations) / Math.max(1, nodes);
}

/** The checks that do not pass: few. */
export function checksBytes(): number {
  return 2 * ANSWER_BYTES;
}
