import { count } from "../../../../base/count.ts";
import { serviceKey } from "../../../../core/catalog/snapshot.ts";
import { type Answer, type AnswerPart, freePorts } from "../../../../core/ports/inventory/asking/answer.ts";
import type { Verdict } from "../../../../core/ports/inventory/asking/verdict.ts";
import type { LedgerEntry } from "../../../../core/ports/ledger/ledger.ts";
import { isOwner, ownerName } from "../../../../core/ports/ledger/owner.ts";
import { portClasses } from "../../../../core/ports/port-class.ts";
import { formatRange, intersection, type PortRange } from "../../../../core/ports/port-range.ts";
import { holders, type PortSurvey } from "../../../../core/ports/survey.ts";

/** The answer in one line: what was asked about, and how it stands, with who has it. */
export function headline(answer: Answer, survey: PortSurvey): string {
  return `${subject(answer)}: ${verdictText(answer, survey)} (${classText(answer, survey)})`;
}

/** `53/tcp+udp on dns-1`. */
function subject({ question: { ports, protocols, node } }: Answer): string {
  return `${formatRange(ports)}/${protocols.join("+")}${node === undefined ? "" : ` on ${node}`}`;
}

/** Most ranges of free ports in the headline. */
const MOST_RANGES = 8;

function verdictText(answer: Answer, survey: PortSurvey): string {
  const { question, parts } = answer;
  const { first, last } = question.ports;
  if (first === last || parts.length === 1) return phrasesOf(parts, answer, survey).join("; ");
  const free = freePorts(answer);
  const left = free.reduce((sum, range) => sum + range.last - range.first + 1, 0);
  const all = count(last - first + 1, "port");
  if (left === 0) return `none of the ${all} is free${answer.nodes.length > 1 ? " on every node" : ""}`;
  const ranges = free.slice(0, MOST_RANGES).map(formatRange).join(", ");
  const more = free.length > MOST_RANGES ? ` and ${count(free.length - MOST_RANGES, "more range")}` : "";
  return `${left} of the ${all} ${left === 1 ? "is" : "are"} free: ${ranges}${more}`;
}

/** Parts that read alike but for their nodes, as one. */
function phrasesOf(parts: readonly AnswerPart[], answer: Answer, survey: PortSurvey): readonly string[] {
  const alike = Map.groupBy(parts, (part) => JSON.stringify([stateOf(part, answer, survey), part.protocols]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const nodes = answer.nodes.filter((node) => group.some((part) => part.nodes.includes(node)));
    return [phraseOf({ ...first, nodes }, answer, survey)];
  });
}

/** `taken by powerdns on dns-1`, `free on every node`. */
export function phraseOf(part: AnswerPart, answer: Answer, survey: PortSurvey): string {
  const [state, but = ""] = stateOf(part, answer, survey);
  return `${state}${protocolsOf(part, answer)}${placeOf(part, answer)}${but}`;
}

/** What stands before the place, and what behind it. */
function stateOf(part: AnswerPart, answer: Answer, { ledger }: PortSurvey): readonly [state: string, but?: string] {
  const { verdict } = part;
  const { kind, registrations, entries, doubtful } = verdict;
  switch (kind) {
    case "balancer":
      return ["the load balancer's", ", free or not"];
    case "taken":
      return [`taken by ${holdersText(verdict)}`, othersText(verdict)];
    case "declared":
      return [`declared for ${ownersText(entries)}`];
    case "unsure":
      return ["unsure", `, since nothing tells by which protocol ${listed(holders(doubtful))} has it`];
    case "unknown":
      return ["unsure", ", since no service is registered on a node of that name, and the ledger lists none"];
    case "outside":
      return [
        "free",
        `, but outside the ledger's range ${ledger.range === undefined ? "" : formatRange(ledger.range)}`,
      ];
    case "crowded":
      return ["free", `, but ${crowdingText(part, answer)}`];
    case "free":
      return entries.length > 0
        ? [`free for ${ownersText(entries)}`, ", for whom it is declared"]
        : [freeText(registrations.length)];
  }
}

function crowdingText({ ports, verdict: { crowding } }: AnswerPart, { groups }: Answer): string {
  if (crowding === undefined) return "nearer to others than its group wants";
  const { group, neighbours } = crowding;
  const isOne = ports.length === 1 && ports[0]?.first === ports[0]?.last;
  const near = isOne ? listed(neighbours.map(formatRange)) : "others";
  const next = groups.find((one) => one.group === group)?.next;
  const instead = next?.kind === "found" ? `; take ${next.port}` : "";
  return `nearer than ${group.spacing} to ${near}, the spacing of the group ${group.name}${instead}`;
}

function freeText(own: number): string {
  return own === 0 ? "free" : "free for the service that has it now";
}

/** Each with its node where the port is one for all nodes, since the node of the answer is not theirs. */
function holdersText({ registrations, statics, isClusterWide }: Verdict): string {
  if (!isClusterWide) return listed([...holders(registrations), ...new Set(statics.map(({ name }) => name))]);
  const held = [
    ...registrations.map(({ instance, node }) => ({ name: serviceKey(instance), node })),
    ...statics.map(({ name, node }) => ({ name, node })),
  ];
  const nodes = Map.groupBy(held, ({ name }) => name);
  return listed([...nodes].map(([name, own]) => `${name} on ${[...new Set(own.map(({ node }) => node))].join(", ")}`));
}

/** For whom else it is declared. */
function othersText({ entries, registrations }: Verdict): string {
  const others = entries.filter((entry) => !registrations.some(({ instance }) => isOwner(entry, instance)));
  return others.length === 0 ? "" : `, declared for ${ownersText(others)}`;
}

function ownersText(entries: readonly LedgerEntry[]): string {
  return listed([...new Set(entries.map(ownerName))]);
}

function protocolsOf({ protocols }: AnswerPart, { question }: Answer): string {
  return protocols.length === question.protocols.length ? "" : ` by ${protocols.join(" and ")}`;
}

const MOST_NODES = 6;

/** Nothing where the question names the node. */
function placeOf(part: AnswerPart, answer: Answer): string {
  const { question, nodes } = answer;
  if (question.node !== undefined || nodes[0] === undefined) return "";
  if (part.nodes.length === nodes.length) {
    const isHeldElsewhere = part.verdict.isClusterWide && ["taken", "declared"].includes(part.verdict.kind);
    return isHeldElsewhere ? ", and so on every node (scope: cluster)" : " on every node";
  }
  const shown = part.nodes.slice(0, MOST_NODES).join(", ");
  const left = part.nodes.length - MOST_NODES;
  return ` on ${shown}${left > 0 ? ` and ${count(left, "more node")}` : ""}`;
}

function classText({ question: { ports } }: Answer, { dynamic }: PortSurvey): string {
  const names = classesOf(ports, dynamic);
  return `${names.join(" and ")} ${ports.first === ports.last ? "port" : "ports"}`;
}

/** The classes of these ports, in ascending order, each once. */
export function classesOf(ports: PortRange, dynamic: PortRange): readonly string[] {
  const own = portClasses(dynamic).filter((one) => intersection(one.ports, ports) !== undefined);
  return [...new Set(own.map((one) => one.class))];
}

/** `a, b and c`. */
function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}
