import type { DynamicRange } from "../dynamic-range.ts";
import { nextFree } from "../inventory/next-free.ts";
import { clientBlock, nodesOfLine, reservedPorts } from "../inventory/reserved-ports.ts";
import type { Ledger, PortGroup } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";
import { type PortClass, portClasses } from "../port-class.ts";
import { formatRange, intersection, joinRanges, type PortRange } from "../port-range.ts";
import type { PortSurvey } from "../survey.ts";
import { type Block, paragraph, textRows } from "./document.ts";

const WHO: Readonly<Record<PortClass, { readonly who: string; readonly policy: string }>> = {
  system: {
    who: "what clients expect there: DNS, HTTP, HTTPS, SSH",
    policy: "static exceptions only, each declared; never a route otherwise",
  },
  infrastructure: {
    who: "Consul, Nomad, databases, exporters",
    policy: "never a route, unless declared",
  },
  dynamic: {
    who: "every service, on a port that the scheduler picks",
    policy: "a route by default; nothing to plan, ports change with every deployment",
  },
  high: {
    who: "the near ends of outgoing connections",
    policy: "never a route, unless declared",
  },
};

/** The classes of ports: who uses them, and what the policy is. */
export function classBlocks({ ports: dynamic, origin }: DynamicRange): readonly Block[] {
  const rows = portClasses(dynamic).map(({ class: name, ports }) => [
    name,
    formatRange(ports),
    WHO[name].who,
    WHO[name].policy,
  ]);
  return [
    textRows(["Class", "Ports", "Who", "Policy"], rows),
    paragraph(
      `Dynamic ports: ${formatRange(dynamic)} (${origin}). What Nomad says now is told by `,
      { code: "portolan ports" },
      ".",
    ),
  ];
}

/** Ranges that are kept for a purpose: the groups, and entries of several ports. */
export function rangeBlocks(survey: PortSurvey): readonly Block[] {
  const { ledger } = survey;
  const groups = ledger.groups.map((group) => [
    formatRange(group.ports),
    group.name,
    group.purpose,
    declaredWithin(group.ports, ledger),
    nextFreeText(group, survey),
  ]);
  const entries = ledger.entries
    .filter(({ ports }) => ports.first !== ports.last)
    .map((entry) => [formatRange(entry.ports), ownerName(entry), entry.purpose, formatRange(entry.ports), ""]);
  const rows = [...groups, ...entries].toSorted(
    ([one = ""], [other = ""]) => Number.parseInt(one, 10) - Number.parseInt(other, 10),
  );
  return rows.length === 0 ? [] : [textRows(["Ports", "For", "Purpose", "Declared", "Next free"], rows)];
}

/** What Nomad's clients must reserve, since Nomad does not read the ledger. */
export function reservedBlocks({ ledger, dynamic }: PortSurvey): readonly Block[] {
  const lines = reservedPorts(ledger, dynamic);
  if (lines.length === 0) return [];
  return [
    paragraph("Declared ports inside the dynamic range: Nomad hands them out, unless its clients reserve them."),
    {
      kind: "table",
      heads: ["Nodes", "Configuration of the Nomad client"],
      rows: lines.map((line) => [[nodesOfLine(line)], [{ code: clientBlock(line) }]]),
    },
  ];
}

/** The next port by the ledger alone. */
function nextFreeText(group: PortGroup, survey: PortSurvey): string {
  const next = nextFree(group, survey);
  if (next.kind === "full") return "none";
  return next.kind === "crowded" ? `${next.port} (nearer than ${group.spacing})` : String(next.port);
}

function declaredWithin(range: PortRange, { entries }: Ledger): string {
  const inside = entries.map(({ ports }) => intersection(ports, range)).filter((ports) => ports !== undefined);
  return joinRanges(inside).map(formatRange).join(", ");
}
