import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type Answer, textAnswer } from "../../src/simulator/api/answer.ts";
import { type CatalogServer, startApiServer } from "../../src/simulator/api/api-server.ts";
import type { CatalogRequest } from "../../src/simulator/api/listener.ts";

export interface CatalogRelay extends CatalogServer {
  /** Ends it for good, with its connections to the catalog. */
  stop(): Promise<void>;
}

/**
 * Stands between a client and a real catalog: the faults that the embedded catalog's
 * server puts on answers and connections work on those of the real one. Answers 502 while the catalog is away.
 */
export async function startCatalogRelay(url: string): Promise<CatalogRelay> {
  const agent = new Agent({ keepAlive: true });
  const server = await startApiServer((asked, { gone }) => forward(asked, url, agent, gone), {});
  return {
    ...server,
    async stop() {
      await server.close();
      agent.destroy();
    },
  };
}

async function forward(asked: CatalogRequest, url: string, agent: Agent, gone: AbortSignal): Promise<Answer> {
  const forwarded = request(new URL(asked.url ?? "/", url), { method: asked.method, agent, signal: gone });
  try {
    asked.pipe(forwarded);
    const [answer] = (await once(forwarded, "response")) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    return { status: answer.statusCode ?? 0, headers: headersOf(answer), body: Buffer.concat(parts).toString() };
  } catch (error) {
    return textAnswer(502, `the relay has no answer: ${String(error)}`);
  }
}

/** Header names in the catalog's own spelling, without the headers that belong to one connection. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    if (!/^(connection|content-length|transfer-encoding|keep-alive)$/i.test(name)) headers[name] = value;
  }
  return headers;
}
