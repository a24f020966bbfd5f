import type { Answer } from "../../../../core/ports/inventory/asking/answer.ts";
import { proposeEntry } from "../../../../core/ports/inventory/asking/proposed-entry.ts";
import { formatRange, intersection, type PortRange } from "../../../../core/ports/port-range.ts";
import type { PortSurvey } from "../../../../core/ports/survey.ts";
import { joinHostPort } from "../../../../core/traefik/backend-url.ts";
import type { Purpose } from "../../../flags/port-flags.ts";
import { entryText } from "./entry-text.ts";
import { classesOf } from "./headline.ts";
import type { RoutingTags } from "./routing-tags.ts";

/** One thing to do or to know, and the lines for it, ready to copy. */
export interface Step {
  readonly text: string;
  readonly paste?: readonly string[];
}

/** The ports that were asked about, and how they stand. */
interface Found {
  readonly answer: Answer;
  readonly survey: PortSurvey;
}

/** What steps are made of. */
export interface Asked {
  /** Undefined where the question names no ports. */
  readonly found: Found | undefined;
  readonly dynamic: PortRange;
  /** Tries them out, so that it is asked for them only where they are told. */
  readonly tags: () => RoutingTags;
  /** The asking service's name, or `NAME`. */
  readonly name: string;
  /** Where the operator's own routes are, of the settings. */
  readonly snippets: string | undefined;
}

/** What to do, in the order in which it is to be done. */
export function stepsFor(purpose: Purpose | undefined, asked: Asked): readonly Step[] {
  switch (purpose) {
    case "users":
      return forUsers(asked);
    case "legacy":
      return forLegacy(asked);
    case "protocol":
      return forProtocol(asked);
    case undefined:
      return withoutPurpose(asked);
  }
}

/** What the purpose asks for in one line, to stand at the head of the answer. */
export function purposeLine(purpose: Purpose, { dynamic, found }: Pick<Asked, "dynamic" | "found">): string {
  const verdict = found?.answer.verdict;
  switch (purpose) {
    case "users":
      return `users need no port of their own: the load balancer has 80 and 443, the service a dynamic port (${formatRange(dynamic)})`;
    case "legacy":
      if (verdict !== undefined && verdict !== "free")
        return "solve the conflict first, then plan the migration to a dynamic port";
      return "keep the port for now, and plan the migration to a dynamic one";
    case "protocol":
      if (verdict === undefined)
        return "a standard protocol keeps its port: ask about it, with the node where it shall run";
      if (verdict === "free") return "a standard protocol keeps its port: declare it, and open the firewall";
      return "a standard protocol keeps its port: use another node, or solve the conflict";
  }
}

function forUsers({ tags: routingTags, dynamic }: Asked): readonly Step[] {
  const { tags, rule } = routingTags();
  return [
    {
      text: `let the scheduler choose the port (${formatRange(dynamic)}), and register the service with ${tags.length === 1 ? "the tag" : "the tags"}`,
      paste: tags,
    },
    rule === undefined
      ? { text: "with these alone it is not routed here, as the policy stands: portolan check tags says why" }
      : { text: `users reach it then by ${rule}` },
  ];
}

function forLegacy(asked: Asked): readonly Step[] {
  const { found, name, snippets } = asked;
  const { tags, rule } = asked.tags();
  const now =
    found === undefined
      ? [{ text: "now: ask about its port and node: portolan ports ask PORT --node NODE --for legacy" }]
      : legacyNow(found, asked);
  return [
    ...now,
    {
      text: `now, where users reach it: a static route, as a file of its own in ${snippets ?? "a folder of snippets (the setting snippets)"}`,
      paste: staticRoute(asked, rule),
    },
    {
      text: `next: run it as a job on a dynamic port, registered with ${tags.length === 1 ? "the tag" : "the tags"}`,
      paste: tags,
    },
    {
      text: `then: remove the static route and the line in the ledger, once portolan explain --legacy says that ${name} is registered`,
    },
  ];
}

function legacyNow(found: Found, asked: Asked): readonly Step[] {
  const { answer } = found;
  if (isBalancers(answer)) return balancer(asked);
  return [
    ...(answer.verdict === "free" ? [] : [conflict(answer, asked)]),
    ...proposed(found, asked, { purpose: "until it moves", when: "now: " }),
  ];
}

