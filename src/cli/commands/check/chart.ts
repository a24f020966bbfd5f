import { judgeTraefikTexts, type TraefikText } from "../../../app/traefik-files/traefik-files.ts";
import { STANDARD_INPUT } from "../../../base/input-title.ts";
import { operatorConfigSettings } from "../../../config/resolve/defined.ts";
import type { FileFlaw } from "../../../core/operator-config/file-flaws.ts";
import { TRAEFIK_VERSIONS } from "../../../core/traefik/chart/dynamic-config.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { readText } from "./input.ts";
import { judgeBy } from "./instances/judge-instances.ts";
import { lineFinder } from "./line-finder.ts";
import { type Problem, tell } from "./report.ts";

/** Thirty times the largest chart that people have. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Does what `checkChartCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, files: readonly string[]): Promise<number> {
  if (files.length === 0)
    throw usageError("check chart: name a file, for example portolan.yml, or - for standard input");
  const subject = files.join(", ");
  const texts: TraefikText[] = [];
  const problems: Problem[] = [];
  for (const name of new Set(files)) {
    const read = await readText(name, MOST_BYTES);
    const format = flags["format"] ?? (/\.toml$/i.test(name) ? "toml" : "yaml");
    if (read.kind === "read") texts.push({ name, format: format === "toml" ? "toml" : "yaml", text: read.value });
    else problems.push({ ...read.problem, place: files.length > 1 ? name : "" });
    if (/\.json$/i.test(name)) problems.push({ ...NOT_READ, place: files.length > 1 ? name : "" });
  }
  const { settings } = await judgeBy("check chart", flags);
  const judgedBy = operatorConfigSettings(settings);
  const version = TRAEFIK_VERSIONS.find((one) => one === flags["traefik-version"]) ?? judgedBy.version;
  const lines = new Map(texts.map(({ name, text }) => [name, lineFinder(text)]));
  for (const flaw of judgeTraefikTexts(texts, { ...judgedBy, version })) {
    problems.push(problemOf(flaw, lines.get(flaw.file)?.(flaw.path), files.length > 1));
  }
  return tell({ subject, problems }, flags);
}

const NOT_READ: Omit<Problem, "place"> = {
  code: "FILE_NOT_READ",
  severity: "warning",
  message: "traefik reads .yml, .yaml and .toml, and passes over other endings",
  remedy: "end its name so",
};

const EFFECTS: Readonly<Record<FileFlaw["effect"], string>> = {
  file: "; traefik refuses the whole file, and all of its directory",
  part: "; traefik disables it, and what refers to it",
  none: "",
};

function problemOf(flaw: FileFlaw, line: number | undefined, areMany: boolean): Problem {
  const { code, file, path, message, remedy, effect } = flaw;
  const place = [...(areMany && file !== STANDARD_INPUT ? [file] : []), ...(path.length === 0 ? [] : [path.join(".")])];
  return {
    code,
    severity: effect === "none" ? "warning" : "error",
    place: place.join(": "),
    ...(line === undefined ? {} : { line }),
    message: `${message}${EFFECTS[effect]}`,
    remedy,
  };
}
