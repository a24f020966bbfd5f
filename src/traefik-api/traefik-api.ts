import type { RunningTraefik, TraefikCount } from "../core/traefik-result/running-traefik.ts";
import type { ListedSection, TraefikResource, TraefikStatus } from "../core/traefik-result/traefik-resource.ts";

/** What is counted of a running Traefik, and which providers it has. */
export interface TraefikOverview {
  readonly counts: Readonly<Record<ListedSection, TraefikCount>>;
  readonly providers: readonly string[];
}

/**
 * Reads the API of a running Traefik, as of 3.6 and 3.7. All calls reject with a TraefikApiError only: what was found, where and
 * the remedy on one line, without the password. Each answer and each page is bounded in size and time.
 */
export interface TraefikApi {
  /** Which Traefik it is: its version, entry points, providers and, where it shows them, parts of its static configuration. */
  running(signal: AbortSignal): Promise<RunningTraefik>;
  /** The version alone, and when that Traefik started. */
  version(signal: AbortSignal): Promise<Pick<RunningTraefik, "version" | "startedAt">>;
  /** Numbers only: half a kilobyte however much Traefik has. */
  overview(signal: AbortSignal): Promise<TraefikOverview>;
  /**
   * All that Traefik has of a kind from any provider, or of it what has a status, page by page in the order of names. A
   * configuration that is replaced meanwhile may hide one from the pages: `resource` says for sure.
   */
  resources(
    section: ListedSection,
    signal: AbortSignal,
    only?: { readonly status: TraefikStatus },
  ): AsyncGenerator<readonly TraefikResource[]>;
  /** One by its name in its provider; undefined where Traefik has none. */
  resource(
    section: ListedSection,
    name: string,
    provider: string,
    signal: AbortSignal,
  ): Promise<TraefikResource | undefined>;
  close(): void;
}
