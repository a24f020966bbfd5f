import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { type DynamicConfig, type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { shapeText } from "../traefik/chart/servers.ts";
import type { FileProblem } from "../traefik/decode/file-problem.ts";
import type { NeighbourName, Neighbours } from "./neighbours.ts";

/** A neighbour as it was found. */
export type FoundNeighbour = Pick<NeighbourName, "file" | "isRead"> & FoundContent;

/** What was found of a file, wherever it lies. */
export type FoundContent = NamedFile | UnknownFile;

type NamedFile =
  /** `isTemplate`: it defines these, and perhaps others that only its execution would tell. */
  | { readonly kind: "operator"; readonly names: readonly ResourceKey[]; readonly isTemplate: boolean }
  | { readonly kind: "peer"; readonly chart: DynamicConfig };

/** A file that says nothing now; `lastNames` are those of before, if it was read then. */
type UnknownFile =
  /** Portolan cannot read it; whether Traefik can is unknown. */
  | { readonly kind: "unread"; readonly reason: string; readonly lastNames: readonly ResourceKey[] }
  /** Traefik cannot load it, and therefore refuses the whole directory. */
  | { readonly kind: "refused"; readonly problem: FileProblem; readonly lastNames: readonly ResourceKey[] };

/** A directory as it was found. */
export interface FoundNeighbours {
  /** In the order in which Traefik reads them. */
  readonly files: readonly FoundNeighbour[];
  /** Why not all files were looked at; undefined where all were. */
  readonly cut?: { readonly directory: string; readonly reason: string };
}

/** Puts together what the neighbours define. The first file that defines a name has it, the operator's before any peer's. */
export function assembleNeighbours({ files, cut }: FoundNeighbours): Neighbours {
  const names = new Map<ResourceKey, NeighbourName>();
  const diagnostics: Diagnostic[] = cut === undefined ? [] : [notAllRead(cut)];
  for (const found of files.filter(({ kind }) => kind !== "peer")) {
    for (const key of namesIn(found)) {
      if (!names.has(key)) names.set(key, { file: found.file, isRead: found.isRead, whose: "operator" });
    }
    const diagnostic = reportOn(found);
    if (diagnostic !== undefined) diagnostics.push(diagnostic);
  }
  for (const found of files) {
    if (found.kind !== "peer") continue;
    const { file, isRead, chart } = found;
    for (const section of SECTIONS) {
      for (const [name, object] of chart[section]) {
        const key = resourceKey(section, name);
        if (!names.has(key)) names.set(key, { file, isRead, whose: "peer", shape: shapeText(object) });
      }
    }
  }
  const isComplete = cut === undefined && files.every((found) => isKnown(found));
  return { names, isComplete, diagnostics };
}

function namesIn(found: FoundNeighbour): readonly ResourceKey[] {
  switch (found.kind) {
    case "operator":
      return found.names;
    case "peer":
      return [];
    default:
      return found.lastNames;
  }
}

function isKnown(found: FoundNeighbour): boolean {
  return found.kind === "peer" || (found.kind === "operator" && !found.isTemplate);
}

/** A file that Traefik refuses is no diagnostic: it is reported as what stops the directory. */
function reportOn(found: FoundNeighbour): Diagnostic | undefined {
  if (found.kind === "unread") {
    return aboutFile(found.file, {
      code: "NEIGHBOUR_UNREAD",
      message: `lies in the directory that traefik reads, and portolan cannot read it (${found.reason}): what it defines is unknown, and a service may get the same name`,
      remedy: "let portolan's user read it, or move it out of the directory",
    });
  }
  if (found.kind !== "operator" || !found.isTemplate) return undefined;
  return aboutFile(found.file, {
    code: "NEIGHBOUR_TEMPLATE",
    message:
      "is a template, which traefik executes and portolan does not: names that a template makes are unknown, and a service may get the same",
    remedy: "write names that no service may have without a template",
  });
}

function notAllRead({ directory, reason }: { readonly directory: string; readonly reason: string }): Diagnostic {
  return aboutFile(directory, {
    code: "NEIGHBOUR_UNREAD",
    message: `not all files in it were read (${reason}): what the others define is unknown, and a service may get the same name`,
    remedy: "keep nothing but traefik's files in the directory",
  });
}
