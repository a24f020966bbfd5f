import { parseYaml } from "../base/yaml-text.ts";
import type { WrittenValue } from "../config/written/written-settings.ts";
import type { Decision } from "../core/decision.ts";
import type { Diagnostic } from "../core/diagnostics/diagnostics.ts";

/** What settings and policy have to say so that what Traefik routes today is routed, as far as any line opens it. */
export interface Opened {
  readonly exceptions: readonly PortException[];
  readonly authEndpoints: readonly string[];
  readonly allow: readonly WrittenValue[];
  /** Rules of a policy, the first to count first; the last one, about all others, is not among them. */
  readonly rules: readonly OpenedRule[];
  /** Rules that would give a service every host: they are for a person to decide, and not in force. */
  readonly tooWide: readonly WrittenValue[];
}

export interface PortException {
  readonly service: string;
  /** Absent for the default one. */
  readonly namespace?: string;
  readonly ports: string;
  /** The nodes on which an instance of it was seen there. */
  readonly nodes: readonly string[];
}

export interface OpenedRule {
  readonly rule: WrittenValue;
  /** What was refused without it. */
  readonly why: string;
}

export const NOTHING_OPENED: Opened = { exceptions: [], authEndpoints: [], allow: [], rules: [], tooWide: [] };

/** A line may bring forth the next one: a service that is routed at last asks for a host. A pass has lines for 100 routers. */
const MOST_ROUNDS = 40;

/**
 * Takes up the lines that remedies end with, until none is new.
 *
 * @param decide what portolan would decide with these lines
 */
export function openedByRemedies(decide: (opened: Opened) => Decision): {
  readonly opened: Opened;
  readonly decision: Decision;
} {
  let opened = NOTHING_OPENED;
  for (let round = 0; ; round++) {
    const decision = decide(opened);
    const next = decision.diagnostics.reduce(withOpening, opened);
    if (round === MOST_ROUNDS || JSON.stringify(next) === JSON.stringify(opened)) return { opened, decision };
    opened = next;
  }
}

function withOpening(opened: Opened, { opens, subject, message }: Diagnostic): Opened {
  if (opens === undefined) return opened;
  if (opens.file === "policy")
    return opens.rules.map(fromYaml).reduce((all, rule) => withRule(all, rule, message), opened);
  const lines = fromYaml(opens.lines);
  if (!isTree(lines)) return opened;
  const ports = isTree(lines["ports"]) ? lines["ports"] : {};
  return {
    ...opened,
    exceptions: listIn(ports["exceptions"]).reduce(
      (all: Opened["exceptions"], one) => withException(all, one, subject.node),
      opened.exceptions,
    ),
    authEndpoints: union(opened.authEndpoints, listIn(ports["authEndpoints"]).map(String)),
    allow: union(opened.allow, listIn(lines["allow"])),
  };
}

function withException(all: Opened["exceptions"], found: WrittenValue, node: string): Opened["exceptions"] {
  if (!isTree(found)) return all;
  const { service, namespace, ports } = found;
  const isSame = (one: PortException) =>
    one.service === service && one.namespace === namespace && one.ports === String(ports);
  const known = all.find(isSame);
  if (known !== undefined) {
    return all.map((one) => (one === known ? { ...one, nodes: union(one.nodes, [node]) } : one));
  }
  const own = { service: String(service), ports: String(ports), nodes: [node] };
  return [...all, namespace === undefined ? own : { ...own, namespace: String(namespace) }];
}

function withRule(opened: Opened, rule: WrittenValue | undefined, why: string): Opened {
  if (!isTree(rule)) return opened;
  if (listIn(rule["hosts"]).includes("*")) return { ...opened, tooWide: union(opened.tooWide, [rule]) };
  if (opened.rules.some((one) => JSON.stringify(one.rule) === JSON.stringify(rule))) return opened;
  // A later rule about the same service has what the earlier one had, and more.
  const others = opened.rules.filter((one) => !isTree(one.rule) || whoOf(one.rule) !== whoOf(rule));
  return { ...opened, rules: [...others, { rule, why }] };
}

function whoOf({ service, namespace, datacenter }: Tree): string {
  return JSON.stringify([service, namespace, datacenter]);
}

type Tree = { readonly [field: string]: WrittenValue | undefined };

function isTree(value: WrittenValue | undefined): value is Tree {
  return typeof value === "object" && !Array.isArray(value);
}

function listIn(value: WrittenValue | undefined): readonly WrittenValue[] {
  return Array.isArray(value) ? value : [];
}

/** What portolan's own lines say. */
function fromYaml(text: string): WrittenValue | undefined {
  const parsed = parseYaml(text);
  return parsed.kind === "parsed" ? (parsed.documents[0] as WrittenValue | undefined) : undefined;
}

function union<T extends WrittenValue>(list: readonly T[], more: readonly T[]): readonly T[] {
  const known = new Set(list.map((one) => JSON.stringify(one)));
  const fresh = more.filter((one) => !known.has(JSON.stringify(one)));
  return fresh.length === 0 ? list : [...list, ...fresh];
}
