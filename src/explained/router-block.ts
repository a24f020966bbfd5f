import { count } from "../base/count.ts";
import { isoSeconds } from "../base/iso-seconds.ts";
import { type AskedFor, type Block, ITEM_SIGN, type Line, type Router } from "./told-answer.ts";

const STATES: Readonly<Record<Router["state"], string>> = {
  live: "is in the chart",
  held: "is in the chart, and held",
  kept: "is in the chart as it was",
  empty: "is in the chart, without a server",
  closed: "is in the chart, and closed",
  asleep: "is in the chart, and its service sleeps",
  "left-out": "is not in the chart",
};

const OUTCOMES: Readonly<Record<Router["rivals"][number]["outcome"], string>> = {
  refused: "was refused",
  preferred: "was preferred",
  shares: "shares it",
  shadows: "shadows it",
};

const MOST_SERVERS = 8;

/** A router with all that is known of it. */
export function routerBlock(router: Router): Block {
  const { rule, owner, state, because, endsAtMs, servers, rivals, traefik, lines } = router;
  const end = endsAtMs === undefined ? "" : `, until ${isoSeconds(endsAtMs)}`;
  const more = servers.length - MOST_SERVERS;
  return {
    kind: "router",
    title: `Router ${labelOf(router)} ${STATES[state]}`,
    lines: [
      ...labelled("rule", rule),
      ...labelled("priority", placeWords(router)),
      ...labelled("owner", owner),
      ...(because === undefined ? [] : labelled("state", `${because}${end}`)),
      ...servers.slice(0, MOST_SERVERS).map(({ server, node }): Line => {
        return { kind: "read", label: "server", text: node === undefined ? server : `${server} on ${node}` };
      }),
      ...(more > 0 ? labelled("", count(more, "more server")) : []),
      ...rivals.flatMap(({ router: name, owner: whose, outcome, says }) =>
        labelled("rival", `router ${name} of ${whose} ${says}, and ${OUTCOMES[outcome]}`),
      ),
      ...labelled("Traefik", traefik),
      ...lines.flatMap(({ section, line }): readonly Line[] => [
        { kind: "labelled", label: "chart", text: section },
        { kind: "read", text: line },
      ]),
    ],
  };
}

function labelled(label: string, text: string): readonly Line[] {
  return text === "" ? [] : [{ kind: "labelled", label, text }];
}

/** In short: for an answer about many routers. */
export function routerBrief(router: Router): string {
  const { rule, owner, priority, servers, entryPoints, hasTls } = router;
  const where = entryPoints.length === 0 ? "default entry points" : entryPoints.join(", ");
  return `${labelOf(router)} of ${owner}: ${rule}, priority ${priority}, ${where}${hasTls ? ", TLS" : ""}, ${count(servers.length, "server")}`;
}

/** Who asked in vain, in short. */
export function askedLine({ router, service, reason }: AskedFor): Line {
  const text = `router ${router} of ${service}: ${reason.message} (${reason.code})`;
  return { kind: "item", sign: ITEM_SIGN, text, below: [`remedy: ${reason.remedy}`] };
}

function labelOf({ name, protocol }: Router): string {
  return protocol === "http" ? name : `${name} (${protocol})`;
}

function placeWords({ priority, entryPoints, hasTls }: Router): string {
  const where = entryPoints.length === 0 ? "at the default entry points" : `at ${entryPoints.join(", ")}`;
  return `${priority}, ${where}, ${hasTls ? "with TLS" : "without TLS"}`;
}