/** A router and a service of Traefik's, with what is not known to fill in. */
function staticRoute({ found, name }: Asked, rule = "Host(`HOST`)"): readonly string[] {
  const key = /^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name);
  return [
    "http:",
    "  routers:",
    `    ${key}: { rule: ${JSON.stringify(rule)}, service: ${key} }`,
    "  services:",
    `    ${key}: { loadBalancer: { servers: [{ url: "http://${found === undefined ? "ADDRESS:PORT" : addressOf(found)}" }] } }`,
  ];
}

function addressOf({ answer: { question }, survey }: Found): string {
  const address = survey.nodes.get(question.node ?? "") || "ADDRESS";
  return joinHostPort(address, String(question.ports.first));
}

function forProtocol(asked: Asked): readonly Step[] {
  const { found } = asked;
  if (found === undefined) {
    return [
      { text: "ask about its port: portolan ports ask 53/both --for protocol, with --node where the node is known" },
    ];
  }
  const { answer } = found;
  if (isBalancers(answer)) return balancer(asked);
  return [...(answer.verdict === "free" ? [] : [conflict(answer, asked)]), ...proposed(found, asked, { purpose: "…" })];
}

function withoutPurpose(asked: Asked): readonly Step[] {
  const { found, dynamic } = asked;
  if (found === undefined) return [];
  const { answer } = found;
  if (isBalancers(answer)) return balancer(asked);
  const classes = classesOf(answer.question.ports, dynamic);
  const isDynamic = classes.includes("dynamic");
  const choosing =
    answer.verdict !== "free"
      ? `or let the scheduler choose: a dynamic port (${formatRange(dynamic)}) needs no planning, and clients find it by the load balancer or by DNS`
      : isDynamic
        ? `the scheduler hands out ${formatRange(dynamic)} to any job: best let it choose`
        : `only if clients insist on it: a dynamic port (${formatRange(dynamic)}) needs no planning`;
  return [
    { text: choosing },
    ...(classes.includes("high") && answer.verdict === "free"
      ? [{ text: "outgoing connections may hold it for a while when the service starts" }]
      : []),
    ...proposed(found, asked, { purpose: "…" }),
  ];
}

function isBalancers({ verdict, question: { ports } }: Answer): boolean {
  return verdict === "balancer" && ports.first === ports.last;
}

/** What to do instead of taking 80 or 443. */
function balancer(asked: Asked): readonly Step[] {
  return [
    { text: "80 and 443 belong to the load balancer on every node, and users come through it" },
    ...forUsers(asked),
  ];
}

function conflict({ freeNodes, parts, question }: Answer, { dynamic }: Asked): Step {
  const free =
    question.node === undefined
      ? parts.filter(({ verdict }) => verdict.kind === "free").flatMap(({ nodes }) => nodes)
      : freeNodes;
  const nodes = [...new Set(free)].filter((node) => node !== undefined);
  return {
    text:
      nodes.length === 0
        ? `a conflict: move what is there, or let one of the two have a dynamic port (${formatRange(dynamic)})`
        : `a conflict: use another node (${nodes.join(", ")}), or move what is there`,
  };
}

/** The entry for the ledger, or why there is none; with what else taking the port asks for. */
function proposed({ answer, survey }: Found, { dynamic }: Asked, { purpose, when = "" }: Wording): readonly Step[] {
  const proposal = proposeEntry(survey, answer);
  const { file = "a ledger (the setting ports.ledger)" } = survey.ledger;
  switch (proposal.kind) {
    case "declared":
      return [{ text: `${when}declared already: ${proposal.origins.join(", ")}` }, opening(when)];
    case "none":
      return [{ text: `no entry for the ledger: ${proposal.why}; ${proposal.remedy}` }];
    case "entry": {
      const { entry, isInstead } = proposal;
      const what = isInstead ? `declare ${formatRange(entry.ports)} instead` : "declare it";
      // Nomad knows nothing of the ledger, and its line has all that a node must reserve.
      const reserving = {
        text: `${when}give Nomad on ${entry.nodes?.join(", ") ?? "every node"} the line that portolan ledger prints then, or it hands the port to any job`,
      };
      return [
        { text: `${when}${what} in ${file}, under ports:`, paste: [entryText(entry, purpose)] },
        ...(intersection(entry.ports, dynamic) === undefined ? [] : [reserving]),
        opening(when),
      ];
    }
  }
}

/** The purpose of the entry, and when it is to be done. */
interface Wording {
  readonly purpose: string;
  readonly when?: string;
}

function opening(when: string): Step {
  return { text: `${when}open it in the firewall: see portolan firewall` };
}
