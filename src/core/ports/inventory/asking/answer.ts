import { compareBytes } from "../../../../go/byte-order.ts";
import { serviceKey } from "../../../catalog/snapshot.ts";
import type { PortGroup, Protocol } from "../../ledger/ledger.ts";
import type { NamedService } from "../../ledger/owner.ts";
import { cutRanges, intersection, joinRanges, type PortRange } from "../../port-range.ts";
import type { PortSurvey } from "../../survey.ts";
import { type NextFree, nextFree, takenNear } from "../next-free.ts";
import { type AskedNode, BALANCER_PORTS, VERDICTS, type Verdict, type VerdictKind, verdictsOn } from "./verdict.ts";

/** What an operator asks who wants a port. */
export interface Question {
  /** All of them are wanted. */
  readonly ports: PortRange;
  /** All of them are wanted; never empty. */
  readonly protocols: readonly Protocol[];
  /** Absent: every node. */
  readonly node?: string;
  /** The service that wants them, where known: what is declared for it is free. Its namespace is "" where that is not said. */
  readonly asking?: NamedService;
}

/** Ports, protocols and nodes that one verdict is about; every port by every protocol on every node of them. */
export interface AnswerPart {
  /** In ascending order. */
  readonly ports: readonly PortRange[];
  readonly protocols: readonly Protocol[];
  readonly nodes: readonly AskedNode[];
  /** Of its first port, protocol and node; those of the others differ in nothing that its reader is told. */
  readonly verdict: Verdict;
}

export interface Answer {
  readonly question: Question;
  /** The nodes that are asked about: one, or every node that is known; `[undefined]` where none is. */
  readonly nodes: readonly AskedNode[];
  /** The worst of all its parts'. */
  readonly verdict: VerdictKind;
  /** The worst first. No two tell of one port, protocol and node, and together they tell of all. */
  readonly parts: readonly AnswerPart[];
  /** Nodes besides the one that was asked about where all of it is free. */
  readonly freeNodes: readonly string[];
  /** Groups that have any of the ports, with a proposal for each. */
  readonly groups: readonly { readonly group: PortGroup; readonly next: NextFree }[];
}

/** Are the ports free, by these protocols, on the node or on every node? */
export function answerQuestion(survey: PortSurvey, question: Question): Answer {
  const { ports, node } = question;
  const known = [...survey.nodes.keys()];
  const nodes: readonly AskedNode[] = node !== undefined ? [node] : known.length > 0 ? known : [undefined];
  const parts = partsOn(survey, question, nodes);
  const others = node === undefined ? [] : known.filter((one) => one !== node);
  const elsewhere = others.length === 0 ? [] : partsOn(survey, question, others);
  const taken = new Set(elsewhere.filter(({ verdict }) => verdict.kind !== "free").flatMap((part) => part.nodes));
  return {
    question,
    nodes,
    verdict: parts[0]?.verdict.kind ?? "free",
    parts,
    freeNodes: others.filter((one) => !taken.has(one)),
    groups: survey.ledger.groups
      .filter((group) => intersection(group.ports, ports) !== undefined)
      .map((group) => ({ group, next: nextFree(group, survey) })),
  };
}

function partsOn(survey: PortSurvey, question: Question, nodes: readonly AskedNode[]): readonly AnswerPart[] {
  const { ports, protocols, asking } = question;
  const columns = new Map<string, Omit<AnswerPart, "ports"> & { readonly ports: PortRange[] }>();
  for (const piece of piecesOf(ports, survey)) {
    for (const part of pieceParts(piece, { survey, protocols, nodes, asking })) {
      const key = [keyOf(part.verdict), part.protocols.join(), JSON.stringify(part.nodes)].join("\n");
      const column = columns.get(key);
      if (column === undefined) columns.set(key, { ...part, ports: [piece] });
      else column.ports.push(piece);
    }
  }
  return [...columns.values()]
    .map((part) => ({ ...part, ports: joinRanges(part.ports) }))
    .toSorted((one, other) => rank(one.verdict) - rank(other.verdict) || first(one) - first(other));
}

