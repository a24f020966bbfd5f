import { compareBytes } from "../../../../go/byte-order.ts";
import { DEFAULT_NAMESPACE } from "../../../catalog/snapshot.ts";
import type { LedgerEntry, PortScope } from "../../ledger/ledger.ts";
import type { NamedService } from "../../ledger/owner.ts";
import { scopeOfEntry } from "../../ledger/scope.ts";
import { formatRange, joinRanges, type PortRange } from "../../port-range.ts";
import type { PortSurvey } from "../../survey.ts";
import { type Answer, type AnswerPart, freePorts } from "./answer.ts";
import { type AskedNode, isDeclaredFor, type VerdictKind } from "./verdict.ts";

/** An entry that the ledger takes as it is: no key is missing, and it is in no conflict with another. */
export type ProposedEntry = Pick<
  LedgerEntry,
  "ports" | "protocols" | "exposure" | "namespace" | "nodes" | "from" | "scope"
> & {
  /** Absent where it is not known who asks. */
  readonly owner?: string;
};

/** The entry that declares what was asked about, or why there is none, and what to do instead. */
export type Proposal =
  | { readonly kind: "entry"; readonly entry: ProposedEntry; readonly isInstead: boolean }
  | { readonly kind: "declared"; readonly origins: readonly string[] }
  | { readonly kind: "none"; readonly why: string; readonly remedy: string };

/**
 * | the answer | the entry |
 * |---|---|
 * | all is declared for the service that asks | none is needed |
 * | all is free, and part of it is declared for the service that asks | none, for its ports would be declared twice |
 * | all is free on every node that was asked about | all of it |
 * | all is free on some of the nodes | all of it, on those |
 * | one port that is not, in a group with a place | the next free port of the group |
 * | anything else | none |
 */
export function proposeEntry(survey: PortSurvey, answer: Answer): Proposal {
  const { question, parts, nodes } = answer;
  const { asking } = question;
  if (asking?.service.includes("*")) {
    return none(
      `a pattern such as ${JSON.stringify(asking.service)} would open the ports to every service that fits it`,
      "name one service with --service",
    );
  }
  const [namespace, ...namesakes] = namespacesOf(asking, survey, earlierOf(asking, survey));
  if (namesakes.length > 0) {
    const names = [namespace, ...namesakes].map((one) => `${one}/${asking?.service}`);
    return none(`there are several services of that name: ${names.join(", ")}`, "name one of them with --service");
  }
  const free = parts.filter(({ verdict }) => verdict.kind === "free");
  const isFree = (node: AskedNode) => !parts.some((part) => part.verdict.kind !== "free" && part.nodes.includes(node));
  const own = free.filter(({ verdict }) => verdict.entries.length > 0);
  const isOwn = (node: AskedNode) => own.some((part) => part.nodes.includes(node));
  const whole = nodes.filter((node) => isFree(node) && !isOwn(node));
  if (whole.length > 0)
    return entryOn(
      whole.filter((node) => node !== undefined),
      survey,
      answer,
    );
  const mine = free.filter((part) => part.nodes.some((node) => isFree(node)));
  if (mine.length > 0) return declaredAlready(mine);
  const worst = answer.verdict;
  if (worst === "outside") return outside(survey, answer);
  if (worst === "unknown") return unknownNode(question.node ?? "", survey);
  return insteadOf(survey, answer);
}

/** Of parts that are free on a node on which any of them is declared. */
function declaredAlready(parts: readonly AnswerPart[]): Proposal {
  const isDeclared = ({ verdict }: AnswerPart) => verdict.entries.length > 0;
  const declared = parts.filter(isDeclared);
  const origins = [...new Set(declared.flatMap(({ verdict }) => verdict.entries.map(({ origin }) => origin)))];
  const missing = parts.filter((part) => !isDeclared(part));
  if (missing.length === 0) return { kind: "declared", origins };
  const rest = [...Map.groupBy(missing, (part) => part.protocols.join())].flatMap(([, [one, ...more]]) => {
    if (one === undefined) return [];
    const suffix = one.protocols.length > 1 ? "/both" : `/${one.protocols.join()}`;
    return joinRanges([one, ...more].flatMap(({ ports }) => ports)).map((ports) => `${formatRange(ports)}${suffix}`);
  });
  const each = rest.length === 1 ? "" : "each of ";
  return none(`part of it is declared already: ${origins.join(", ")}`, `ask for ${each}${rest.join(", ")} alone`);
}

/** What was asked about, where it is free. */
function entryOn(nodes: readonly string[], survey: PortSurvey, answer: Answer): Proposal {
  const { ledger } = survey;
  const { question } = answer;
  const [scope, ...others] = scopesOn(nodes, answer);
  if (others.length > 0) {
    return none("some of the ports are unique in the cluster, and some are the node's", "ask for them apart");
  }
  const whole = entryOf(question.ports, survey, answer);
  const entry = scope === undefined || scope === scopeOfEntry(whole, ledger) ? whole : { ...whole, scope };
  const isLimited = question.node !== undefined || nodes.length < answer.nodes.length;
  // On every node, so that nothing has to be named.
  if (!isLimited) return { kind: "entry", entry, isInstead: false };
  const listed = nodes.filter((node) => ledger.nodes.size === 0 || ledger.nodes.has(node));
  const [missing = ""] = nodes;
  if (listed.length === 0) return unknownNode(missing, survey);
  return { kind: "entry", entry: { ...entry, nodes: listed }, isInstead: false };
}

