import { EXIT_CODES } from "../../../base/errors.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { type Answer, answerQuestion } from "../../../core/ports/inventory/question.ts";
import { PROTOCOLS } from "../../../core/ports/ledger.ts";
import { ownerName } from "../../../core/ports/owner.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { holders, type PortSurvey } from "../../../core/ports/survey.ts";
import { rangeView } from "../../../observe/status/ports-view.ts";
import { type Command, usageError } from "../../command-line/command-line.ts";
import { adviceOn } from "./port-advice.ts";
import { printResult, rangeLine, SURVEY_FLAGS, takeSurvey } from "./ports-survey.ts";

export const portsAskCommand: Command = {
  name: "ports ask",
  summary: "say whether a port is free on a node, and what to do if not",
  help: [
    "For a service that needs a certain port: compares it with the ledger and the live catalog and says who holds it, for",
    "whom it is declared, where else it is free, and what taking it asks for.",
  ].join("\n"),
  operands: "PORT[/PROTOCOL]",
  flags: [
    { name: "node", value: "NAME", help: "node where the port is wanted" },
    { name: "service", value: "NAME", help: "service that wants it: what is declared for it counts as free" },
    ...SURVEY_FLAGS,
  ],
  exitCodes: {
    0: "free, or declared for --service",
    1: "taken, declared for another owner, or unsure",
    69: "the catalog or Nomad did not answer",
    78: "bad settings or ledger",
  },
  async run({ node, service, ...flags }, operands) {
    const { port, protocol } = parsePort(operands);
    if (node === undefined) throw usageError("ports ask: name the node with --node NAME; portolan ports lists them");
    const { survey, range } = await takeSurvey(flags);
    const answer = answerQuestion(survey, { port, protocol, node }, service);
    printResult(flags, asJson(answer, range), asText(answer, survey, service) + rangeLine(range));
    return answer.verdict === "free" ? EXIT_CODES.ok : EXIT_CODES.failure;
  },
};

function parsePort(operands: readonly string[]): { port: number; protocol: (typeof PROTOCOLS)[number] } {
  const [wanted = "", ...others] = operands;
  const [, port, name = "tcp"] = /^(\d{1,5})(?:\/(\w+))?$/.exec(wanted) ?? [];
  const protocol = PROTOCOLS.find((one) => one === name);
  if (others.length > 0 || port === undefined || protocol === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw usageError(
      `ports ask: found ${JSON.stringify(operands.join(" "))}; one port from 1 to 65535 with its protocol is allowed, for example 53/udp`,
    );
  }
  return { port: Number(port), protocol };
}

function asJson(
  { place, verdict, portState, class: portClass, freeNodes, groups, never }: Answer,
  range: DynamicRange,
): unknown {
  return {
    ...place,
    verdict,
    class: portClass,
    status: portState.status,
    holders: holders(portState.registrations),
    declared: portState.entries.map((entry) => ({
      owner: ownerName(entry),
      origin: entry.origin,
      purpose: entry.purpose,
    })),
    neverRouted: never.length > 0,
    freeNodes,
    groups: groups.map(({ group, next }) => ({ name: group.name, ports: formatRange(group.ports), next })),
    dynamicPorts: rangeView(range),
  };
}

function asText(answer: Answer, survey: PortSurvey, service: string | undefined): string {
  const { port, protocol, node } = answer.place;
  const lines = adviceOn(answer, survey, service).map((line) => `  ${line}\n`);
  return `${port}/${protocol} on ${node}: ${answer.verdict} (${answer.class} port)\n${lines.join("")}`;
}
