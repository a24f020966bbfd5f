import type { ChartVersions } from "../../daemon/chart-versions.ts";
import type { Daemon } from "../../daemon/daemon.ts";
import type { ChartStatus } from "../../observe/status/chart-status.ts";
import type { FollowedTraefik } from "../traefik/followed-traefik.ts";

/** One chart for one Traefik (or one group of equal ones), made from the tags with its prefix. */
export interface Edge {
  readonly name: string;
  readonly daemon: Daemon;
  status(): ChartStatus;
  /** The chart's text in force: what was published last, or found on disk at the start; undefined before there is one. */
  publishedText(): string | undefined;
  readonly versions: ChartVersions;
  /** Looks at what the Traefik that reads the chart makes of it. */
  readonly traefik: Pick<FollowedTraefik, "run">;
  /**
   * Waits until no other portolan writes the chart, then reads what is on disk; without a signal it does not wait. Throws
   * AppError: E_OUTPUT_TAKEN where another portolan writes the chart and there is no signal, and where the output cannot be
   * read or was not written by portolan.
   */
  takeChart(signal?: AbortSignal): Promise<void>;
  /** Passes, and restores the file when another process or a person changes it, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Lets another portolan take the chart. */
  releaseChart(): Promise<void>;
}
