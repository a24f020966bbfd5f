import type { CatalogSnapshot } from "../catalog/snapshot.ts";
import { type ResourceDiff, resourceDiff } from "../chart-diff/chart-diff.ts";
import type { Decision } from "../decision.ts";
import { initialMemory } from "../memory.ts";
import { reconcile } from "../reconcile.ts";
import type { CoreSettings } from "../settings.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { renameReferences } from "../traefik/chart/references.ts";
import { serversOf, withServers } from "../traefik/chart/servers.ts";
import type { RunningTraefik } from "../traefik-result/running-traefik.ts";
import {
  LISTED_SECTIONS,
  type ListedSection,
  qualifiedName,
  type TraefikResource,
  type TraefikStatus,
} from "../traefik-result/traefik-resource.ts";
import { comparable, withMadeCookie, withoutMadeCookie } from "./comparable.ts";
import { type ListedChart, listedAs } from "./entry-point-parts.ts";
import { reasonsFrom } from "./find-reason.ts";
import type { DifferenceReason } from "./reason.ts";

export interface CompareInput {
  /** What the running Traefik has of its own catalog providers, and of no other. */
  readonly resources: readonly TraefikResource[];
  readonly entryPoints: RunningTraefik["entryPoints"];
  /** What portolan would publish, and by what it is decided. */
  readonly decision: Decision;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: CoreSettings;
  readonly nowMs: number;
}

/** One router, service or middleware that is not the same in both. */
export interface Difference {
  /** By the name under which this Traefik lists it, or would list it. */
  readonly key: ResourceKey;
  /** `before` is what Traefik has, `after` what portolan would publish. They hold secrets: what is shown of them are `fieldChanges`. */
  readonly diff: ResourceDiff;
  /** What Traefik says of its own, where it has one. */
  readonly status: TraefikStatus | undefined;
  readonly errors: readonly string[];
  /** At least one. */
  readonly reasons: readonly DifferenceReason[];
}

export type ComparedKind = "routers" | "services" | "middlewares";

export interface Comparison {
  /** In the order of sections and names. */
  readonly differences: readonly Difference[];
  /** How many Traefik has, how many portolan would have, and how many of them are the same. */
  readonly counts: Readonly<
    Record<ComparedKind, { readonly traefik: number; readonly portolan: number; readonly equal: number }>
  >;
}

/** What the running Traefik has under one name. */
interface Running {
  readonly resource: TraefikResource;
  readonly definition: ConfigObject;
}

/**
 * Compares, name by name, what a running Traefik has from its own catalog providers with what portolan would publish. The
 * reasons come of two decisions over the same catalog: portolan's, and the one that Traefik's provider makes of it.
 */
export function compareWithTraefik(input: CompareInput): Comparison {
  const { decision, entryPoints } = input;
  const traefik = decidedLikeTraefik(input);
  const running = runningBySection(input);
  const isListed = (name: string) => running["http/routers"].has(name);
  const charted = listedAs(decision.chart, entryPoints, isListed);
  const expected = listedAs(traefik.chart, entryPoints, isListed);
  const findReasons = reasonsFrom({ portolan: decision, traefik });
  const counts = { routers: noneCounted(), services: noneCounted(), middlewares: noneCounted() };
  const differences: Difference[] = [];
  for (const section of LISTED_SECTIONS) {
    const count = counts[kindOf(section) as ComparedKind];
    const names = new Set([...running[section].keys(), ...charted.config[section].keys()]);
    for (const name of [...names].sort()) {
      const found = running[section].get(name);
      const views = {
        key: resourceKey(section, nameInChart(section, name, charted, expected)),
        running: found?.definition,
        charted: definitionIn(charted.config, section, name),
        expected: definitionIn(expected.config, section, name),
      };
      if (found !== undefined) count.traefik += 1;
      if (views.charted !== undefined) count.portolan += 1;
      const isSame = text(views.running) === text(views.charted);
      const cookies = cookieNames(section, name, found, views.charted);
      if (isSame && cookies === undefined) {
        count.equal += 1;
        continue;
      }
      const reasons: DifferenceReason[] = [
        ...(isSame ? [] : findReasons(views)),
        ...(cookies === undefined ? [] : [{ kind: "cookie-name" as const }]),
      ];
      const key = resourceKey(section, name);
      const diff = resourceDiff(key, cookies?.before ?? views.running, cookies?.after ?? views.charted);
      const { status, errors = [] } = found?.resource ?? {};
      differences.push({ key, diff, status, errors, reasons });
    }
  }
  return { differences, counts };
}