/** Of ports that are alike: the nodes and protocols that have one verdict, together. */
function pieceParts(
  piece: PortRange,
  asked: {
    readonly survey: PortSurvey;
    readonly protocols: readonly Protocol[];
    readonly nodes: readonly AskedNode[];
    readonly asking: NamedService | undefined;
  },
): readonly Omit<AnswerPart, "ports">[] {
  const { protocols, nodes } = asked;
  const byProtocol = protocols.map((protocol) => verdictsOn(nodes, { port: piece.first, protocol }, asked));
  const parts = new Map<string, { verdict: Verdict; protocols: readonly Protocol[]; nodes: AskedNode[] }>();
  for (const [position, node] of nodes.entries()) {
    const here = protocols.flatMap((protocol, i) => {
      const verdict = byProtocol[i]?.[position];
      return verdict === undefined ? [] : [{ protocol, verdict }];
    });
    for (const [key, alike] of Map.groupBy(here, ({ verdict }) => keyOf(verdict))) {
      const [one] = alike;
      if (one === undefined) continue;
      const own = alike.map(({ protocol }) => protocol);
      const there = parts.get(`${key}\n${own.join()}`);
      if (there === undefined)
        parts.set(`${key}\n${own.join()}`, { verdict: one.verdict, protocols: own, nodes: [node] });
      else there.nodes.push(node);
    }
  }
  return [...parts.values()];
}

/** The asked ports in pieces, the ports of each of which have the same verdicts. */
function piecesOf(ports: PortRange, survey: PortSurvey): readonly PortRange[] {
  const { ledger, dynamic } = survey;
  const registered = [...survey.registrations.values()].flatMap(([one]) => one?.port ?? []);
  const fixed = survey.statics.map(({ port }) => port);
  const crowded = ledger.groups.flatMap((group) =>
    takenNear({ first: group.ports.first - group.spacing, last: group.ports.last + group.spacing }, survey).map(
      ({ first, last }) => ({ first: first - group.spacing + 1, last: last + group.spacing - 1 }),
    ),
  );
  const cuts = [
    ...[ports, dynamic, ...(ledger.range === undefined ? [] : [ledger.range])],
    ...[...BALANCER_PORTS, ...registered, ...fixed].map((port) => ({ first: port, last: port })),
    ...[...ledger.groups, ...ledger.entries].map((declared) => declared.ports),
    ...crowded,
  ];
  return cutRanges(cuts.flatMap((cut) => intersection(cut, ports) ?? []));
}

/** Verdicts of one key tell their reader the same. */
function keyOf({ kind, isClusterWide, registrations, doubtful, entries, statics, crowding }: Verdict): string {
  const holders = [...registrations, ...doubtful].map(({ instance }) => serviceKey(instance)).toSorted(compareBytes);
  return JSON.stringify([
    ...[kind, isClusterWide, [...new Set(holders)]],
    ...[entries.map(({ origin }) => origin), statics.map(({ name }) => name), crowding?.group.name],
  ]);
}

function rank({ kind }: Verdict): number {
  return VERDICTS.indexOf(kind);
}

function first({ ports }: AnswerPart): number {
  return ports[0]?.first ?? 0;
}

/** Those of the asked ports that are free by every protocol on every node that is asked about. */
export function freePorts({ question: { ports }, parts }: Answer): readonly PortRange[] {
  const others = joinRanges(parts.filter(({ verdict }) => verdict.kind !== "free").flatMap((part) => part.ports));
  const starts = [ports.first, ...others.map(({ last }) => last + 1)];
  const ends = [...others.map(({ first }) => first - 1), ports.last];
  return starts.flatMap((first, gap) => {
    const last = ends[gap] ?? first;
    return first <= last ? [{ first, last }] : [];
  });
}
