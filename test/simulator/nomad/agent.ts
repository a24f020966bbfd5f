import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { createNomadCatalog, type NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { type NomadServerOptions, startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { until } from "../../support/await-until.ts";

/** One answer of an agent. */
export interface Answer {
  readonly status: number;
  /** NaN where it has none. */
  readonly index: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

/** The embedded Nomad on a socket, and questions to it. */
export interface Agent {
  readonly catalog: NomadCatalog;
  readonly server: CatalogServer;
  get(path: string, token?: string): Promise<Answer>;
  /** Starts a blocking query and resolves when the server has it; the answer is still to come. */
  block(path: string, index: number): Promise<{ readonly answer: Promise<Answer>; isOver(): boolean }>;
  close(): Promise<void>;
}

export async function startAgent(options: Omit<NomadServerOptions, "catalog"> = {}): Promise<Agent> {
  const catalog = createNomadCatalog();
  const server = await startNomadServer({ catalog, ...options });

  async function get(path: string, token = ""): Promise<Answer> {
    const response = await fetch(server.url + path, { headers: { Connection: "close", "X-Nomad-Token": token } });
    const text = await response.text();
    const names = ["Content-Type", "X-Nomad-Index", "X-Nomad-Knownleader", "X-Nomad-Lastcontact"];
    return {
      status: response.status,
      index: Number(response.headers.get("X-Nomad-Index") ?? Number.NaN),
      headers: Object.fromEntries(names.map((name) => [name, response.headers.get(name)])),
      body: response.headers.get("Content-Type") === "application/json" ? JSON.parse(text) : text,
    };
  }

  return {
    ...{ catalog, server, get },
    async block(path, index) {
      const before = server.requests.count();
      let isOver = false;
      const answer = get(`${path}${path.includes("?") ? "&" : "?"}index=${index}&wait=1m`).finally(() => {
        isOver = true;
      });
      await until(() => server.requests.count() > before, { what: "the request", timeoutMs: 1_000 });
      return { answer, isOver: () => isOver };
    },
    close: () => server.close(),
  };
}