function noneCounted() {
  return { traefik: 0, portolan: 0, equal: 0 };
}

function decidedLikeTraefik({ snapshots, settings, nowMs }: CompareInput): Decision {
  return reconcile({
    snapshots,
    previous: initialMemory(undefined),
    settings: { ...settings, compat: "traefik" },
    nowMs,
  });
}

type RunningBySection = Readonly<Record<ListedSection, ReadonlyMap<string, Running>>>;

function runningBySection(input: CompareInput): RunningBySection {
  const found = Object.fromEntries(LISTED_SECTIONS.map((section) => [section, new Map<string, Running>()])) as Record<
    ListedSection,
    Map<string, Running>
  >;
  for (const resource of input.resources) {
    const { section } = resource;
    const { name } = splitKey(resource.key);
    const own = ownNames(resource, input);
    const renamed = renameReferences(section, resource.definition, (reference) =>
      reference.name.includes("@") ? reference.name : own(reference.name),
    );
    const definition = withoutMadeCookie(comparable(section, renamed), qualifiedName(resource));
    const known = found[section].get(own(name));
    // Two providers with one name: portolan unites what both serve.
    if (known === undefined) found[section].set(own(name), { resource, definition });
    else found[section].set(own(name), { ...known, definition: united(known.definition, definition) });
  }
  return found;
}

/** How the chart calls what a provider of one namespace calls by its plain name. */
function ownNames({ provider }: TraefikResource, { settings, decision }: CompareInput): (name: string) => string {
  const namespace = /^(?:consulcatalog|nomad)-(.+)$/.exec(provider)?.[1];
  if (namespace === undefined) return (name) => name;
  const catalog = settings.catalogOrder.find((one) => one === namespace.toLowerCase());
  if (settings.equalNames === "prefix" && catalog !== undefined) return (name) => `${catalog}_${name}`;
  if (!settings.hasManyNamespaces) return (name) => name;
  return (name) => {
    const inNamespace = `${namespace}_${name}`;
    return LISTED_SECTIONS.some((section) => decision.chart[section].has(inNamespace)) ? inNamespace : name;
  };
}

function united(one: ConfigObject, other: ConfigObject): ConfigObject {
  const servers = new Map([...serversOf(one), ...serversOf(other)].map((server) => [canonicalJson(server), server]));
  return servers.size === 0 ? one : withServers(one, servers.values());
}

function definitionIn(config: DynamicConfig, section: ListedSection, name: string): ConfigObject | undefined {
  const object = config[section].get(name);
  return object === undefined ? undefined : comparable(section, object);
}

function nameInChart(section: ListedSection, name: string, ...charts: readonly ListedChart[]): string {
  if (section !== "http/routers") return name;
  return charts.map(({ charted }) => charted.get(name)).find((one) => one !== undefined) ?? name;
}

/** Both definitions with the name of the sticky cookie that Traefik makes; undefined where it makes none in both. */
function cookieNames(
  section: ListedSection,
  name: string,
  found: Running | undefined,
  charted: ConfigObject | undefined,
): { readonly before: ConfigObject; readonly after: ConfigObject } | undefined {
  if (section !== "http/services" || found === undefined || charted === undefined) return undefined;
  const before = withMadeCookie(found.definition, qualifiedName(found.resource));
  const after = withMadeCookie(charted, `${name}@file`);
  return before === undefined || after === undefined ? undefined : { before, after };
}

function text(object: ConfigObject | undefined): string {
  return object === undefined ? "" : canonicalJson(object);
}
