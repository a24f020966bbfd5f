import type { Finding } from "../../diagnostics/finding.ts";
import { nameInText } from "../../diagnostics/name-in-text.ts";
import { decodeLabels } from "../decode/decode.ts";
import { shownPart } from "../labels/label-problem.ts";
import type { Field } from "../schema/schema.ts";
import { fieldAt } from "./field-at.ts";
import type { HintSettings } from "./hint-settings.ts";

/** `KEY: VALUE` as in YAML, `KEY VALUE`, or a key alone. */
const SHAPE = /^([^\s:]+)(?:\s*[:\s]\s*(.*))?$/s;

/** A tag that starts with the prefix and has no `=` sets nothing. Undefined for all other tags. */
export function withoutEqualsHint(tag: string, { prefix, version }: HintSettings): Finding | undefined {
  if (tag.includes("=") || !tag.startsWith(`${prefix}.`)) return undefined;
  const [, key = "", value = ""] = SHAPE.exec(tag) ?? [];
  const path = key.slice(prefix.length + 1);
  const written = writtenValue(path, value, fieldAt(path, version), version);
  const shown = value === "" || written === value ? tag : `${shownPart(key)}***`;
  return {
    code: "TAG_IGNORED",
    message: `tag ${JSON.stringify(shown)} has no "=", so that Traefik takes it for no setting`,
    remedy: `write ${nameInText(`${shownPart(key)}=${written}`)}, or remove the tag`,
    tag: shown,
  };
}

/** The value that was probably meant, `true` for a field that is switched on; `…` where it is not known, or may be a secret. */
function writtenValue(path: string, value: string, field: Field | undefined, version: HintSettings["version"]): string {
  if (path.toLowerCase() === "enable") return /^(?:true|false)$/i.test(value) ? value : "true";
  if (field === undefined) return "…";
  const isSwitch = field.kind === "bool" || field.emptyOk === true;
  if (value === "") return isSwitch ? "true" : "…";
  const isShown = field.secret !== true && field.kind !== "any" && shownPart(value) === value;
  const tag = `${path}=${value}`;
  const decoded = decodeLabels(new Map([[`traefik.${path}`, { value, tag }]]), version);
  return isShown && decoded.kind === "decoded" ? value : "…";
}
