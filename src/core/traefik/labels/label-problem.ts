import type { DiagnosticCode, Spot } from "../../diagnostics/diagnostics.ts";
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

/** The key as the operator wrote it, with their own prefix; what may be a secret in it is not shown. */
export function keyOf(label: Label): string {
  return shownPart(label.tag.slice(0, label.tag.indexOf("=")));
}

/**
 * A key, or a part of one, as it may be shown. A tag with `users:admin:$apr1$…=` for `users=admin:$apr1$…` has the hash in
 * the key: names have none of the characters that separate a user from a hash.
 */
export function shownPart(text: string): string {
  return text.replace(SEPARATOR_AND_REST, "***");
}

const SEPARATOR_AND_REST = /[:${].*$/s;

/**
 * The tag without its value. Where a key is wrong it is unknown what the value was meant for: behind a misspelt
 * `basicauth.user` stands a password's hash.
 */
export function maskedTag(label: Label): string {
  return `${keyOf(label)}=***`;
}
