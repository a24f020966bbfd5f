import type { SourceSummary, StatusAnswer } from "../../../src/api/resources/status.ts";

/** What portolan says of itself, as far as a soak asks. */
export interface PortolanStatus {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly source: Pick<
    SourceSummary,
    "strategy" | "services" | "openRequests" | "consecutiveFailures" | "indexResets" | "lastError"
  >;
}

/** `/v1/status` of the portolan that listens at the URL and reads one catalog. */
export async function readPortolanStatus(url: string): Promise<PortolanStatus> {
  const { ready, reasons, sources } = (await (await ask(`${url}/v1/status`)).json()) as StatusAnswer;
  const [source] = sources;
  if (source === undefined) throw new Error(`the portolan at ${url} reads no catalog`);
  return { ready, reasons, source };
}

/** The sum of a metric over its labels. */
export async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await ask(`${url}/metrics`)).text();
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"));
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Without leaving a connection open, which would count as one of portolan's. */
function ask(url: string): Promise<Response> {
  return fetch(url, { headers: { Connection: "close" } });
}
