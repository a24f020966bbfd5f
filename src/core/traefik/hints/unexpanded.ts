import type { Finding } from "../../diagnostics/finding.ts";
import { keyOf, maskedTag } from "../labels/label-problem.ts";
import type { Label } from "../labels/labels.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import { fieldAt } from "./field-at.ts";

const USERS = /\.(?:basicauth|digestauth)\.users$/i;
/** There `${1}` is a group of the regular expression. */
const REPLACEMENT = /\.replacement$/i;
const PLACEHOLDER = /\$\{[^{}]*\}/;
/** Names of variables, in the forms of Nomad and of shells. */
const VARIABLE = /^\$\{[A-Za-z][\w.[\]"-]*\}$/;

/**
 * Values that another tool was to replace first: `$$` of Compose files in a password's hash, which no password fits, and
 * `${…}` that a job file left. The value of a secret field is not shown.
 *
 * @param path the key without the prefix
 */
export function unexpandedHint(path: string, label: Label, version: TraefikVersion): Finding | undefined {
  if (USERS.test(path) && label.value.includes("$$")) {
    return unexpanded(
      label,
      `has a hash with "$$", which is how Compose files write "$": neither Consul nor Nomad replaces it, and no password fits`,
      'write each "$$" as a single "$"',
    );
  }
  const [placeholder] = PLACEHOLDER.exec(label.value) ?? [];
  if (placeholder === undefined || REPLACEMENT.test(path)) return undefined;
  const field = fieldAt(path, version);
  if (field === undefined || field.kind === "any") return undefined;
  const isShown = field.secret !== true && VARIABLE.test(placeholder);
  return unexpanded(
    label,
    `has ${isShown ? placeholder : "a placeholder"}, and nothing replaces it any more: Traefik takes it literally`,
    "have the job file or the tool that registers the service fill it in, or write the value itself",
  );
}

function unexpanded(label: Label, what: string, remedy: string): Finding {
  return {
    code: "VALUE_UNEXPANDED",
    message: `key ${JSON.stringify(keyOf(label))} ${what}`,
    remedy,
    tag: maskedTag(label),
  };
}
