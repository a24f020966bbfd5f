import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";

/** Traefik opens connections for every question and leaves them open; this many are ended at a time. */
const QUESTIONS_BETWEEN_RECONNECTS = 200;

/** To be called before each question about a catalog: now and then it ends all connections. */
export function reconnects(server: CatalogServer): () => Promise<void> {
  let questions = 0;
  return async () => {
    questions += 1;
    if (questions % QUESTIONS_BETWEEN_RECONNECTS !== 0) return;
    await server.close();
    await server.reopen();
  };
}
