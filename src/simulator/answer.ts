import type { ServerResponse } from "node:http";

/** A complete answer, before it goes to the socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A value as JSON. */
export function jsonAnswer(value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonTextAnswer(JSON.stringify(value), headers);
}

/** What is JSON already. */
export function jsonTextAnswer(body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/json", ...headers }, body };
}

/** Text, as Consul sends its errors. */
export function textAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers }, body };
}

/** An error that Consul's servers, not its HTTP layer, have answered: the index on it is no fact about the cluster. */
export function serverError(status: number, body: string): Answer {
  return textAnswer(status, body, {
    "X-Consul-Index": "1",
    "X-Consul-Knownleader": "false",
    "X-Consul-Lastcontact": "0",
  });
}

/** Sends the answer as a whole, with its length. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...answer.headers, "Content-Length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}
