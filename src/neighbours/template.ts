/** Stands in place of what a template would make; no file has it by itself. */
const UNKNOWN = "PortolanUnknownTemplatePart";

/** Does a text come from a template in part? */
export function isUnknownPart(text: string): boolean {
  return text.includes(UNKNOWN);
}

/** Traefik runs a file through Go's text/template as soon as this is in it, in a comment as well. */
export function isTemplate(text: string): boolean {
  return text.includes("{{");
}

/**
 * A template with its actions taken out, never executed: lines that hold nothing else are dropped, elsewhere a mark stands in
 * place of each. What is left may be no valid file.
 */
export function withoutActions(text: string): string {
  const marked = text.replace(ACTION, UNKNOWN);
  return marked
    .split("\n")
    .filter((line) => !line.includes(UNKNOWN) || line.replaceAll(UNKNOWN, "").trim() !== "")
    .join("\n");
}

/** A comment, or an action with its quoted and raw texts; one that does not end goes to the end of the file. */
const ACTION =
  /\{\{-?\s*\/\*[\s\S]*?(?:\*\/\s*-?\}\}|$)|\{\{(?:"(?:\\[\s\S]|[^"\\])*"|`[^`]*`|'(?:\\[\s\S]|[^'\\])*'|[^"`'}]|\}(?!\}))*(?:\}\}|$|(?=["`']))/g;
