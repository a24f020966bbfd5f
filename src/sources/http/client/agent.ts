import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import { prepareConnection } from "./prepare-connection.ts";

/** How connections are kept for requests to come. */
export const KEEP_ALIVE: AgentOptions = { keepAlive: true, maxFreeSockets: 8 };

/** HTTP/1.1 over TCP or a unix socket: each request under way occupies a connection. */
export class CatalogAgent extends Agent {
  constructor() {
    super(KEEP_ALIVE);
  }

  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    return prepareConnection(super.createConnection(options, callback));
  }
}
