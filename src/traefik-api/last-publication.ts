import { AppError } from "../base/errors.ts";
import { splitCanaries } from "../core/traefik/chart/canary-split.ts";
import { changedNames } from "../core/traefik/chart/changed-names.ts";
import type { ConfigObject, DynamicConfig } from "../core/traefik/chart/dynamic-config.ts";
import { differingField } from "../core/traefik-result/same-definition.ts";
import { LISTED_SECTIONS, type ListedSection } from "../core/traefik-result/traefik-resource.ts";
import type { TraefikApi } from "./traefik-api.ts";

/** Whether Traefik has the chart that was published last, asked for by what is new in it: a request or two. */
export interface LastPublication {
  /** This chart lies where Traefik reads it. */
  charted(config: DynamicConfig): void;
  /**
   * True as soon as Traefik has one of the things that are new: it takes a file as a whole. Undefined where the chart has none
   * by which that could be seen, and where the API cannot be read, which is told by who follows it.
   */
  isTaken(signal: AbortSignal): Promise<boolean | undefined>;
}

/** Something that Traefik has otherwise as long as it has not taken the chart. */
interface Mark {
  readonly section: ListedSection;
  readonly name: string;
  /** Undefined: it has gone. */
  readonly definition: ConfigObject | undefined;
}

/** One may be another file's as well, which hides that of the chart. */
const MOST_MARKS = 3;
/** As its file provider calls itself. A chart that Traefik fetches itself is late by its poll, and no file waits for that. */
const PROVIDER = "file";

export function lastPublication(api: Pick<TraefikApi, "resource">): LastPublication {
  let charts: { readonly before: DynamicConfig; readonly after: DynamicConfig } | undefined;
  let last: DynamicConfig | undefined;
  /** Of `charts`, found when they are asked for. */
  let marks: readonly Mark[] | undefined;

  async function isThere({ section, name, definition }: Mark, signal: AbortSignal): Promise<boolean> {
    const found = await api.resource(section, name, PROVIDER, signal);
    if (definition === undefined || found === undefined) return definition === found;
    return differingField(section, definition, found.definition) === undefined;
  }

  return {
    charted(config) {
      if (config === last) return;
      charts = last && { before: last, after: config };
      marks = undefined;
      last = config;
    },
    async isTaken(signal) {
      if (charts === undefined) return undefined;
      marks ??= marksOf(splitCanaries(charts.before), splitCanaries(charts.after));
      try {
        for (const mark of marks) if (await isThere(mark, signal)) return true;
        return marks.length === 0 ? undefined : false;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return undefined;
      }
    },
  };
}

function marksOf(before: DynamicConfig, after: DynamicConfig): readonly Mark[] {
  const marks: Mark[] = [];
  for (const section of LISTED_SECTIONS) {
    for (const name of changedNames(before[section], after[section])) {
      const [old, definition] = [before[section].get(name), after[section].get(name)];
      if (!isSeen(section, old, definition)) continue;
      marks.push({ section, name, definition });
      if (marks.length === MOST_MARKS) return marks;
    }
  }
  return marks;
}

/** Whether an answer about it tells the two charts apart. */
function isSeen(section: ListedSection, old: ConfigObject | undefined, definition: ConfigObject | undefined): boolean {
  // With several entry points Traefik may list it under other names.
  if (section === "http/routers" && !hasOneEntryPoint(definition ?? old)) return false;
  if (old === undefined || definition === undefined) return true;
  return differingField(section, definition, old) !== undefined;
}

function hasOneEntryPoint(router: ConfigObject | undefined): boolean {
  const entryPoints = router?.["entryPoints"];
  return Array.isArray(entryPoints) && entryPoints.length === 1;
}
