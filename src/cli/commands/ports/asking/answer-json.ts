import { serviceKey } from "../../../../core/catalog/snapshot.ts";
import type { Answer, AnswerPart } from "../../../../core/ports/inventory/asking/answer.ts";
import type { ProposedEntry } from "../../../../core/ports/inventory/asking/proposed-entry.ts";
import { proposeEntry } from "../../../../core/ports/inventory/asking/proposed-entry.ts";
import { ownerName } from "../../../../core/ports/ledger/owner.ts";
import { formatRange } from "../../../../core/ports/port-range.ts";
import type { Registration } from "../../../../core/ports/registration.ts";
import type { PortSurvey } from "../../../../core/ports/survey.ts";
import { classesOf } from "./headline.ts";

/** What is told of the ports, for scripts. */
export function answerJson(answer: Answer, survey: PortSurvey): unknown {
  const { question, nodes, verdict, parts, freeNodes, groups } = answer;
  return {
    ports: formatRange(question.ports),
    protocols: question.protocols,
    node: question.node,
    nodes: nodes.filter((node) => node !== undefined),
    verdict,
    classes: classesOf(question.ports, survey.dynamic),
    parts: parts.map(partJson),
    neverRouted: parts.some((part) => part.verdict.entries.some(({ exposure }) => exposure === "never")),
    freeNodes,
    groups: groups.map(({ group, next }) => ({ name: group.name, ports: formatRange(group.ports), next })),
    proposal: proposalJson(answer, survey),
  };
}

function partJson({ ports, protocols, nodes, verdict }: AnswerPart): unknown {
  const { kind, isClusterWide, registrations, doubtful, entries, statics, crowding } = verdict;
  return {
    ports: ports.map(formatRange),
    protocols,
    nodes: nodes.filter((node) => node !== undefined),
    verdict: kind,
    scope: isClusterWide ? "cluster" : "node",
    holders: registrations.map(holderJson),
    doubtful: doubtful.map(holderJson),
    statics: statics.map(({ name, host, node }) => ({ name, host, node })),
    declared: entries.map((entry) => ({
      owner: ownerName(entry),
      origin: entry.origin,
      exposure: entry.exposure,
      purpose: entry.purpose,
    })),
    ...(crowding === undefined ? {} : { nearTo: crowding.neighbours.map(formatRange) }),
  };
}

function holderJson({ instance, node, address }: Registration): unknown {
  return { service: serviceKey(instance), id: instance.id, node, address };
}

function proposalJson(answer: Answer, survey: PortSurvey): unknown {
  const proposal = proposeEntry(survey, answer);
  return proposal.kind === "entry" ? { ...proposal, entry: entryJson(proposal.entry) } : proposal;
}

/** As the ledger's file has it. */
function entryJson({ ports, protocols, ...rest }: ProposedEntry): unknown {
  const protocol = protocols.length > 1 ? "both" : protocols[0];
  return { ports: formatRange(ports), protocol, ...rest };
}
