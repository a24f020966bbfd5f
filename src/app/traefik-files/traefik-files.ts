import { type FileFlaw, flawsOfFiles, type TraefikFile } from "../../core/operator-config/file-flaws.ts";
import type { OperatorConfigSettings } from "../../core/operator-config/operator-config.ts";
import { CHART_HEADER } from "../../core/traefik/chart/render.ts";
import { parseTraefikText } from "../../neighbours/parse.ts";
import { isTemplate } from "../../neighbours/template.ts";

/** The text of a file in Traefik's format. */
export interface TraefikText {
  readonly name: string;
  readonly format: "yaml" | "toml";
  readonly text: string;
}

/** What is wrong with files that Traefik would read from one directory. A template is not executed, and not judged. */
export function judgeTraefikTexts(
  texts: readonly TraefikText[],
  settings: OperatorConfigSettings,
): readonly FileFlaw[] {
  const flaws: FileFlaw[] = [];
  const files: TraefikFile[] = [];
  for (const { name: file, format, text } of texts) {
    const own = { file, path: [], effect: "file" as const };
    if (isTemplate(text)) {
      const message =
        "is a template, since it has two braces; what traefik would make of it is unknown, and not judged";
      flaws.push({ ...own, code: "TEMPLATE", message, remedy: "check what it makes", effect: "none" });
      continue;
    }
    const parsed = ownChart(text) ?? parseTraefikText(text, format);
    if ("content" in parsed) files.push({ name: file, content: parsed.content });
    else if ("unread" in parsed)
      flaws.push({
        ...own,
        code: "FILE_REFUSED",
        message: `cannot be read: ${parsed.unread}`,
        remedy: "write it without",
      });
    else flaws.push({ ...own, code: "FILE_REFUSED", ...parsed.problem, path: [] });
  }
  return [...flaws, ...flawsOfFiles(files, settings)];
}

/** A chart of portolan's is JSON below its first line, and may be megabytes. */
function ownChart(text: string): { readonly content: unknown } | undefined {
  if (!text.startsWith(CHART_HEADER)) return undefined;
  try {
    const body = text.slice(CHART_HEADER.length);
    return { content: body.trim() === "" ? {} : JSON.parse(body) };
  } catch {
    return undefined;
  }
}
