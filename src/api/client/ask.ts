import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { request } from "../../base/http-request.ts";
import { parseJson } from "../../base/parse-json.ts";
import { askedAt, type DaemonAddress, writtenAddress } from "../daemon-address.ts";
import { answererOf, isRefusal } from "../refusal.ts";
import type { Resource } from "../resource.ts";
import type { AskedResource } from "./asked.ts";

/** What is asked for, by the names of a resource's parameters; the daemon judges the values, and says what is allowed. */
export type Asked<Query extends z.ZodObject> = {
  readonly [name in keyof z.input<Query>]?: string | number | undefined;
};

/** A portolan that is alive answers in milliseconds; one whose machine is starved may take longer. */
const PATIENCE_MS = 12_000;
/** More than any answer of portolan's has: pages are bounded. */
const MOST_BYTES = 64 * 1_024 * 1_024;

/**
 * Asks the portolan that listens at an address. Throws AppError: E_DAEMON_AWAY (exit code 69) where none listens or answers
 * there, or something else does; else the code with which it refuses the request.
 *
 * The project's requests to other systems go by axios. This one goes from a command to its own daemon, mostly on the same
 * machine, without proxies, redirects, TLS or tokens, and axios alone takes 100 ms to load, which would
 * be most of what the command takes.
 */
export async function ask<Row extends Resource>(
  address: DaemonAddress,
  resource: AskedResource<Row>,
  query: Asked<Row["query"]>,
  signal?: AbortSignal,
): Promise<z.output<Row["answer"]>> {
  const at = writtenAddress(address);
  const { status, text, headers } = await reply(address, pathOf(resource.path, query), signal);
  const found = parseJson(text);
  if (status !== 200) throw refused(at, found, text);
  if (answererOf(headers["server"]) === "same" && isAnswerOf<Row>(found)) return found;
  const answer = (await resource.load()).answer.safeParse(found);
  if (answer.success && isAnswerOf<Row>(answer.data)) return answer.data;
  throw new AppError(
    `the portolan at ${at} answers ${resource.path} in another form: it is of another version than this command; use the command of the version that runs there`,
    { code: "E_DAEMON_VERSION", retryable: false },
  );
}

/** What a daemon with the same contract answers has been made by the same row. */
function isAnswerOf<Row extends Resource>(found: unknown): found is z.output<Row["answer"]> {
  return found !== undefined;
}

/** A page of the listener that is text. Throws AppError as `ask` does. */
export async function askText(address: DaemonAddress, path: "/metrics"): Promise<string> {
  const { status, text } = await reply(address, path);
  if (status !== 200) throw refused(writtenAddress(address), parseJson(text), text);
  return text;
}

/** What a portolan answers there; anything else is thrown. */
async function reply(address: DaemonAddress, path: string, signal?: AbortSignal): Promise<Reply> {
  const at = writtenAddress(address);
  const answer = await get(askedAt(address), path, signal).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    throw away(at, "code" in error ? String(error.code) : error.message);
  });
  if (answererOf(answer.headers["server"]) === "other-program") throw notPortolan(at, answer.status);
  return answer;
}

/** The path with what is asked for. */
export function pathOf(path: string, query: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function get({ host, port }: DaemonAddress, path: string, until?: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const signal = until === undefined ? patience : AbortSignal.any([patience, until]);
    const outgoing = request({ host, port, path, signal, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > MOST_BYTES) response.destroy(new Error(`more than ${MOST_BYTES} bytes`));
      });
      response.once("error", reject);
      response.once("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString("utf8"),
        });
      });
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}

function refused(at: string, found: unknown, text: string): AppError {
  const { code, message } = isRefusal(found) ? found : { code: "E_API_REFUSED", message: text.trim() };
  // What is not there is said as it is; a question that is put wrongly is a mistake of the command line.
  const words = code === "E_API_NOT_FOUND" ? message : `the portolan at ${at} refuses: ${message}`;
  const exitCode = code === "E_API_QUERY" ? EXIT_CODES.usage : EXIT_CODES.failure;
  return new AppError(words, { code, retryable: code === "E_API_BUSY", exitCode });
}

const REMEDY = "name the address of the one that runs with --listen HOST:PORT (setting listen)";

function away(at: string, reason: string): AppError {
  return unavailable(`no portolan answers at ${at} (${reason}); start it with portolan run, or ${REMEDY}`);
}

function notPortolan(at: string, status: number): AppError {
  return unavailable(`what answers at ${at} (status ${status}) is another program, or an older portolan; ${REMEDY}`);
}

function unavailable(message: string): AppError {
  return new AppError(message, { code: "E_DAEMON_AWAY", retryable: true, exitCode: EXIT_CODES.unavailable });
}
