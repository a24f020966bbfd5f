/** What portolan says of itself, as far as a soak asks. */
export interface PortolanStatus {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly source: {
    readonly strategy: string;
    readonly services: number;
    readonly openRequests: number;
    readonly consecutiveFailures: number;
    readonly indexResets: number;
    readonly lastError?: { readonly code: string; readonly message: string };
  };
}

/** `/v1/status` of the portolan that listens at the URL. */
export async function readPortolanStatus(url: string): Promise<PortolanStatus> {
  return (await (await ask(`${url}/v1/status`)).json()) as PortolanStatus;
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
