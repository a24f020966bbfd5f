import { get } from "node:http";
import { createGunzip } from "node:zlib";
import type { RecordedBatch } from "../../fixtures/nomad/recordings.ts";

/** An open event stream, as a client sees it. */
export interface Stream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The lines that have come whole. */
  readonly lines: readonly RecordedBatch[];
  readonly isOver: boolean;
  close(): void;
}

/** Asks for a stream; resolves at its headers. */
export function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      const isZipped = response.headers["content-encoding"] === "gzip";
      const body = isZipped ? response.pipe(createGunzip()) : response;
      let text = "";
      let isOver = false;
      body.on("data", (bytes: Buffer) => {
        text += bytes.toString();
      });
      for (const stream of [body, response]) stream.on("error", () => {});
      response.once("close", () => {
        isOver = true;
      });
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        get lines() {
          return text
            .split("\n")
            .slice(0, -1)
            .map((line) => JSON.parse(line));
        },
        get isOver() {
          return isOver;
        },
        close: () => request.destroy(),
      });
    });
    request.once("error", reject);
  });
}
