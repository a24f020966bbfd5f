import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { readCatalogs } from "../../../src/app/explain/read-catalogs.ts";
import { PLAIN_TEXT } from "../../../src/cli/text/colour.ts";
import { answerText } from "../../../src/cli/text/explain/answer-text.ts";
import type { Answer } from "../../../src/core/explain/answer.ts";
import type { Decided } from "../../../src/core/explain/decided.ts";
import { explain } from "../../../src/core/explain/explain.ts";
import type { ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import type { TraefikEntryPoint } from "../../../src/core/traefik-result/running-traefik.ts";
import type { TraefikFlaw, TraefikResult } from "../../../src/core/traefik-result/traefik-result.ts";
import { compareBytes } from "../../../src/go/byte-order.ts";
import type { GoldenCase } from "../case-file.ts";
import { playWhole } from "../play.ts";

/** A Traefik that is asked, and what it made of the chart; what is not here it has as it is charted. */
interface CompactTraefik {
  readonly entryPoints: readonly TraefikEntryPoint[];
  readonly flaws?: Readonly<Record<ResourceKey, TraefikFlaw>>;
}

/** A situation, as in a golden case, a question, and the whole answer. */
export interface ExplainCase extends Omit<GoldenCase, "outcome"> {
  readonly explain: string;
  readonly traefik?: CompactTraefik;
  /** The remedy as it was applied: pieces that stand in the answer, and what is another one with them. */
  readonly mended?: Partial<Omit<ExplainCase, "mended">> & {
    readonly copied: readonly string[];
    /** Earlier steps are lived through again, with the situation before the remedy as the last of them. */
    readonly afterwards?: true;
  };
  readonly text: string;
}

const FOLDER = import.meta.dirname;

/** All cases in the order of their names. */
export function readExplainCases(): readonly ExplainCase[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".case.yml"));
  return names.sort(compareBytes).map((name) => {
    const content = load(readFileSync(join(FOLDER, name), "utf8")) as Partial<ExplainCase>;
    return { text: "", ...content, name: name.replace(".case.yml", "") } as ExplainCase;
  });
}

/** Replaces the answer, which is the end of every case file. */
export function rewriteText(name: string, text: string): void {
  const path = join(FOLDER, `${name}.case.yml`);
  const [situation] = readFileSync(path, "utf8").split(/^text:/m, 1);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`));
  writeFileSync(path, `${situation?.trimEnd()}\n\ntext: |\n${lines.join("\n")}\n`);
}

/** What the last pass of a case is asked about. */
export function decidedIn({ traefik, services, ...situation }: ExplainCase | MendedCase): Decided {
  const isRead = ({ datacenter = "dc1" }: (typeof services)[number]) => datacenter === datacenterOf(situation.settings);
  const { decision, snapshots, settings, core, nowMs } = playWhole({ ...situation, services: services.filter(isRead) });
  return {
    ...{ decision, snapshots, settings: core, nowMs: nowMs + 2_000, output: "dynamic/portolan.yml" },
    catalogs: readCatalogs(settings),
    ...(traefik === undefined ? {} : { traefik: { result: resultOf(traefik, nowMs), unread: undefined } }),
  };
}

type MendedCase = Omit<ExplainCase, "text" | "name" | "description">;

/** The agent's own datacenter, unless the settings name another one. */
function datacenterOf(settings: GoldenCase["settings"]): string {
  const consul = settings?.["consul"] as { readonly datacenter?: string } | undefined;
  return consul?.datacenter ?? "dc1";
}

function resultOf({ entryPoints, flaws = {} }: CompactTraefik, nowMs: number): TraefikResult {
  return {
    traefik: {
      version: "3.6.12",
      startedAt: "2026-01-01T00:00:00Z",
      entryPoints,
      providers: ["File"],
      configuration: undefined,
    },
    readAtMs: nowMs,
    taking: { kind: "taken" },
    flaws: new Map(Object.entries(flaws) as [ResourceKey, TraefikFlaw][]),
  };
}

export function answersOf(asked: ExplainCase | MendedCase): readonly [Answer, ...Answer[]] {
  return explain(asked.explain, decidedIn(asked));
}

export function textOf(asked: ExplainCase): string {
  return answersOf(asked)
    .map((answer) => answerText(answer, PLAIN_TEXT))
    .join("\n");
}

/** The situation after the remedy. */
export function mendedCase({
  mended,
  text: _t,
  name: _n,
  description: _d,
  ...before
}: ExplainCase): MendedCase | undefined {
  if (mended === undefined) return undefined;
  const { copied: _, afterwards, ...changes } = mended;
  const { previous = [], services } = before;
  const lived = afterwards === true ? { previous: [...previous, { ...before, services }] } : {};
  return { ...before, ...lived, ...changes };
}
