import { isMapping } from "../../../base/mapping.ts";
import { trimSpace } from "../../../go/white-space.ts";
import { configFrom, type DynamicConfig } from "../chart/dynamic-config.ts";
import { lengthFlaw } from "../labels/map-key.ts";
import { fieldLine } from "../schema/field-line.ts";
import { ROOT } from "../schema/root.ts";
import type { CollectionField, Field, ObjectField, ScalarField } from "../schema/schema.ts";
import { type ConfigValue, configObject, isConfigObject } from "../vocabulary/config-value.ts";
import { SECTIONS } from "../vocabulary/section.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import { describeFound, type FileProblem, notCharted, unknownKey } from "./file-problem.ts";
import { decodeFreeForm } from "./free-form.ts";
import { LIST_SEPARATOR, SCALARS } from "./scalar-field.ts";

export type DecodedFile =
  | { readonly kind: "decoded"; readonly config: DynamicConfig }
  /** `config`: what could be read of it. */
  | { readonly kind: "refused"; readonly problems: readonly FileProblem[]; readonly config: DynamicConfig };

/**
 * What a file in Traefik's format says, from what a YAML parser made of it, with the documented field names and without
 * defaults; never throws, and reports every problem. As in Traefik's file decoder keys are read without regard to case,
 * nulls count as absent, a list of texts may be one text with commas, and every scalar is read by its field's type. Unlike
 * there nothing is ignored in silence: unknown keys at the root, fields that count in tags only, numbers that lose digits.
 *
 * @param mayShowValues whether problems may quote values of fields that are no secret
 */
export function decodeFile(content: unknown, version: TraefikVersion, mayShowValues = true): DecodedFile {
  const problems: FileProblem[] = [];
  const tree = decodeValue(content, ROOT, { path: [], version, problems, mayShowValues, isEntry: false });
  const config = configFrom(tree !== undefined && isConfigObject(tree) ? tree : configObject());
  return problems.length > 0 ? { kind: "refused", problems, config } : { kind: "decoded", config };
}

interface Place {
  readonly path: readonly string[];
  readonly version: TraefikVersion;
  readonly problems: FileProblem[];
  readonly mayShowValues: boolean;
  /** It is an entry of a map or an item of a list, not a field. */
  readonly isEntry: boolean;
}

function below(place: Place, step: string, isEntry: boolean): Place {
  return { ...place, path: [...place.path, step], isEntry };
}

/** Undefined where the field stays unset. */
function decodeValue(value: unknown, field: Field, place: Place): ConfigValue | undefined {
  if (value === null || value === undefined) return undefined;
  switch (field.kind) {
    case "object":
    case "struct":
      return decodeObject(value, field, place);
    case "map":
      return decodeMap(value, field, place);
    case "list":
      return decodeList(value, field, place);
    case "any":
      return decodeFreeForm(value, () =>
        refuse(
          {},
          field,
          place,
          `settings of a plugin: text without the character "${LIST_SEPARATOR}", numbers, lists and mappings`,
        ),
      );
    default:
      return decodeScalar(value, field, place);
  }
}

function decodeObject(value: unknown, field: ObjectField, place: Place): ConfigValue | undefined {
  if (!isMapping(value)) {
    const isSwitch = field.emptyOk === true && /^(?:true|false)$/i.test(String(value));
    if (isSwitch) return String(value).toLowerCase() === "true" ? configObject() : undefined;
    return refuse(value, field, place, `a mapping${field.emptyOk === true ? " (also {})" : ""}`);
  }
  const object = configObject();
  for (const [key, child] of Object.entries(value)) {
    const found = fieldLine(field.fields, key, place.version);
    if (found?.inFiles !== true) {
      const problem = unknownKey(place.path.join("."), key, field, place.version);
      place.problems.push(child === null ? { ...problem, isOnlyOurs: true } : problem);
      continue;
    }
    const at = below(place, found.name, false);
    if (!isCharted(at.path)) place.problems.push(notCharted(at.path.join(".")));
    if (found.name in object) {
      place.problems.push({
        path: at.path.join("."),
        message: "found twice, in different spelling",
        remedy: "keep one",
        isOnlyOurs: true,
      });
    }
    const decoded = decodeValue(child, found.field, at);
    if (decoded !== undefined) object[found.name] = decoded;
  }
  return object;
}

