import type { Diagnostic } from "../../diagnostics/diagnostics.ts";
import { changedNames } from "./changed-names.ts";
import { patchConfig } from "./config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  sectionsMade,
  splitKey,
} from "./dynamic-config.ts";
import { isLocal, type NamedReference, referencesOf, targetOf } from "./references.ts";
import { usersIn } from "./users.ts";

/** Makes a diagnostic about an object that was left out; the caller knows how to name its owner. */
export type ReportDangling = (section: Section, name: string, missing: NamedReference) => Diagnostic | undefined;

/**
 * Leaves out what refers to something that is not defined: Traefik would disable it and log an error with every reload.
 * A middleware or service that is left out may leave others dangling, so this goes on until nothing changes. References
 * with a provider (`auth@file`) are believed.
 *
 * @param sound a configuration in which nothing dangles: what both have alike is looked at only if it refers to something
 *   that is gone
 */
export function dropDangling(
  config: DynamicConfig,
  report: ReportDangling,
  sound: DynamicConfig = NOTHING_SOUND,
): { readonly config: DynamicConfig; readonly diagnostics: readonly Diagnostic[] } {
  const suspects = sectionsMade((section) => new Set<string>(changedNames(sound[section], config[section])));
  const gone = SECTIONS.flatMap((section) =>
    [...suspects[section]].filter((name) => !config[section].has(name)).map((name) => resourceKey(section, name)),
  );
  suspectUsers(config, gone, suspects);
  const diagnostics: Diagnostic[] = [];
  let kept = config;
  for (;;) {
    const round = [...danglingIn(kept, suspects)];
    if (round.length === 0) return { config: kept, diagnostics };
    const patch = patchConfig(kept);
    for (const { section, name, missing } of round) {
      patch.drop(section, name);
      const diagnostic = report(section, name, missing);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
    }
    kept = patch.result();
    suspectUsers(
      kept,
      round.map(({ section, name }) => resourceKey(section, name)),
      suspects,
    );
  }
}

const NOTHING_SOUND: DynamicConfig = newConfig();

/** What refers to something that is not there any more may dangle. */
function suspectUsers(
  config: DynamicConfig,
  gone: readonly ResourceKey[],
  suspects: Record<Section, Set<string>>,
): void {
  if (gone.length === 0) return;
  const users = usersIn(config);
  for (const key of gone) {
    for (const user of users(key)) {
      const { section, name } = splitKey(user);
      suspects[section].add(name);
    }
  }
}

interface Dangling {
  readonly section: Section;
  readonly name: string;
  readonly missing: NamedReference;
}

/** What dangles before anything is left out, so that the answer does not depend on the order of names. */
function* danglingIn(
  config: DynamicConfig,
  suspects: Readonly<Record<Section, Iterable<string>>>,
): Generator<Dangling> {
  for (const section of SECTIONS.toReversed()) {
    const found: Dangling[] = [];
    for (const name of suspects[section]) {
      const object = config[section].get(name);
      const missing = object && firstMissing(section, object, config);
      if (missing !== undefined) found.push({ section, name, missing });
    }
    yield* found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function firstMissing(section: Section, object: ConfigObject, config: DynamicConfig): NamedReference | undefined {
  return referencesOf(section, object).find((reference) => isMissing(section, reference, config));
}

function isMissing(section: Section, reference: NamedReference, config: DynamicConfig): boolean {
  const { kind, name } = reference;
  // Without a name there is no transport and no set of TLS options; but a service or a middleware is meant.
  if (name === "") return reference.kind === "service" || reference.kind === "middleware";
  if (!isLocal(name)) return false;
  // Traefik itself brings a `default` of each of these.
  if (name === "default" && (kind === "tlsOptions" || kind === "serversTransport")) return false;
  const target = targetOf(section, reference);
  return target !== undefined && !config[target].has(name);
}
