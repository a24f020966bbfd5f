import type { Diagnostic } from "../diagnostics.ts";
import type { Memory, Owner } from "../memory.ts";
import type { Translated } from "../presence.ts";
import { serviceKey } from "../snapshot.ts";
import { type ConfigObject, HTTP_SECTIONS, type HttpConfig, type HttpSection } from "../traefik/dynamic-config.ts";
import { diagnose } from "../translate/finding.ts";
import { type Claim, type Definition, serversOf, shapeOf, uniteClaims, urlOf, withServers } from "./definition.ts";
import { judgeOwnership, OWNER_KEPT_MS } from "./ownership.ts";

/** All instances' wishes as one configuration. */
export interface Merged {
  readonly config: HttpConfig;
  readonly owners: ReadonlyMap<string, Owner>;
  /** `SERVICE URL` → instance key. */
  readonly origins: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

type Claims = Record<HttpSection, Map<string, Map<string, Claim[]>>>;

/**
 * Merges what the routed instances ask for: first within each catalog service, then between services. The same name with
 * the same meaning is shared and its servers are united, as in Traefik; with another meaning the first owner keeps it.
 */
export function mergeFragments(
  translated: readonly Translated[],
  previous: Pick<Memory, "chart" | "owners">,
  nowMs: number,
): Merged {
  const config = { routers: new Map(), services: new Map(), middlewares: new Map() } satisfies HttpConfig;
  const owners = new Map<string, Owner>(stillKept(previous.owners, nowMs));
  const origins = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const claims = collectClaims(translated);

  for (const section of HTTP_SECTIONS) {
    for (const [name, byService] of claims[section]) {
      const key = `${section}/${name}`;
      const definitions: Definition[] = [];
      for (const [service, own] of byService) {
        const united = uniteClaims(section, name, service, own);
        if (united === undefined) continue;
        definitions.push(united.definition);
        diagnostics.push(...united.diagnostics);
      }
      const known = previous.chart?.[section].get(name);
      const judged = judgeOwnership(
        definitions,
        previous.owners.get(key),
        known === undefined ? undefined : shapeOf(known),
        nowMs,
      );
      owners.set(key, judged.owner);
      diagnostics.push(...judged.refused.flatMap((refused) => nameTaken(section, name, refused, judged.owner)));
      if (judged.winner === undefined) continue;
      const serving = [judged.winner, ...judged.sharing];
      config[section].set(name, section === "services" ? uniteServers(serving) : judged.winner.object);
      for (const definition of serving) {
        for (const [url, instance] of definition.origins) origins.set(`${name} ${url}`, instance);
      }
    }
  }
  return { config, owners, origins, diagnostics };
}

function collectClaims(translated: readonly Translated[]): Claims {
  const claims: Claims = { routers: new Map(), services: new Map(), middlewares: new Map() };
  for (const { instance, disposition } of translated) {
    if (disposition.kind !== "routed") continue;
    for (const section of HTTP_SECTIONS) {
      for (const [name, object] of disposition.fragment[section]) {
        const byService = claims[section].get(name) ?? new Map<string, Claim[]>();
        claims[section].set(name, byService);
        const own = byService.get(serviceKey(instance)) ?? [];
        byService.set(serviceKey(instance), own);
        own.push({ instance, object });
      }
    }
  }
  return claims;
}

/** Names whose owner is gone stay known for a while; those that are claimed now are decided anew. */
function* stillKept(owners: ReadonlyMap<string, Owner>, nowMs: number): Generator<[string, Owner]> {
  for (const [key, owner] of owners) {
    const goneAtMs = owner.goneAtMs ?? nowMs;
    if (nowMs - goneAtMs < OWNER_KEPT_MS) yield [key, { service: owner.service, goneAtMs }];
  }
}

function uniteServers(definitions: readonly Definition[]): ConfigObject {
  const [first, ...others] = definitions;
  if (first === undefined) throw new Error("a service without a definition was merged");
  if (others.length === 0) return first.object;
  const servers = new Map(
    definitions.toReversed().flatMap(({ object }) => serversOf(object).map((s) => [urlOf(s), s])),
  );
  return withServers(first.object, servers.values());
}

function nameTaken(section: HttpSection, name: string, refused: Definition, owner: Owner): Diagnostic[] {
  return refused.instances.map((instance) =>
    diagnose(instance, {
      code: "NAME_TAKEN",
      message: `${section}/${name} belongs to service ${JSON.stringify(owner.service)}, which defines it differently`,
      remedy: `choose another name, or give both services equal tags for it; the name is free ${OWNER_KEPT_MS / 1000} s after its owner's last healthy instance is gone`,
    }),
  );
}
