import { CatalogError, type CatalogErrorCode } from "../catalog/catalog-error.ts";
import type { Product } from "../catalog/product.ts";
import { hideToken } from "../credentials/hide-token.ts";
import {
  ABORTED,
  ANSWER_CUT,
  ANSWER_TOO_LARGE,
  ANSWERS_TOO_LARGE,
  CLOSED_UNANSWERED,
  CONNECT_TIMEOUT,
  CONNECTION_LOST,
} from "./client/failure.ts";

/**
 * Makes a CatalogError of whatever the HTTP client threw, taking along only texts: the thrown object holds the request
 * and so the token, and is never chained. Should a proxy echo the token in its answer, it is blotted out.
 */
export function toCatalogError(thrown: unknown, endpoint: string, token: string): CatalogError {
  const { code, message, ...facts } = thrown instanceof CatalogError ? factsOf(thrown) : classify(thrown);
  return new CatalogError(code, hideToken(`${endpoint}: ${message}`, token), facts.retryAfterMs, facts);
}

function factsOf({ catalogCode, message, retryAfterMs, isRefusal, isMissing }: CatalogError): Classified {
  return { code: catalogCode, message, retryAfterMs, isRefusal, isMissing };
}

interface Classified {
  readonly code: CatalogErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  readonly isRefusal?: boolean;
  readonly isMissing?: boolean;
}

function classify(thrown: unknown): Classified {
  const code = textOf(property(thrown, "code")) ?? "";
  if (code === ANSWER_TOO_LARGE) return { code: "E_CATALOG_TOO_LARGE", message: "the answer is larger than accepted" };
  if (code === ANSWERS_TOO_LARGE) {
    const message = "the answers that are being read at the moment are larger together than accepted";
    return { code: "E_CATALOG_TOO_LARGE", message };
  }
  if (code === ANSWER_CUT) return { code: "E_CATALOG_CUT", message: "the answer was cut short" };
  if (code === CONNECT_TIMEOUT) return { code: "E_CATALOG_UNREACHABLE", message: "no connection within 1 s" };
  if (code === ABORTED) return { code: "E_CATALOG_ABORTED", message: "stopped" };
  if (code === CONNECTION_LOST) return { code: "E_CATALOG_UNREACHABLE", message: "the connection was lost" };
  if (code === CLOSED_UNANSWERED) {
    const message =
      "a new connection was closed without an answer; there may be too many from this address (limits.http_max_conns_per_client)";
    return { code: "E_CATALOG_UNREACHABLE", message, isRefusal: true };
  }
  if (thrown instanceof SyntaxError) return { code: "E_CATALOG_NOT_JSON", message: "the answer is not valid JSON" };
  const socket = textOf(property(thrown, "socketPath"));
  if (socket !== undefined) {
    return { code: "E_CATALOG_UNREACHABLE", message: explainSocket(socket.slice(0, 200), code) };
  }
  const message = (textOf(property(thrown, "message")) ?? "unknown failure").slice(0, 200);
  return { code: "E_CATALOG_UNREACHABLE", message: code === "" ? message : explainSystemCode(code) };
}

/**
 * A CatalogError of an answer that was no success: its status, and the line of text that came with it.
 *
 * @param isNewConnection the connection was opened for this request: 429 may be about connections rather than requests
 */
export function statusError(
  status: number,
  body: string,
  retryAfter: string | undefined,
  { name, rights, showServers }: Product,
  isNewConnection = false,
): CatalogError {
  const text = oneLine(body);
  const said = text === "" ? "" : `: ${text}`;
  if (status === 401 || status === 403) {
    return new CatalogError("E_CATALOG_DENIED", `status ${status}${said}; ${rights}`);
  }
  if (status === 429) {
    const seconds = Number(retryAfter ?? "");
    return new CatalogError(
      "E_CATALOG_BUSY",
      `status 429${said}; ${name} limits requests or connections (limits.http_max_conns_per_client)`,
      Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined,
      { isRefusal: isNewConnection },
    );
  }
  const remedy = /no cluster leader/i.test(text) ? `; ${showServers} shows the servers` : "";
  return new CatalogError("E_CATALOG_STATUS", `status ${status}${said}${remedy}`, undefined, {
    isMissing: status === 404,
  });
}

/** A socket of a task's lies in the directory of its allocation, and goes with it. */
function explainSocket(path: string, code: string): string {
  const remedy = `in a task of Nomad's it is that of its own allocation: NOMAD_ADDR = "unix://\${NOMAD_SECRETS_DIR}/api.sock"`;
  switch (code) {
    case "ENOENT":
      return `the unix socket ${path} does not exist (ENOENT); ${remedy}`;
    case "ECONNREFUSED":
      return `nothing listens at the unix socket ${path} any more (ECONNREFUSED); ${remedy}`;
    case "EACCES":
      return `portolan's user may not use the unix socket ${path} (EACCES); let it read and write the socket, and search its directories`;
    default:
      return `the unix socket ${path}: ${explainSystemCode(code)}; ${remedy}`;
  }
}

function explainSystemCode(code: string): string {
  const meanings: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused; nothing listens there",
    ECONNRESET: "connection reset",
    ENOTFOUND: "the host name does not resolve",
    EAI_AGAIN: "the host name does not resolve at the moment",
    ENOENT: "the unix socket does not exist",
    EHOSTUNREACH: "the host cannot be reached",
    ENETUNREACH: "the network cannot be reached",
    ERR_INVALID_CHAR: "the token holds a character that no header may hold, such as a line break; nothing was sent",
  };
  const ofTls = TLS_MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  return `${meanings[code] ?? ofTls ?? "connection failed"} (${code})`;
}

/** OpenSSL's and Node's codes, of which there are dozens, by what an operator has to do. */
const TLS_MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/ALERT_(?:BAD_CERT|CERTIFICATE|UNKNOWN_CA)/, "the server refuses our client certificate; check tls.certFile"],
  [/ALTNAME_INVALID/, "the server's certificate bears another name; check the address, or set tls.serverName"],
  [/^CERT_HAS_EXPIRED$/, "the server's certificate has expired"],
  [
    /^(?:UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|CERT_)/,
    "no authority that we know signed the server's certificate; set tls.caFile",
  ],
  [/^EPROTO$|WRONG_VERSION/, "TLS is not what is spoken there; is it an http:// address?"],
];

/** An error's text from a catalog is one short line; a page of HTML is not worth a log line. */
function oneLine(body: string): string {
  return body.includes("<") ? "" : body.trim().slice(0, 200);
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
