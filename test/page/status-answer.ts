import type { StatusAnswer } from "../../src/api/resources/status.ts";

/** An answer of /v1/status: ready, one source, a chart. Only what the page's models read is there. */
export function statusAnswer(differs: Partial<StatusAnswer> = {}): StatusAnswer {
  return {
    version: "0.1.0",
    uptimeSeconds: 10,
    ready: true,
    reasons: [],
    sources: [],
    chart: { generation: 1, hash: "aa", states: {} },
    edges: [],
    ...differs,
  } as unknown as StatusAnswer;
}
