import type { DiagnosticCode, Spot } from "../diagnostics.ts";
import type { Label } from "./labels.ts";

/** Why an instance's tags cannot be routed. */
export interface LabelProblem {
  readonly code: Extract<DiagnosticCode, `TAG_${string}`>;
  /** The tag as registered; its value is replaced by `***` unless the value itself is what is wrong and may be shown. */
  readonly tag: string;
  /** The part of the tag that is wrong. */
  readonly spot?: Spot;
  readonly message: string;
  readonly remedy: string;
}

/** The key as the operator wrote it, with their own prefix. */
export function keyOf(label: Label): string {
  return label.tag.slice(0, label.tag.indexOf("="));
}

/**
 * The tag without its value. Where a key is wrong nobody knows what the value was meant for: behind a misspelt
 * `basicauth.user` stands a password's hash.
 */
export function maskedTag(label: Label): string {
  return `${keyOf(label)}=***`;
}
