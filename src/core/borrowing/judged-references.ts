import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import { contributionOf } from "../merge/contribution.ts";
import type { ConfigObject, ResourceKey, Section } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

/**
 * What of an object's references is judged: the services, transports and TLS options that it names. Middlewares are not: they
 * stand before a service and take nothing from it. Nor is what Traefik itself brings.
 */
export function judgedReferencesIn(section: Section, object: ConfigObject): readonly NamedReference[] {
  return judgedOf(referencesOf(section, object));
}

const judgedOf = memoize((references: readonly NamedReference[]): readonly NamedReference[] =>
  references.filter(({ kind, name }) => kind !== "middleware" && name !== "" && !BROUGHT[kind].includes(name)),
);

const BROUGHT: Readonly<Record<Exclude<NamedReference["kind"], "middleware">, readonly string[]>> = {
  service: ["noop@internal"],
  serversTransport: ["default@internal"],
  tlsOptions: ["default"],
};

/** What of a service's definitions refers to something that it does not define itself. */
export function namesWithForeignReferences(own: readonly Translated[]): readonly ResourceKey[] {
  const contribution = contributionOf(own);
  const found: ResourceKey[] = [];
  for (const [key, { section, object }] of contribution) {
    const isForeign = (reference: NamedReference) => !isIn(contribution, referredKey(section, reference));
    if (judgedReferencesIn(section, object).some(isForeign)) found.push(key);
  }
  return found;
}

/** All names of a service's definitions that refer to services, transports or TLS options. */
export function namesWithReferences(own: readonly Translated[]): readonly ResourceKey[] {
  return [...contributionOf(own)]
    .filter(([, { section, object }]) => judgedReferencesIn(section, object).length > 0)
    .map(([key]) => key);
}

function isIn(contribution: ReadonlyMap<ResourceKey, unknown>, key: ResourceKey | ""): boolean {
  return key !== "" && contribution.has(key);
}
