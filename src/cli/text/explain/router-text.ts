import { count } from "../../../base/count.ts";
import { isoSeconds } from "../../../base/iso-seconds.ts";
import type { AskedFor, ExplainedRouter, Rival } from "../../../core/explain/answer.ts";
import type { Colours } from "../colour.ts";
import { cutLines, wrapped } from "./wrapped.ts";

const STATES: Readonly<Record<ExplainedRouter["state"], string>> = {
  live: "is in the chart",
  held: "is in the chart, and held",
  kept: "is in the chart as it was",
  empty: "is in the chart, without a server",
  closed: "is in the chart, and closed",
  asleep: "is in the chart, and its service sleeps",
  "left-out": "is not in the chart",
};

const OUTCOMES: Readonly<Record<Rival["outcome"], string>> = {
  refused: "was refused",
  preferred: "was preferred",
  shares: "shares it",
  shadows: "shadows it",
};

/** A router with all that is known of it. @param isTold whether its reasons have been told above */
export function routerText(router: ExplainedRouter, colours: Colours): readonly string[] {
  const { name, protocol, rule, owner, state, because, endsAtMs, servers, rivals, traefik, lines } = router;
  const label = protocol === "http" ? name : `${name} (${protocol})`;
  const end = endsAtMs === undefined ? "" : `, until ${isoSeconds(endsAtMs)}`;
  return [
    ...wrapped("", `Router ${label} ${STATES[state]}`).map(colours.strong),
    ...(rule === "" ? [] : wrapped("  rule      ", rule)),
    ...wrapped("  priority  ", placeWords(router)),
    ...(owner === "" ? [] : wrapped("  owner     ", owner)),
    ...(because === undefined ? [] : wrapped("  state     ", `${because}${end}`)),
    ...servers
      .slice(0, MOST_SERVERS)
      .flatMap(({ server, node }) => cutLines("  server    ", node === undefined ? server : `${server} on ${node}`)),
    ...(servers.length > MOST_SERVERS ? [`            ${count(servers.length - MOST_SERVERS, "more server")}`] : []),
    ...rivals.flatMap(rivalLines),
    ...(traefik === "" ? [] : wrapped("  Traefik   ", traefik)),
    ...lines.flatMap(({ section, line }) => [`  chart     ${section}`, ...cutLines("    ", line)]),
  ];
}

const MOST_SERVERS = 8;

/** In short: for an answer about many routers. */
export function routerBrief({ name, protocol, rule, owner, priority, servers, ...router }: ExplainedRouter): string {
  const label = protocol === "http" ? name : `${name} (${protocol})`;
  const where = router.entryPoints.length === 0 ? "default entry points" : router.entryPoints.join(", ");
  return `${label} of ${owner}: ${rule}, priority ${priority}, ${where}${router.hasTls ? ", TLS" : ""}, ${count(servers.length, "server")}`;
}

/** Who asked in vain, in short. */
export function askedText({ router, service, reason }: AskedFor): readonly string[] {
  return [
    ...wrapped("  - ", `router ${router} of ${service}: ${reason.message} (${reason.code})`),
    ...wrapped("    ", `remedy: ${reason.remedy}`),
  ];
}

function rivalLines({ router, owner, outcome, says }: Rival): readonly string[] {
  return wrapped("  rival     ", `router ${router} of ${owner} ${says}, and ${OUTCOMES[outcome]}`);
}

function placeWords({ priority, entryPoints, hasTls }: ExplainedRouter): string {
  const where = entryPoints.length === 0 ? "at the default entry points" : `at ${entryPoints.join(", ")}`;
  return `${priority}, ${where}, ${hasTls ? "with TLS" : "without TLS"}`;
}
