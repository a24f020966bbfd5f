import { DIAGNOSTIC_CODES, type Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
} from "../traefik/chart/dynamic-config.ts";
import type { FileProblem } from "../traefik/decode/file-problem.ts";
import { flawsIn } from "../traefik/weight/size-flaws.ts";
import { type JudgedFile, judgeFile } from "./judge-file.ts";
import type { OperatorConfig, OperatorConfigSettings } from "./operator-config.ts";
import { overlay } from "./overlay.ts";

/** A file of the operator's: what a YAML parser made of it, or why there is nothing to judge. */
export type FoundFile = { readonly name: string } & ({ readonly content: unknown } | { readonly problem: FileProblem });

/** File → its content when it was last without a problem. */
export type LastGood = ReadonlyMap<string, unknown>;

export interface Definitions {
  /** What the settings define; judged when they were read. */
  readonly settings: { readonly origin: string; readonly config: DynamicConfig };
  /** In the order in which names are given away: the first file that defines a name has it. */
  readonly files: readonly FoundFile[];
  readonly lastGood: LastGood;
}

/**
 * Puts together what the operator defines. A file with a problem is left out as a whole, and its last good version, if
 * there was one, counts on; the other files do not notice. What two files define alike they share.
 */
export function assembleOperatorConfig(
  { settings: own, files, lastGood }: Definitions,
  settings: OperatorConfigSettings,
): { readonly operatorConfig: OperatorConfig; readonly good: LastGood } {
  const config = newConfig();
  const origins = new Map<ResourceKey, string>();
  const diagnostics: Diagnostic[] = [];
  const good = new Map<string, unknown>();

  function judge(content: unknown): JudgedFile {
    const judged = judgeFile(content, settings);
    if (judged.kind === "refused") return judged;
    const problems = [...clashes(judged.config), ...tooLarge(judged.config)];
    return problems.length === 0 ? judged : { kind: "refused", problems };
  }

  function* clashes(wanted: DynamicConfig): Generator<FileProblem> {
    for (const section of SECTIONS) {
      for (const [name, object] of wanted[section]) {
        const known = config[section].get(name);
        if (known === undefined || canonicalJson(known) === canonicalJson(object)) continue;
        yield {
          path: `${section.replace("/", ".")}.${name}`,
          message: `found another meaning than in ${origins.get(resourceKey(section, name))}, which has the name already`,
          remedy: "choose another name, or define it once",
        };
      }
    }
  }

  /** Of the file, together with the files before it: circles may lead through several. */
  function* tooLarge(wanted: DynamicConfig): Generator<FileProblem> {
    for (const [key, { message, remedy }] of flawsIn(overlay(config, wanted))) {
      yield { path: key.replaceAll("/", "."), message: `found that ${message}`, remedy };
    }
  }

  function add(origin: string, more: DynamicConfig): void {
    for (const section of SECTIONS) {
      for (const [name, object] of more[section]) {
        if (config[section].has(name)) continue;
        config[section].set(name, object);
        origins.set(resourceKey(section, name), origin);
      }
    }
  }

  add(own.origin, own.config);
  for (const file of files) {
    const { name } = file;
    const judged = "content" in file ? judge(file.content) : ({ kind: "refused", problems: [file.problem] } as const);
    if (judged.kind === "sound") {
      add(name, judged.config);
      good.set(name, "content" in file ? file.content : undefined);
      diagnostics.push(...judged.warnings.map((finding) => aboutFile(name, finding)));
      continue;
    }
    const content = lastGood.get(name);
    const before = content === undefined ? undefined : judge(content);
    if (before?.kind === "sound") {
      add(name, before.config);
      good.set(name, content);
    }
    diagnostics.push(...judged.problems.map((problem) => refused(name, problem, before?.kind === "sound")));
  }
  return { operatorConfig: { config, origins, diagnostics }, good };
}

function refused(name: string, { path, message, remedy }: FileProblem, hasLastGood: boolean): Diagnostic {
  const effect = hasLastGood ? "the last good version of the file counts on" : "the whole file is left out";
  return aboutFile(name, {
    code: "SNIPPET_REFUSED",
    message: `${path === "" ? "" : `${path}: `}${message}; ${effect}`,
    remedy,
  });
}

/** Names the operator's file or setting that a finding is about. */
export function aboutFile(origin: string, { code, message, remedy }: Finding): Diagnostic {
  const subject = { service: "", instance: "", node: "", origin };
  return { code, severity: DIAGNOSTIC_CODES[code].severity, subject, message, remedy };
}
