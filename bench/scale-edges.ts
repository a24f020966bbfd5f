import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDefaultCertificate } from "../test/support/default-certificate.ts";
import { fileProvider, startRealTraefik } from "../test/support/real-traefik.ts";
import { children } from "./procfs.ts";
import type { Binary } from "./stage.ts";
import { startWithTeardown } from "./teardown.ts";

/** A Traefik with the chart that it reads. */
export interface ScaleEdge {
  readonly url: string;
  readonly apiUrl: string;
  readonly pid: number;
  readonly chartPath: string;
}

export interface ScaleEdges {
  readonly all: readonly ScaleEdge[];
  /** Where the main chart belongs. */
  readonly directory: string;
  /** For portolan: the other charts, and each Traefik's API. */
  readonly settings: object;
  stop(): Promise<void>;
}

/** A Traefik for each prefix of tags, the main chart's first. */
export function startEdges(prefixes: readonly string[], tool: Binary): Promise<ScaleEdges> {
  return startWithTeardown(async (teardown) => {
    const root = await mkdtemp(join(tmpdir(), "portolan-bench-edges-"));
    teardown.add(() => rm(root, { recursive: true, force: true }));
    const all: ScaleEdge[] = [];
    for (const prefix of prefixes) {
      const watched = join(root, prefix);
      await mkdir(watched);
      await writeDefaultCertificate(watched, root);
      const before = children();
      const traefik = await startRealTraefik(tool, { args: fileProvider(watched), throttleMs: 10, logLevel: "ERROR" });
      teardown.add(traefik.stop);
      const pid = children().find((one) => !before.includes(one)) ?? 0;
      all.push({ url: traefik.url, apiUrl: traefik.apiUrl, pid, chartPath: join(watched, "portolan.yml") });
    }
    const others = all.slice(1).map(({ apiUrl, chartPath }, position) => {
      const name = prefixes[position + 1]!;
      return { name, prefix: name, file: chartPath, api: apiUrl };
    });
    return {
      all,
      directory: join(root, prefixes[0]!),
      settings: { traefik: { api: all[0]!.apiUrl }, edges: others },
      stop: teardown.run,
    };
  });
}
