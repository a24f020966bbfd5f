import type { Finding } from "../../diagnostics/finding.ts";
import type { ConfigObject, ConfigValue } from "../chart/dynamic-config.ts";
import { isConfigObject } from "../chart/dynamic-config.ts";

/** One router, service or middleware that is judged. */
export interface Subject {
  readonly protocol: "http" | "tcp" | "udp";
  readonly kind: "router" | "service" | "middleware";
  readonly name: string;
  readonly object: ConfigObject;
}

/** What the operator says about the Traefik that reads the chart. */
export interface LintSettings {
  /** Names of all its entry points; empty: not declared, and no name is checked. */
  readonly entryPoints: readonly string[];
}

/** Finds what Traefik would only log about the subject. */
export type LintCheck = (subject: Subject, settings: LintSettings) => readonly Finding[];

/** How messages call it: `tcp router "db"`; HTTP is not named. */
export function titleOf({ protocol, kind, name }: Subject): string {
  return `${protocol === "http" ? "" : `${protocol} `}${kind} ${JSON.stringify(name)}`;
}

/** The value below these fields, or undefined where one is missing or holds no fields. */
export function valueAt(object: ConfigObject, ...fields: readonly string[]): ConfigValue | undefined {
  let value: ConfigValue | undefined = object;
  for (const field of fields) value = isConfigObject(value) ? value[field] : undefined;
  return value;
}

/** The value if it is text that says something. */
export function textAt(object: ConfigObject, ...fields: readonly string[]): string | undefined {
  const value = valueAt(object, ...fields);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The values of a list; nothing where there is none. */
export function listAt(object: ConfigObject, ...fields: readonly string[]): readonly ConfigValue[] {
  const value = valueAt(object, ...fields);
  return Array.isArray(value) ? value : [];
}

/** Is a value true, as it is written in a tag or in a file? */
export function isTrue(value: ConfigValue | undefined): boolean {
  return value === true || ["1", "t", "T", "TRUE", "true", "True"].includes(String(value));
}