/** Lists of certificates and the models of entry points are no sections of a chart. */
function isCharted(path: readonly string[]): boolean {
  return path.length !== 2 || SECTIONS.some((section) => section === path.join("/"));
}

function decodeMap(value: unknown, field: CollectionField, place: Place): ConfigValue | undefined {
  if (!isMapping(value)) return refuse(value, field, place, "a mapping");
  const object = configObject();
  for (const [key, child] of Object.entries(value)) {
    const flaw = lengthFlaw(key);
    const at = below(place, flaw === undefined ? key : "…", true);
    if (flaw !== undefined) {
      const path = at.path.join(".");
      place.problems.push({ path, message: `the name ${flaw}`, remedy: "choose a shorter name", isOnlyOurs: true });
    }
    if (field.defines !== undefined && key.includes("@")) {
      place.problems.push({
        path: at.path.join("."),
        message: 'found "@" in the name, which separates a name from its provider',
        remedy: 'choose a name without "@"',
        isOnlyOurs: true,
      });
    }
    const decoded = decodeValue(child, field.entry, at);
    if (decoded !== undefined) object[key] = decoded;
  }
  return object;
}

function decodeList(value: unknown, field: CollectionField, place: Place): ConfigValue | undefined {
  const items = typeof value === "string" && !("fields" in field.entry) ? value.split(",") : value;
  if (!Array.isArray(items)) return refuse(value, field, place, "a list");
  // Secret is what is in the list, and the list says so.
  const entry = field.secret === true ? { ...field.entry, secret: field.secret } : field.entry;
  return items.flatMap((item, position) => {
    const at = below(place, String(position), true);
    const decoded = decodeValue(typeof item === "string" ? trimSpace(item) : item, entry, at);
    if (typeof decoded === "string" && decoded.includes(LIST_SEPARATOR)) {
      refuse(item, { ...entry, secret: true }, at, `text without the character "${LIST_SEPARATOR}" (U+2551)`);
    }
    return decoded === undefined ? [] : [decoded];
  });
}

function decodeScalar(value: unknown, field: ScalarField, place: Place): ConfigValue | undefined {
  const { parse, allowed } = SCALARS[field.kind];
  const text = textOf(value);
  const parsed = text === undefined ? undefined : parse(text);
  if (parsed !== undefined) return parsed;
  return refuse(value, field, place, typeof value === "number" ? `${allowed}, in quotes` : allowed);
}

/** Of a fraction or a great number the YAML parser has kept neither the spelling nor all digits. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

function refuse(value: unknown, field: Field, place: Place, allowed: string): undefined {
  const mayShow = place.mayShowValues && field.kind in SCALARS && field.secret !== true;
  place.problems.push({
    path: place.path.join("."),
    message: `found ${describeFound(value, mayShow)}; allowed: ${allowed}`,
    remedy: "correct the value, or remove the field",
    ...(isRefusedByTraefik(value, field, place) ? {} : { isOnlyOurs: true }),
  });
  return undefined;
}

/**
 * Is it certain that Traefik refuses such a value? It takes what does not fit as nothing where an entry, a list or what may be
 * empty belongs. Of great numbers and fractions the spelling is lost here, and YAML 1.1 reads some texts as numbers.
 */
function isRefusedByTraefik(value: unknown, field: Field, { isEntry }: Place): boolean {
  const isScalar = ["string", "number", "boolean"].includes(typeof value);
  if (["object", "struct", "map"].includes(field.kind)) return isScalar && !isEntry && field.emptyOk !== true;
  if (!(field.kind in SCALARS)) return false;
  if (typeof value === "string") return !value.includes(LIST_SEPARATOR) && !/^[-+\d._]/.test(value);
  return typeof value === "boolean" || Number.isSafeInteger(value);
}
