import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { REFUSALS } from "../api/refusal.ts";
import type { ServedResource } from "../api/served-resource.ts";
import { AppError } from "../base/errors.ts";
import { printableLines } from "../base/printable.ts";
import { isKnown } from "./known-content.ts";
import { isOwnHost } from "./own-names.ts";
import { codingFor, type PageFile } from "./page-file.ts";
import { createSharedAnswers, type SharedAnswers } from "./shared-answers.ts";

/** What the pages show, asked for at each request. */
export interface WebViews {
  /** Reasons beside readiness are those that do not count for it: a catalog of several that is away. */
  readiness(): { readonly isReady: boolean; readonly reasons: readonly string[] };
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
  /** What is told as JSON, below `/v1`. */
  readonly resources: readonly ServedResource[];
  /** The files of the page for browsers, by path. */
  readonly files: ReadonlyMap<string, PageFile>;
}

/** An answer to a request. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export const TEXT = "text/plain; charset=utf-8";

const MOST_INDENTED = 200_000;
const JSON_TYPE = "application/json; charset=utf-8";

/** Makes the page for a request, given the parameters behind its path. */
export type MakePage = (query: URLSearchParams, request: IncomingMessage) => Page | Promise<Page>;

/** What is served, by path. */
export function pagesOf(
  { readiness, metrics, resources, files }: WebViews,
  names: ReadonlySet<string>,
): ReadonlyMap<string, MakePage> {
  const paths = resources.map(({ path }) => path);
  const shared = createSharedAnswers();
  return new Map<string, MakePage>([
    ...(files.has("/") ? [] : [["/", () => pageless(paths)] as const]),
    ["/healthz", () => ({ status: 200, contentType: TEXT, body: "ok\n" })],
    ["/readyz", () => readinessPage(readiness())],
    [
      "/metrics",
      async () => {
        const { text, contentType } = await metrics();
        return { status: 200, contentType, body: text };
      },
    ],
    ...resources.map((resource): [string, MakePage] => [
      resource.path,
      (query, { headers: { host } }) =>
        isOwnHost(host, names) ? resourcePage(resource, query, shared) : misdirected(host),
    ]),
    ...[...files].map(([path, file]): [string, MakePage] => [
      path,
      (_, { headers }) => (isOwnHost(headers.host, names) ? filePage(file, headers) : misdirected(headers.host)),
    ]),
  ]);
}

function filePage({ contentType, isLasting, etag, bodies }: PageFile, headers: IncomingHttpHeaders): Page {
  const caching = {
    etag,
    vary: "accept-encoding",
    "cache-control": isLasting ? "public, max-age=31536000, immutable" : "no-cache",
  };
  if (isKnown(headers["if-none-match"], etag)) return { status: 304, contentType, body: "", headers: caching };
  const coding = codingFor(String(headers["accept-encoding"] ?? ""), bodies);
  return {
    status: 200,
    contentType,
    body: bodies[coding] ?? bodies.identity,
    headers: { ...caching, ...(coding === "identity" ? {} : { "content-encoding": coding }) },
  };
}

/** What stands in for the page where it was not built. */
function pageless(paths: readonly string[]): Page {
  const body = `this portolan was built without its page for browsers (npm run build makes it), or its files could not be read when it started; what it would show is told at ${paths.join(" ")}\n`;
  return { status: 404, contentType: TEXT, body };
}

function readinessPage({ isReady, reasons }: ReturnType<WebViews["readiness"]>): Page {
  const lines = isReady ? ["ready", ...reasons] : reasons;
  return { status: isReady ? 200 : 503, contentType: TEXT, body: `${lines.join("\n")}\n` };
}

async function resourcePage(
  { path, answer, madeOf }: ServedResource,
  query: URLSearchParams,
  shared: SharedAnswers,
): Promise<Page> {
  try {
    if (madeOf === undefined) return jsonPage(200, await answer(query));
    const body = await shared.answer(`${path}?${query}`, madeOf(), async () =>
      Buffer.from(printableLines(jsonText(await answer(query)))),
    );
    return { status: 200, contentType: JSON_TYPE, body };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refusalPage(error);
  }
}

function jsonPage(status: number, body: unknown): Page {
  return { status, contentType: JSON_TYPE, body: jsonText(body) };
}

function jsonText(body: unknown): string {
  const compact = JSON.stringify(body);
  // No person reads so much, and the spaces would be half of it.
  const text = compact.length > MOST_INDENTED ? compact : JSON.stringify(body, null, 2);
  return `${text}\n`;
}

/** A refusal with its code and message. */
export function refusalPage({ code, message }: AppError): Page {
  return jsonPage(REFUSALS[code] ?? 500, { code, message });
}

export function misdirected(host: string | undefined): Page {
  const allowed = "addresses, localhost, this machine's name and the settings' listenNames are";
  const remedy = `listenNames: [${JSON.stringify(host?.replace(/:\d*$/, ""))}]`;
  const body = `found the host ${JSON.stringify(host)}; ${allowed} allowed; where it is this machine's, add to the settings:\n${remedy}\n`;
  return { status: 421, contentType: TEXT, body };
}
