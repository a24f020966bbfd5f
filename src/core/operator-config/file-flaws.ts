import { DIAGNOSTIC_CODES } from "../diagnostics/diagnostics.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import {
  type DynamicConfig,
  kindOf,
  newConfig,
  protocolOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { renameReferences, targetOf, wordOf } from "../traefik/chart/references.ts";
import { decodeFile } from "../traefik/decode/decode-file.ts";
import { findEmptyObject } from "../traefik/decode/empty-object.ts";
import { type FileProblem, notCharted } from "../traefik/decode/file-problem.ts";
import { traefikRefusal } from "../traefik/decode/traefik-refusal.ts";
import { lintObject } from "../traefik/lint/lint.ts";
import { withDefaults } from "../traefik/rule/stated-defaults.ts";
import { TRAEFIK_VERSIONS } from "../traefik/vocabulary/traefik-version.ts";
import { flawsIn } from "../traefik/weight/size-flaws.ts";
import { parentsIn, whatIsMissing } from "./judge-file.ts";
import type { OperatorConfigSettings } from "./operator-config.ts";

/** Something that is wrong with a file in Traefik's format. */
export interface FileFlaw {
  /** That of a diagnostic where there is one. */
  readonly code: string;
  readonly file: string;
  /** The place from the outside in; names may hold dots. */
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
  /** `file`: Traefik refuses the file, and the directory with it. `part`: it disables this, and what refers to it. `none`: neither. */
  readonly effect: "file" | "part" | "none";
}

/** A file that was read: what a parser made of it. */
export interface TraefikFile {
  readonly name: string;
  readonly content: unknown;
}

/**
 * Everything that Traefik would refuse, disable or pass over in files of its format that lie in one directory: fields and
 * values, what it would only log about, and references that none of the files answers. References to other providers are
 * believed. Beyond Traefik's own judgement what is too large is told.
 */
export function flawsOfFiles(files: readonly TraefikFile[], settings: OperatorConfigSettings): readonly FileFlaw[] {
  const flaws: FileFlaw[] = [];
  const whole = newConfig();
  const fileOf = new Map<ResourceKey, string>();
  for (const { name, content } of files) {
    const { config, flaws: own } = decoded(name, content, settings);
    flaws.push(...own, ...flawsOfObjects(name, config, settings));
    for (const section of SECTIONS) {
      for (const [entry, object] of config[section]) {
        const key = resourceKey(section, entry);
        const first = fileOf.get(key);
        if (first !== undefined) {
          flaws.push(
            flaw(
              name,
              key,
              "NAME_TWICE",
              `is defined in ${first}, too; traefik takes the first by the order of file names`,
              "define it once",
              "none",
            ),
          );
          continue;
        }
        fileOf.set(key, name);
        whole[section].set(entry, object);
      }
    }
  }
  return [...flaws, ...flawsBetween(whole, (key) => fileOf.get(key) ?? "")];
}

function decoded(file: string, content: unknown, { version }: OperatorConfigSettings) {
  const found = decodeFile(content, version);
  // Traefik reads what a chart has no place for, such as lists of certificates.
  const problems = (found.kind === "refused" ? found.problems : []).filter(
    ({ path, message }) => message !== notCharted(path).message,
  );
  const newest = decodeFile(content, TRAEFIK_VERSIONS.at(-1) ?? version);
  const ofAnyVersion = new Set(newest.kind === "refused" ? newest.problems.map(textOf) : []);
  const flaws = problems.map((problem): FileFlaw => {
    const isRefused = problem.isOnlyOurs !== true || !ofAnyVersion.has(textOf(problem));
    const { path, message, remedy } = problem;
    const code = isRefused ? "FILE_REFUSED" : "FIELD_PASSED_OVER";
    return { code, file, path: stepsOf(path), message, remedy, effect: isRefused ? "file" : "none" };
  });
  const refusal = traefikRefusal(content);
  if (refusal !== undefined && !flaws.some(({ effect }) => effect === "file")) {
    const { path, message, remedy } = refusal;
    flaws.unshift({ code: "FILE_REFUSED", file, path: stepsOf(path), message, remedy, effect: "file" });
  }
  return { config: found.config, flaws };
}

function textOf({ path, message }: FileProblem): string {
  return `${path} ${message}`;
}

function stepsOf(path: string): readonly string[] {
  return path === "" ? [] : path.split(".");
}

function flawsOfObjects(file: string, config: DynamicConfig, settings: OperatorConfigSettings): readonly FileFlaw[] {
  const parents = parentsIn(config);
  return SECTIONS.flatMap((section) =>
    [...config[section]].flatMap(([name, written]): readonly FileFlaw[] => {
      const object = withDefaults(section, written, settings);
      const key = resourceKey(section, name);
      const isParent = section === "http/routers" && parents.has(name);
      // Of an empty object Traefik refuses the file, and that has been told.
      const isWhole = findEmptyObject(section, object) === undefined;
      const missing = isWhole ? whatIsMissing(section, object, isParent) : [];
      return [
        ...missing.map(({ message, remedy }) => flaw(file, key, "FIELD_MISSING", message, remedy, "part")),
        ...lintObject(section, name, object, settings).map(({ code, message, remedy }) =>
          flaw(file, key, code, message, remedy, DIAGNOSTIC_CODES[code].severity === "error" ? "part" : "none"),
        ),
      ];
    }),
  );
}

/** What only shows where the files are put together. */
function flawsBetween(whole: DynamicConfig, fileOf: (key: ResourceKey) => string): readonly FileFlaw[] {
  const flaws: FileFlaw[] = [];
  for (const [key, { code, message, remedy }] of flawsIn(whole)) {
    flaws.push(flaw(fileOf(key), key, code, message, remedy, code === "REFERENCE_CIRCULAR" ? "part" : "none"));
  }
  const config = withoutOwnProvider(whole);
  dropDangling(config, (section, name, missing) => {
    const key = resourceKey(section, name);
    const target = targetOf(section, missing);
    const isDefined = target !== undefined && config[target].has(missing.name);
    const why = isDefined ? "which refers to something that is not defined" : "which is not defined";
    const message = `refers to ${wordOf(missing.kind)} ${JSON.stringify(missing.name)}, ${why}`;
    const remedy = isDefined
      ? "correct what that refers to"
      : "define it, correct the name, or check this file together with the one that defines it";
    flaws.push(flaw(fileOf(key), key, "REFERENCE_UNKNOWN", message, remedy, "part"));
    return undefined;
  });
  return flaws;
}

/** Between files of one directory `x` and `x@file` are the same. */
function withoutOwnProvider(config: DynamicConfig): DynamicConfig {
  const patch = patchConfig(config);
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      patch.put(
        section,
        name,
        renameReferences(section, object, (reference) => reference.name.replace(/@file$/, "")),
      );
    }
  }
  return patch.result();
}

function flaw(
  file: string,
  key: ResourceKey,
  code: string,
  message: string,
  remedy: string,
  effect: FileFlaw["effect"],
): FileFlaw {
  const { section, name } = splitKey(key);
  return { code, file, path: [protocolOf(section), kindOf(section), name], message, remedy, effect };
}
