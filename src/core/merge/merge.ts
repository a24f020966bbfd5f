import type { Diagnostic } from "../diagnostics.ts";
import type { Memory, Owner } from "../memory.ts";
import { remember, rememberList } from "../remember.ts";
import { type ServiceInstance, serviceKey } from "../snapshot.ts";
import { type ConfigObject, HTTP_SECTIONS, type HttpConfig, type HttpSection } from "../traefik/dynamic-config.ts";
import { diagnose } from "../translate/finding.ts";
import type { Translated } from "../translate/instance.ts";
import { type Claim, type Definition, serversOf, shapeOf, uniteClaims, urlOf, withServers } from "./definition.ts";
import { dropReliantOnLost, type Winners } from "./lost-names.ts";
import { judgeOwnership, OWNER_KEPT_MS } from "./ownership.ts";

/** All instances' wishes as one configuration. */
export interface Merged {
  readonly config: HttpConfig;
  readonly owners: ReadonlyMap<string, Owner>;
  /** `SERVICE URL` → the instance behind it. */
  readonly origins: ReadonlyMap<string, ServiceInstance>;
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
  const owners = new Map<string, Owner>(rememberedOwners(previous, nowMs));
  const origins = new Map<string, ServiceInstance>();
  const diagnostics: Diagnostic[] = [];
  const claims = collectClaims(translated);
  const winners: Winners = { routers: new Map(), services: new Map(), middlewares: new Map() };
  const sharing = new Map<Definition, readonly Definition[]>();
  const lost = new Map<string, Set<string>>();

  for (const section of HTTP_SECTIONS) {
    for (const [name, byService] of claims[section]) {
      const key = `${section}/${name}`;
      const definitions: Definition[] = [];
      for (const own of byService.values()) {
        const definition = uniteClaims(own);
        if (definition === undefined) continue;
        definitions.push(definition);
        diagnostics.push(...definition.diagnostics);
      }
      const known = previous.chart?.[section].get(name);
      const judged = judgeOwnership(
        definitions,
        previous.owners.get(key),
        known === undefined ? undefined : shapeOf(known),
        nowMs,
      );
      owners.set(key, judged.owner);
      for (const refused of judged.refused) {
        diagnostics.push(...nameTaken(section, name, refused, judged.owner));
        lost.set(refused.service, (lost.get(refused.service) ?? new Set()).add(key));
      }
      if (judged.winner === undefined) continue;
      winners[section].set(name, judged.winner);
      sharing.set(judged.winner, judged.sharing);
    }
  }
  diagnostics.push(...dropReliantOnLost(winners, lost));

  for (const section of HTTP_SECTIONS) {
    for (const [name, winner] of winners[section]) {
      const serving = [winner, ...(sharing.get(winner) ?? [])];
      config[section].set(name, section === "services" ? uniteServers(serving) : winner.object);
      for (const definition of serving) {
        for (const [url, instance] of definition.origins) origins.set(`${name} ${url}`, instance);
      }
    }
  }
  return { config, owners, origins, diagnostics };
}

function collectClaims(translated: readonly Translated[]): Claims {
  const claims: Claims = { routers: new Map(), services: new Map(), middlewares: new Map() };
  for (const one of translated) {
    for (const claim of claimsOf(one)) {
      const byService = claims[claim.section].get(claim.name) ?? new Map<string, Claim[]>();
      claims[claim.section].set(claim.name, byService);
      const own = byService.get(claim.service);
      if (own === undefined) byService.set(claim.service, [claim]);
      else own.push(claim);
    }
  }
  return claims;
}

const claimsOf = remember(({ instance, disposition }: Translated): readonly Claim[] => {
  if (disposition.kind !== "routed") return [];
  const { fragment } = disposition;
  const service = serviceKey(instance);
  return HTTP_SECTIONS.flatMap((section) =>
    [...fragment[section]].map(([name, object]) => ({ section, name, service, instance, object })),
  );
});

/**
 * Owners of names that nobody claims at the moment: known as long as the name is published (held, or answering 503), and
 * for a while after that. Names that are claimed now are decided anew.
 */
function* rememberedOwners(
  { chart, owners }: Pick<Memory, "chart" | "owners">,
  nowMs: number,
): Generator<[string, Owner]> {
  for (const section of HTTP_SECTIONS) {
    for (const [key, owner] of owners) {
      if (!key.startsWith(`${section}/`)) continue;
      const goneAtMs = owner.goneAtMs ?? nowMs;
      const isPublished = chart?.[section].has(key.slice(section.length + 1)) === true;
      if (isPublished || nowMs - goneAtMs < OWNER_KEPT_MS) yield [key, { service: owner.service, goneAtMs }];
    }
  }
}

const uniteServers = rememberList((definitions: readonly Definition[]): ConfigObject => {
  const [first, ...others] = definitions;
  if (first === undefined) throw new Error("a service without a definition was merged");
  if (others.length === 0) return first.object;
  const servers = new Map(
    definitions.toReversed().flatMap(({ object }) => serversOf(object).map((s) => [urlOf(s), s])),
  );
  return withServers(first.object, servers.values());
});

function nameTaken(section: HttpSection, name: string, refused: Definition, owner: Owner): Diagnostic[] {
  return refused.instances.map((instance) =>
    diagnose(instance, {
      code: "NAME_TAKEN",
      message: `${section}/${name} belongs to service ${JSON.stringify(owner.service)}, which defines it differently`,
      remedy: `choose another name, or give both services equal tags for it; the name is free ${OWNER_KEPT_MS / 1000} s after its owner's last healthy instance is gone`,
    }),
  );
}
