import type { Finding } from "../../../diagnostics/finding.ts";
import { isConfigObject } from "../../chart/dynamic-config.ts";
import { listAt, type Subject, textAt, valueAt } from "../subject.ts";
import { unknown } from "./value-finding.ts";

const ENCODINGS = ["gzip", "br", "zstd"];

/** A media type as Go's `mime.ParseMediaType` takes it: `text`, `text/html`, `text/html; charset=utf-8`. */
const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;
const PARAMETER = String.raw`\s*;\s*(${TOKEN})\s*=\s*(?:${TOKEN}|"(?:[^"\\\r\n]|\\[^\r\n])*")`;
const MEDIA_TYPE = new RegExp(String.raw`^\s*${TOKEN}(?:/${TOKEN})?(?:${PARAMETER})*\s*;?\s*$`);

/** What a compress middleware compresses, and how. */
export function checkCompress(subject: Subject): readonly Finding[] {
  const { object } = subject;
  if (!isConfigObject(object["compress"])) return [];
  const [excluded, included] = ["excludedContentTypes", "includedContentTypes"].map((field) =>
    listAt(object, "compress", field).map(String),
  );
  if (excluded?.length && included?.length) {
    const both = "excludedContentTypes and includedContentTypes";
    return [unknown(subject, "compress", both, "one of the two alone")];
  }
  for (const [field, types = []] of [
    ["excludedContentTypes", excluded],
    ["includedContentTypes", included],
  ] as const) {
    const broken = types.find((type) => !MEDIA_TYPE.test(type));
    if (broken !== undefined) {
      return [unknown(subject, `compress.${field}`, JSON.stringify(broken), "media types such as text/html")];
    }
  }
  const encodings = valueAt(object, "compress", "encodings");
  const listed = encodings === undefined ? ENCODINGS : listAt(object, "compress", "encodings").map(String);
  const allowed = `one or more of ${ENCODINGS.join(", ")}`;
  if (listed.length === 0) return [unknown(subject, "compress.encodings", "no encoding", allowed)];
  const strange = listed.find((encoding) => !ENCODINGS.includes(encoding));
  if (strange !== undefined) return [unknown(subject, "compress.encodings", JSON.stringify(strange), allowed)];
  const fallback = textAt(object, "compress", "defaultEncoding");
  if (fallback === undefined || listed.includes(fallback)) return [];
  return [unknown(subject, "compress.defaultEncoding", JSON.stringify(fallback), `one of ${listed.join(", ")}`)];
}