/** By which the ports were found free on these nodes. */
function scopesOn(nodes: readonly string[], { parts }: Answer): readonly PortScope[] {
  const own = parts.filter((part) => part.nodes.some((node) => node === undefined || nodes.includes(node)));
  return [...new Set(own.map(({ verdict }): PortScope => (verdict.isClusterWide ? "cluster" : "node")))];
}

function unknownNode(node: string, { ledger, nodes }: PortSurvey): Proposal {
  const address = nodes.get(node);
  const line = `${JSON.stringify(node)}: ${address ? JSON.stringify(address) : "ADDRESS"}`;
  return none(
    `${ledger.file} lists the nodes of the site, and ${node} is none of them (${[...ledger.nodes.keys()].join(", ")})`,
    `check the spelling, or write ${line} into its nodes, and ask again`,
  );
}

function outside({ ledger }: PortSurvey, { question }: Answer): Proposal {
  const range = ledger.range === undefined ? "" : formatRange(ledger.range);
  return none(
    `${formatRange(question.ports)} is outside the ledger's range ${range}, and an entry for it is refused`,
    `ask for a port within ${range}, or widen range in ${ledger.file}`,
  );
}

/** The next free port of the group, for one port that cannot be had. */
function insteadOf(survey: PortSurvey, answer: Answer): Proposal {
  const { ports, node } = answer.question;
  const isOne = ports.first === ports.last;
  const place = answer.groups.find(({ next }) => next.kind === "found");
  const isListed = node === undefined || survey.ledger.nodes.size === 0 || survey.ledger.nodes.has(node);
  if (isOne && isListed && place?.next.kind === "found") {
    const { port } = place.next;
    const entry = entryOf({ first: port, last: port }, survey, answer);
    return { kind: "entry", entry: node === undefined ? entry : { ...entry, nodes: [node] }, isInstead: true };
  }
  const free = freePorts(answer).map(formatRange);
  return free.length === 0
    ? NOT_FREE[answer.verdict]
    : none("not all of the ports are free", `ask for those that are: ${free.join(", ")}`);
}

const NOT_FREE: Readonly<Record<VerdictKind, Proposal>> = {
  balancer: none(
    "80 and 443 are the load balancer's",
    "let the scheduler choose the port, and users come through the load balancer",
  ),
  taken: none("two services at one port are a conflict", "choose another port or node, or move the one that is there"),
  declared: none(
    "two owners of one port are a conflict",
    "choose another port or node, or correct the entry that is there",
  ),
  unsure: none("it is not known by which protocol it is held", "find out, and declare it for its owner"),
  crowded: none(
    "the group has no place with its spacing",
    "ask for a port outside of the group, or lessen its spacing",
  ),
  unknown: none("the node is not known", "check the spelling"),
  outside: none("it is outside the ledger's range", "ask for a port within the range"),
  free: none("not all of the ports are free on one node", "ask for one of the nodes"),
};

function entryOf(ports: PortRange, survey: PortSurvey, { question: { protocols, asking } }: Answer): ProposedEntry {
  const earlier = earlierOf(asking, survey);
  const [namespace = DEFAULT_NAMESPACE] = namespacesOf(asking, survey, earlier);
  return {
    ports,
    protocols,
    ...(asking === undefined ? {} : { owner: asking.service }),
    ...(namespace === DEFAULT_NAMESPACE ? {} : { namespace }),
    ...exposureOf(earlier),
  };
}

/** As the question says, else those in which the catalog, or else the ledger, has a service of the name; in ascending order. */
function namespacesOf(
  asking: NamedService | undefined,
  survey: PortSurvey,
  earlier: readonly LedgerEntry[],
): readonly string[] {
  if (asking === undefined) return [];
  if (asking.namespace !== "") return [asking.namespace];
  const registered = [...survey.registrations.values()]
    .flat()
    .filter(({ instance }) => instance.service === asking.service)
    .map(({ instance }) => instance.namespace)
    .filter((namespace) => namespace !== "");
  const names = registered.length > 0 ? registered : earlier.flatMap(({ namespace = [] }) => namespace);
  return [...new Set(names)].toSorted(compareBytes);
}

function earlierOf(asking: NamedService | undefined, { ledger }: PortSurvey): readonly LedgerEntry[] {
  return asking === undefined ? [] : ledger.entries.filter((entry) => isDeclaredFor(entry, asking));
}

/** As the service's other entries have it, where they agree; `restricted` with their networks. */
function exposureOf(earlier: readonly LedgerEntry[]): Pick<ProposedEntry, "exposure" | "from"> {
  const [one, ...others] = earlier;
  if (one === undefined) return { exposure: "internal" };
  const text = ({ exposure, from }: LedgerEntry) => JSON.stringify([exposure, from]);
  if (others.some((other) => text(other) !== text(one))) return { exposure: "internal" };
  const { exposure, from } = one;
  return { exposure, ...(from === undefined ? {} : { from }) };
}

function none(why: string, remedy: string): Proposal {
  return { kind: "none", why, remedy };
}
