import {
  isResourceKey,
  isRouterSection,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type KnownRequest, readRequest } from "../traefik/request-match/known-request.ts";
import type { Decided } from "./decided.ts";
import { servicesNamed } from "./known-services.ts";

/** What a text asks about. */
export type Question =
  | { readonly kind: "service"; readonly keys: readonly string[] }
  | { readonly kind: "router"; readonly keys: readonly ResourceKey[] }
  | { readonly kind: "allocation"; readonly id: string }
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "url"; readonly request: KnownRequest }
  | { readonly kind: "host"; readonly host: string };

/**
 * What a text may ask about, the likeliest first; the first that is there is answered:
 *
 * | the text | asks about |
 * |---|---|
 * | has `://` | a URL |
 * | is a service's name, or its key with namespace or catalog | the service |
 * | is the name of a router in the chart, `NAME@file`, or `http/routers/NAME` | the router |
 * | is a number up to 65535 | the port |
 * | is 8 digits of 0-9a-f or more, as the beginning of a UUID | the allocation |
 * | has a `/`, `?` or `:` behind a name with a dot | a URL without its scheme |
 * | is anything else | a host |
 */
export function questionsOf(text: string, decided: Decided): readonly Question[] {
  if (text.includes("://")) {
    const request = readRequest(text);
    return request === undefined ? [] : [{ kind: "url", request }];
  }
  const questions: Question[] = [];
  const services = servicesNamed(text, decided);
  if (services.length > 0) questions.push({ kind: "service", keys: services });
  const routers = routersNamed(text, decided);
  if (routers.length > 0) questions.push({ kind: "router", keys: routers });
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535) {
    questions.push({ kind: "port", port: Number(text) });
  }
  if (/^[0-9a-f]{8}[0-9a-f-]{0,28}$/i.test(text)) questions.push({ kind: "allocation", id: text });
  const request = /^[^/?]*\.[^/?]*[/?:]|^localhost[/?:]|^\[/.test(text) ? readRequest(text) : undefined;
  if (request !== undefined) questions.push({ kind: "url", request });
  return [...questions, { kind: "host", host: text }];
}

/** The routers of a name, of whatever protocol: those of the chart, and those that a service asked for in vain. */
function routersNamed(text: string, { decision }: Decided): readonly ResourceKey[] {
  const plain = text.replace(/@file$/, "");
  const wanted = isResourceKey(plain) ? [plain] : ROUTER_SECTIONS.map((section) => resourceKey(section, plain));
  const refused = new Set<string>(Array.from(decision.memory.hosts.refused.keys(), ({ key }) => key));
  return wanted.filter((key) => {
    const { section, name } = splitKey(key);
    if (!isRouterSection(section)) return false;
    return decision.chart[section].has(name) || refused.has(key) || decision.memory.owners.has(key);
  });
}
