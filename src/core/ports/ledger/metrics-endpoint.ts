/** How metrics are asked for at a port. */
export interface MetricsEndpoint {
  readonly scheme: "http" | "https";
  /** From its slash on, without parameters. */
  readonly path: string;
}

export const METRICS_SCHEMES = ["http", "https"] as const;

/** What counts where nothing else is said: Prometheus's own defaults. */
export const USUAL_ENDPOINT: MetricsEndpoint = { scheme: "http", path: "/metrics" };

const MOST_OF_PATH = 500;

/** A path as a scraper takes it: it would escape a `?`, so that parameters never arrive. */
export function isMetricsPath(text: string): boolean {
  return text.length <= MOST_OF_PATH && /^\/[^\s?#\p{C}]*$/u.test(text);
}

/** What is allowed, for messages. */
export const METRICS_PATH_ALLOWED = `a path such as /metrics, up to ${MOST_OF_PATH} characters, without parameters`;
