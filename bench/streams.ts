import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";

/** As many pages as are open beside the one that is looked at, as far as the daemon can tell: each has its stream. */
export interface Streams {
  /** Bytes that came by all of them. */
  received(): number;
  /** How many are still open. */
  open(): number;
  close(): void;
}

/** Opens so many streams of what happens, and waits until each has told its first word. Throws where one is refused. */
export async function openStreams(url: string, count: number): Promise<Streams> {
  const requests: ClientRequest[] = [];
  let received = 0;
  let open = 0;
  for (let at = 0; at < count; at += 1) {
    const one = request(`${url}/v1/events`, { headers: { accept: "text/event-stream" }, agent: false }).end();
    requests.push(one);
    const [answer] = (await once(one, "response")) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(`stream ${at + 1}: answered ${answer.statusCode}`);
    open += 1;
    answer.on("error", () => {});
    one.on("error", () => {});
    answer.once("close", () => {
      open -= 1;
    });
    answer.on("data", (part: Buffer) => {
      received += part.length;
    });
  }
  return {
    received: () => received,
    open: () => open,
    close() {
      for (const one of requests) one.destroy();
    },
  };
}
