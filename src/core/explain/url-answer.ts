import type { ConfigObject, RouterSection } from "../traefik/chart/dynamic-config.ts";
import { type ResourceKey, routersOf } from "../traefik/chart/dynamic-config.ts";
import { type KnownRequest, portOf } from "../traefik/request-match/known-request.ts";
import { type Match, matchRouter } from "../traefik/request-match/match-rule.ts";
import { hostName } from "../traefik/rule-reach/matcher-reach.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { has } from "../traefik/rule-reach/text-set.ts";
import { defaultEntryPoints } from "../traefik-result/default-entry-points.ts";
import type { AskedFor, ExplainedRouter, MatchedRouter, UrlAnswer, Verdict } from "./answer.ts";
import { askedInVain } from "./asking.ts";
import type { Decided } from "./decided.ts";
import { explainRouter } from "./router-answer.ts";

/** A router of the chart that may take the request, and under which condition. */
interface Candidate {
  readonly key: ResourceKey;
  readonly section: RouterSection;
  readonly priority: number;
  readonly match: Match;
}

/**
 * Which router takes a request, by which rule and priority, and which others match and lose. Traefik asks TCP routers before HTTP
 * routers, and among equals the one with the greatest priority. What depends on more than the URL is said as a condition.
 */
export function explainUrl(request: KnownRequest, decided: Decided): UrlAnswer {
  const { chart } = decided.decision;
  const entryPoints = entryPointsAt(request, decided);
  const candidates: Candidate[] = [];
  for (const { key, section, router } of routersOf(chart)) {
    const match = matchOf(section, router, request, entryPoints);
    if (match.kind !== "no")
      candidates.push({ key, section, match, priority: reachOfRouter(section, router).priority });
  }
  candidates.sort(asAsked);
  const first = candidates.findIndex(({ match }) => match.kind === "yes");
  const routers = candidates.map(({ key, match }, position): MatchedRouter => {
    const router = explainRouter({ key }, decided);
    const condition = match.kind === "if" ? { condition: match.condition } : {};
    if (first >= 0 && position > first) return { router, outcome: "loses", ...condition };
    return { router, outcome: match.kind === "yes" ? "takes" : "may", ...condition };
  });
  const refused = askedInVain(
    (section, router) => matchOf(section, router, request, entryPoints).kind !== "no",
    decided,
  );
  const taken = routers.find(({ outcome }) => outcome === "takes")?.router;
  const reason = taken === undefined ? refused[0]?.reason : taken.reasons[0];
  return {
    kind: "url",
    url: shownUrl(request),
    verdict: verdictOf(request, routers, taken, refused),
    ...(reason === undefined ? {} : { reason }),
    routers,
    refused,
    besides: besidesOf(request, entryPoints, taken, candidates),
  };
}

/** TCP before HTTP, then by priority; of equals Traefik tells no order. */
function asAsked(one: Candidate, other: Candidate): number {
  const isTcp = ({ section }: Candidate) => Number(section === "tcp/routers");
  return isTcp(other) - isTcp(one) || other.priority - one.priority || (one.key < other.key ? -1 : 1);
}

/** Whether a router takes the request: its rule, its entry points, and whether it speaks TLS. */
function matchOf(
  section: RouterSection,
  router: ConfigObject,
  request: KnownRequest,
  entryPoints: EntryPointsAt | undefined,
): Match {
  const reach = reachOfRouter(section, router);
  // What the rule can match at all is known for every router; the rule itself is evaluated for those few.
  const mayMatch =
    reach.areas?.some((area) => has(area.host, hostName(request.host)) && has(area.path, request.path)) ?? true;
  if (!mayMatch && section === "http/routers") return NO;
  const rule = matchRouter(section, router, request);
  if (rule.kind === "no") return NO;
  const where = atEntryPoints(section, reach.entryPoints, entryPoints);
  const speaks = section === "http/routers" ? speaksScheme(router, request) : YES;
  return [rule, where, speaks].reduce(both);
}

const YES: Match = { kind: "yes" };
const NO: Match = { kind: "no" };

function both(one: Match, other: Match): Match {
  if (one.kind === "no" || other.kind === "no") return NO;
  if (one.kind === "yes") return other;
  return other.kind === "yes" ? one : { kind: "if", condition: `${one.condition}; ${other.condition}` };
}

