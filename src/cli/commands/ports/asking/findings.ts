import { serviceKey } from "../../../../core/catalog/snapshot.ts";
import type { Answer, AnswerPart } from "../../../../core/ports/inventory/asking/answer.ts";
import { ownerName } from "../../../../core/ports/ledger/owner.ts";
import { formatRange } from "../../../../core/ports/port-range.ts";
import type { PortSurvey } from "../../../../core/ports/survey.ts";
import { phraseOf } from "./headline.ts";

/** Most lines about the parts of a range. */
const MOST_PARTS = 40;

/** What the verdict rests on, a line for each thing that was found. */
export function findingsOn(answer: Answer, survey: PortSurvey): readonly string[] {
  const { question, parts, freeNodes, groups } = answer;
  // Where all of a range is alike, it is told as one port is.
  const isMixed = question.ports.first !== question.ports.last && parts.length > 1;
  return [
    ...spellingOf(answer, survey),
    ...(isMixed ? partLines(answer, survey) : [...new Set(parts.flatMap((part) => factsOf(part, answer)))]),
    ...(parts.some(({ verdict }) => verdict.entries.length > 0) &&
    parts.every(({ verdict }) => verdict.registrations.length + verdict.doubtful.length === 0)
      ? ["registered by no service"]
      : []),
    ...(parts.some(({ verdict }) => verdict.entries.some(({ exposure }) => exposure === "never"))
      ? ["never a route: the ledger says so"]
      : []),
    ...groups.map(({ group, next }) => {
      const proposal =
        next.kind === "full"
          ? "full"
          : `next free ${next.port}${next.kind === "crowded" ? `, nearer than ${group.spacing} to others` : ""}`;
      return `belongs to the group ${group.name} (${formatRange(group.ports)}: ${group.purpose}): ${proposal}`;
    }),
    ...(question.node === undefined || answer.verdict === "free"
      ? []
      : [freeNodes.length === 0 ? "free on no other node that is known" : `free on ${freeNodes.join(", ")}`]),
  ];
}

function spellingOf({ question: { node }, verdict }: Answer, { nodes }: PortSurvey): readonly string[] {
  if (node === undefined || nodes.has(node) || verdict === "unknown") return [];
  return [`no service is registered on ${node}, nor does the ledger name it: check the spelling`];
}

function factsOf({ verdict }: AnswerPart, { question }: Answer): readonly string[] {
  const { registrations, entries, doubtful, statics } = verdict;
  const onNode = (node: string) => (question.node === node ? "" : ` on ${node}`);
  return [
    ...registrations.map(
      ({ instance, address, node }) =>
        `registered by ${serviceKey(instance)} (${instance.id}) at ${address}${onNode(node)}`,
    ),
    ...statics.map(
      ({ name, host, node }) =>
        `${name} of a snippet sends requests there (${host})${onNode(node)}: see portolan explain --legacy`,
    ),
    ...entries.map((entry) => {
      const nodes = entry.nodes === undefined ? "" : `, on ${entry.nodes.join(", ")}`;
      return `declared for ${ownerName(entry)}: ${entry.purpose} (${entry.origin}, ${entry.exposure}${nodes})`;
    }),
    ...doubtful.map(
      ({ instance, node }) =>
        `${serviceKey(instance)} (${instance.id}) is registered there${onNode(node)}, and neither the catalog nor the ledger says by which protocol: find out, and declare it`,
    ),
  ];
}

function partLines(answer: Answer, survey: PortSurvey): readonly string[] {
  const lines = answer.parts
    .filter(({ verdict, nodes }) => verdict.kind !== "free" || nodes.length < answer.nodes.length)
    .map((part) => {
      const purposes = [...new Set(part.verdict.entries.map(({ purpose }) => purpose))].join("; ");
      return `${part.ports.map(formatRange).join(", ")}: ${phraseOf(part, answer, survey)}${purposes === "" ? "" : ` (${purposes})`}`;
    });
  if (lines.length <= MOST_PARTS) return lines;
  return [...lines.slice(0, MOST_PARTS), `and ${lines.length - MOST_PARTS} more: see portolan ports`];
}
