import { createHash } from "node:crypto";
import { z } from "zod";
import { fileVersion } from "../../base/file-version.ts";
import type { ChartFingerprints, DecidedFrom } from "../../daemon/confirmed-chart.ts";
import { createStateFile } from "../../output/state/state-file.ts";

const FORMAT = 1;

const fingerprint = z.object({
  /** SHA-256 of the chart's text. */
  chart: z.string(),
  /** SHA-256 of all that it was decided from. */
  from: z.string(),
  dueAtMs: z.number().exactOptional(),
});

export interface ChartFingerprintFileOptions {
  readonly path: string;
  /** The files with the state that a decision begins with. Which bytes they hold is known by when they were written. */
  readonly stateFiles: readonly string[];
  /** Differs for another program; undefined where that is not known. */
  program(): Promise<string | undefined>;
}

/** The file for the fingerprint of what one chart was decided from. */
export function createChartFingerprintFile({
  path,
  stateFiles,
  program,
}: ChartFingerprintFileOptions): ChartFingerprints {
  const file = createStateFile({ path, format: FORMAT, decode: (value) => fingerprint.safeParse(value).data });

  /** Undefined where settings, program or state cannot be told from others. */
  async function digestOf({ settings, ...from }: DecidedFrom): Promise<string | undefined> {
    const [running, ...versions] = await Promise.all([program(), ...stateFiles.map(fileVersion)]);
    // The functions that settings are compiled to are known by this id alone.
    if (settings.id === undefined || running === undefined || versions.includes(undefined)) return undefined;
    return sha256(JSON.stringify([running, versions, settings, from], withCollections));
  }

  return {
    async match(text, from, nowMs) {
      const read = await file.look();
      if (read.kind !== "loaded") return false;
      const { value, writtenAtMs } = read;
      if (nowMs < writtenAtMs || (value.dueAtMs !== undefined && value.dueAtMs <= nowMs)) return false;
      return value.chart === sha256(text) && value.from === (await digestOf(from));
    },
    async keep(text, from, dueAtMs, nowMs) {
      const digest = await digestOf(from);
      if (digest === undefined) return;
      await file.save({ chart: sha256(text), from: digest, ...(dueAtMs === undefined ? {} : { dueAtMs }) }, nowMs);
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON would write each of these as `{}`, or refuse it. */
function withCollections(_: string, value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof RegExp) return String(value);
  return typeof value === "bigint" ? String(value) : value;
}
