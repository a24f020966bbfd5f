import { type LoadOptions, loadAll, YAMLException } from "js-yaml";

/** The documents of a text, or what is wrong with it, to follow "YAML": ` at line 2, column 4: unidentified alias …`. */
export type ParsedYaml =
  | { readonly kind: "parsed"; readonly documents: readonly unknown[] }
  | { readonly kind: "refused"; readonly fault: string };

/** Most values in a text, what aliases repeat counted each time: nine lines can stand for a thousand million values. */
const MAX_VALUES = 1_000_000;

/** Parses a text that the operator wrote. The fault names the place and never quotes the text, which may hold secrets. */
export function parseYaml(text: string, options?: Pick<LoadOptions, "schema">): ParsedYaml {
  try {
    const documents = loadAll(text, options);
    const values = countValues(documents, MAX_VALUES);
    if (values <= MAX_VALUES) return { kind: "parsed", documents };
    return { kind: "refused", fault: `: its aliases unfold to more than ${MAX_VALUES} values` };
  } catch (error) {
    return { kind: "refused", fault: faultOf(error) };
  }
}

/** Counts the values in a tree; stops once there are more than `most`. */
function countValues(value: unknown, most: number): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const child of Object.values(value)) {
    count += countValues(child, most - count);
    if (count > most) break;
  }
  return count;
}

function faultOf(error: unknown): string {
  if (error instanceof RangeError) return ": it is nested too deeply";
  if (!(error instanceof YAMLException)) return "";
  const reason = error.reason.replace(/["<].*$/s, "…");
  return error.mark === null || error.mark === undefined
    ? `: ${reason}`
    : ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}: ${reason}`;
}