/** A router with TLS takes HTTPS alone, and one without it HTTP, unless its entry point gives TLS to all. */
function speaksScheme(router: ConfigObject, { scheme }: KnownRequest): Match {
  if (scheme === undefined) return YES;
  const hasTls = router["tls"] !== undefined;
  if (scheme === "http") return hasTls ? NO : YES;
  return hasTls ? YES : { kind: "if", condition: "the entry point gives TLS to its routers (http.tls)" };
}

/** The entry points that listen where a request arrives. */
interface EntryPointsAt {
  readonly names: readonly string[];
  /** A router that names none listens there, too. */
  readonly hasDefault: boolean;
}

/** Those at the request's port, where Traefik has told them. */
function entryPointsAt(request: KnownRequest, { traefik }: Decided): EntryPointsAt | undefined {
  const port = portOf(request);
  if (traefik?.result === undefined || port === undefined) return undefined;
  const { entryPoints } = traefik.result.traefik;
  const names = entryPoints
    .filter(({ address }) => !address.endsWith("/udp") && /:(\d+)(?:\/tcp)?$/.exec(address)?.[1] === String(port))
    .map(({ name }) => name);
  const defaults = defaultEntryPoints(entryPoints);
  return { names, hasDefault: names.some((name) => defaults.includes(name)) };
}

/** Where it is not known which entry point it is, HTTP may be at any; a TCP router takes nothing but what arrives at its own. */
function atEntryPoints(section: RouterSection, named: readonly string[], at: EntryPointsAt | undefined): Match {
  if (at === undefined || at.names.length === 0) {
    if (section === "http/routers") return YES;
    return {
      kind: "if",
      condition: `it arrives at ${named.length === 0 ? "a default entry point" : named.join(" or ")}`,
    };
  }
  const isAt = named.length === 0 ? at.hasDefault : at.names.some((name) => named.includes(name));
  return isAt ? YES : NO;
}

/** Without credentials and without what a query may hold. */
function shownUrl({ scheme, host, port, path, query }: KnownRequest): string {
  const names = [...query.keys()].map((name) => `${name}=***`).join("&");
  return `${scheme === undefined ? "" : `${scheme}://`}${host}${port === undefined ? "" : `:${port}`}${path}${names === "" ? "" : `?${names}`}`;
}

function verdictOf(
  request: KnownRequest,
  routers: readonly MatchedRouter[],
  taken: ExplainedRouter | undefined,
  refused: readonly AskedFor[],
): Verdict {
  const url = shownUrl(request);
  if (taken === undefined) {
    const may = routers.length;
    if (may > 0) return { state: "partly", says: `${url} is taken only under a condition` };
    const asked = refused.length === 0 ? "; no service asks for it either" : "";
    return { state: "not-routed", says: `${url} is taken by no router of the chart${asked}` };
  }
  const by = `${url} is taken by router ${taken.name} of ${taken.owner}`;
  if (!taken.isServedByTraefik) {
    return { state: "refused-by-traefik", says: `${by}, which Traefik does not serve` };
  }
  if (taken.servers.length === 0)
    return { state: "answers-503", says: `${by}, and answers 503: no server is behind it` };
  return { state: "routed", says: by };
}

function besidesOf(
  request: KnownRequest,
  entryPoints: EntryPointsAt | undefined,
  taken: ExplainedRouter | undefined,
  candidates: readonly Candidate[],
): readonly string[] {
  const port = portOf(request);
  const notes: string[] = [];
  if (entryPoints === undefined) {
    notes.push(
      `which entry point listens at ${port === undefined ? "the port of the request" : `port ${port}`} is not known: traefik.api is not set, so that routers of all entry points are told`,
    );
  } else if (entryPoints.names.length === 0)
    notes.push(`no entry point of the running Traefik listens at port ${port}`);
  const equal = candidates.filter(
    ({ priority, match, section }) =>
      match.kind === "yes" && section === "http/routers" && priority === taken?.priority,
  );
  if (equal.length > 1 && taken?.protocol === "http")
    notes.push("routers with equal priority: Traefik takes any of them");
  notes.push("routers of Traefik's other providers, and of files beside the chart, are not looked at");
  return notes;
}
