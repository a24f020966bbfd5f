import { parseJson } from "../../../../base/parse-json.ts";
import type { FlagValues } from "../../../command-line/command-line.ts";
import { oneFile, readText, refused } from "../input.ts";
import { lineFinder } from "../line-finder.ts";
import { type Problem, tell } from "../report.ts";
import { judgeBy, tellInstances } from "./judge-instances.ts";
import { parseDefinitions } from "./service-definition.ts";

/** Does what `checkServiceCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const subject = oneFile("check service", operands, "web.json");
  const read = await readText(subject);
  if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
  const content = parseJson(read.value);
  if (content === undefined) return tell({ subject, problems: [noJson(read.value)] }, flags);
  const parsed = parseDefinitions(content);
  if (parsed.kind === "refused") {
    const lineOf = lineFinder(read.value);
    const problems = parsed.problems.map(({ place, message }): Problem => {
      const line = lineOf(place.split("."));
      const remedy = "correct it as Consul's documentation of service definitions has it";
      return { code: "DEFINITION_INVALID", severity: "error", place, ...(line && { line }), message, remedy };
    });
    return tell({ subject, problems }, flags);
  }
  const judge = await judgeBy("check service", flags);
  const howToPlace = "an Address in the definition is another";
  return await tellInstances({ subject, stated: parsed.definitions, howToPlace }, judge, flags);
}

/** Without the parser's own words, which quote the text: it may hold tokens. */
function noJson(text: string): Problem {
  const isHcl = /^\s*services?\s*(?:=\s*)?\{|^\s*services?\s*=\s*\[/m.test(text);
  const remedy = isHcl
    ? "write it as JSON, or check its tags: portolan check tags 'TAG' …"
    : "correct it (jq . FILE says where)";
  return refused("JSON_INVALID", isHcl ? "found HCL; JSON is read" : "found no valid JSON", remedy).problem;
}
