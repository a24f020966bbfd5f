import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { DIAGNOSTIC_CODES, type Diagnostic } from "../../src/core/diagnostics/diagnostics.ts";
import { dropDangling } from "../../src/core/traefik/chart/dangling-references.ts";
import {
  type ConfigObject,
  newConfig,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  SECTIONS,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { lintObject } from "../../src/core/traefik/lint/lint.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { type OperatorFiles, withPrinted } from "../builders/printed-remedies.ts";
import { publicCatalog } from "../builders/public-services.ts";
import { instance, pass, settings } from "../builders/world.ts";
import { DEFAULT_DEVIATIONS } from "../differential/judge/default-deviations.ts";

/* Whoever moves from Traefik's own provider loses nothing but what would harm someone, once the printed lines are copied. */

const ONE_TEAM: OperatorFiles = { settings: {}, policy: { rules: [{ hosts: ["*"], paths: ["/"] }] } };
/** A remedy may bring forth the next one: a service that is routed at last asks for a host. */
const MOST_ROUNDS = 5;

/** The routers of a chart that Traefik enables, by key. */
function enabledRouters({ chart }: Decision): ReadonlyMap<ResourceKey, ConfigObject> {
  const sound = newConfig();
  for (const section of SECTIONS) {
    for (const [name, object] of chart[section]) {
      const isDisabled = lintObject(section, name, object, { entryPoints: [] }).some(
        ({ code }) => DIAGNOSTIC_CODES[code].severity === "error",
      );
      if (!isDisabled && !name.includes("@")) sound[section].set(name, object);
    }
  }
  const { config } = dropDangling(sound, () => undefined);
  return new Map(
    ROUTER_SECTIONS.flatMap((section) =>
      [...config[section]].map(([name, router]) => [resourceKey(section, name), router] as const),
    ),
  );
}

/** What Traefik's own provider enables. Its own names become those of the file, where a missing one could not be seen. */
function routedByTraefik(instances: readonly ServiceInstance[]): ReadonlyMap<ResourceKey, ConfigObject> {
  const local = instances.map((one) => ({
    ...one,
    tags: one.tags.map((tag) => tag.replace(/@(?:consulcatalog|nomad)\b/g, "")),
  }));
  return enabledRouters(pass(local, { settings: settings({ compat: "traefik" }) }));
}

/** What the default mode comes to when all services are one team's and the printed lines have been copied. */
function decidedAfterRemedies(instances: readonly ServiceInstance[]): Decision {
  let files = ONE_TEAM;
  for (let round = 0; ; round++) {
    const { settings: content, policy } = files;
    const decision = pass(instances, { settings: { ...settings(content), policy: policyOf(policy) } });
    const next = withPrinted(
      files,
      decision.diagnostics.map(({ remedy }) => remedy),
    );
    if (round === MOST_ROUNDS || JSON.stringify(next) === JSON.stringify(files)) return decision;
    files = next;
  }
}

/** Is this said of the router, or of the service that it leads to? */
function isAbout({ message }: Diagnostic, key: ResourceKey, { service }: ConfigObject): boolean {
  return (
    message.startsWith(`${key} `) ||
    message.includes(`/services/${String(service)} `) ||
    message.includes(`service ${JSON.stringify(service)} `)
  );
}

/** The routers that Traefik would enable, that are not charted, and that nothing on the never-list is the reason for. */
function lostForNothing(instances: readonly ServiceInstance[]): readonly string[] {
  const decision = decidedAfterRemedies(instances);
  const charted = enabledRouters(decision);
  return [...routedByTraefik(instances)].flatMap(([key, router]) => {
    if (charted.has(key)) return [];
    const said = decision.diagnostics.filter((one) => isAbout(one, key, router));
    const isOnList = said.some((one) => DEFAULT_DEVIATIONS.some(({ never }) => never?.(one) === true));
    return isOnList
      ? []
      : [`${key}: ${said.map(({ code, message, remedy }) => `${code} ${message} | ${remedy}`).join("; ")}`];
  });
}

describe("what the default mode refuses and Traefik would route is on the never-list, or a printed line brings it", () => {
  test.each(["consul", "nomad"] as const)("in catalogs of %s as people fill them", (catalog) => {
    fc.assert(
      fc.property(publicCatalog(catalog), (instances) => {
        expect(lostForNothing(instances)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  /* Nodes have ids and instances names of their own: else Traefik takes one for another (`shared-status`, `item-key-collision`). */
  test("in any catalog without tags of portolan's own", () => {
    const isTraefiks = (tag: string) => !tag.startsWith("portolan.");
    fc.assert(
      fc.property(anyCatalog, (any) => {
        const instances = any.map((one) => ({
          ...one,
          nodeId: `id of ${one.node}`,
          tags: one.tags.filter(isTraefiks),
        }));
        expect(lostForNothing(instances)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  const asks = (service: string, ...tags: readonly string[]) =>
    instance({ service, id: service, tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.http.${tag}`)] });
  const LISTED: Readonly<Record<string, readonly ServiceInstance[]>> = {
    "host-claims": [asks("web", "routers.web.rule=Host(`a`)"), asks("all", "routers.all.rule=Host(`a`)")],
    "strangers-servers": ["web", "all"].map((name) => asks(name, "services.s.loadbalancer.passhostheader=false")),
    "operator-only": [asks("web", "routers.web.service=api@internal")],
    metadata: [instance({ address: "metadata.google.internal" })],
    "registration-size": [asks("web", ...Array.from({ length: 1_000 }, (_, i) => `t${i}`))],
    budgets: [asks("web", "routers.web.middlewares=m", "middlewares.m.retry.attempts=1000000")],
    "first-owner": [asks("web"), { ...asks("web"), namespace: "team" }],
    "unusable-backend": [instance({ port: 0 })],
  };

  test.each(Object.entries(LISTED))("%s is on the list for something that happens", (id, instances) => {
    const { never } = DEFAULT_DEVIATIONS.find((one) => one.id === id) ?? {};
    expect(decidedAfterRemedies(instances).diagnostics.some((one) => never?.(one) === true)).toBe(true);
  });

  test("nothing else is on the list", () => {
    const listed = DEFAULT_DEVIATIONS.filter(({ never }) => never !== undefined).map(({ id }) => id);
    expect(listed).toEqual(Object.keys(LISTED));
  });
});
