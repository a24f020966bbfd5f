import { nodeNameOf } from "../catalog/node-name.ts";
import { type NomadTask, nomadTaskOf } from "../catalog/nomad-task.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import {
  DIAGNOSTIC_CODES,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticSubject,
  type Opening,
  type Spot,
} from "./diagnostics.ts";

/** What is wrong, before it is known about whom. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly remedy: string;
  /** The raw tag to blame, where there is one. */
  readonly tag?: string;
  /** The part of the tag that is wrong. */
  readonly spot?: Spot;
  /** The name that the chart does not get for it, for example `http/routers/web`; told where a stage after the translation leaves it out. */
  readonly leavesOut?: string;
  /** The lines that the remedy ends with. */
  readonly opens?: Opening;
}

/** Names the instance that a finding is about. Its texts come from the catalog and may be of any length: they are cut to what a person reads. */
export function diagnose(
  instance: ServiceInstance,
  { code, message, remedy, tag, spot, leavesOut, opens }: Finding,
): Diagnostic {
  return {
    code,
    severity: DIAGNOSTIC_CODES[code].severity,
    subject: {
      ...subjectOf(instance),
      ...(tag === undefined ? {} : { tag: cut(tag, MOST_OF_TEXT) }),
      ...(spot === undefined ? {} : { spot: withinTag(spot) }),
    },
    message: cut(message, MOST_OF_TEXT),
    remedy: cut(remedy, MOST_OF_TEXT),
    ...(leavesOut === undefined ? {} : { leavesOut: { name: leavesOut, service: serviceKey(instance) } }),
    ...(opens === undefined ? {} : { opens }),
  };
}

/** By what an instance is named in diagnostics. */
export function subjectOf(
  instance: ServiceInstance,
): Pick<DiagnosticSubject, "catalog" | "service" | "instance" | "node" | keyof NomadTask> {
  const { catalogName, service, id } = instance;
  return {
    ...(catalogName === undefined ? {} : { catalog: catalogName }),
    service: cut(service, MOST_OF_NAME),
    instance: cut(id, MOST_OF_NAME),
    node: cut(nodeNameOf(instance), MOST_OF_NAME),
    ...nomadTaskOf(instance),
  };
}

/** A person corrects one after the other; what is counted beyond may be thousands, of a single instance. */
const MOST_OF_INSTANCE = 20;

/** With nearly all of thousands of instances nothing is wrong: they share this. */
const NONE: readonly Diagnostic[] = [];

/** Everything that is wrong with one instance; where that is very much, its beginning and how much more there is. */
export function diagnoseAll(instance: ServiceInstance, findings: readonly Finding[]): readonly Diagnostic[] {
  if (findings.length === 0) return NONE;
  const first = findings.slice(0, MOST_OF_INSTANCE).map((finding) => diagnose(instance, finding));
  const more = findings.length - first.length;
  if (more === 0) return first;
  const message = `${more} more ${more === 1 ? "thing is" : "things are"} wrong with the instance; only the first ${MOST_OF_INSTANCE} are told`;
  return [...first, diagnose(instance, { code: "FINDINGS_CUT", message, remedy: "correct those first" })];
}

const MOST_OF_NAME = 300;
const MOST_OF_TEXT = 2_000;

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}… (${text.length} characters)`;
}

function withinTag(spot: Spot): Spot {
  if (spot.text === undefined || spot.text.length <= MOST_OF_NAME) return spot;
  return { ...spot, text: spot.text.slice(0, MOST_OF_NAME) };
}
