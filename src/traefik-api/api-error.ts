import { AppError, EXIT_CODES } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { systemCode } from "../base/system-code.ts";
import {
  ABORTED,
  ANSWER_CUT,
  ANSWER_TOO_LARGE,
  ANSWERS_TOO_LARGE,
  CLOSED_UNANSWERED,
  CONNECT_TIMEOUT,
} from "../sources/http/client/failure.ts";

/** What went wrong between portolan and Traefik's API. */
export type TraefikApiErrorCode =
  | "E_TRAEFIK_API_UNREACHABLE"
  | "E_TRAEFIK_API_TIMEOUT"
  | "E_TRAEFIK_API_DENIED"
  | "E_TRAEFIK_API_OTHER"
  | "E_TRAEFIK_API_TOO_LARGE"
  | "E_TRAEFIK_API_ABORTED";

/** A failed read of Traefik's API: one line with the remedy, and nothing of the request, which holds the password. */
export class TraefikApiError extends AppError {
  readonly apiCode: TraefikApiErrorCode;

  constructor(code: TraefikApiErrorCode, message: string) {
    super(message, { code, retryable: true, exitCode: EXIT_CODES.unavailable });
    this.name = "TraefikApiError";
    this.apiCode = code;
  }
}

/** Whom a message is about: the setting or flag that names the API, and the address in it. */
export interface ApiPlace {
  /** `traefik.api`, `--traefik-api`. */
  readonly setting: string;
  /** Without user and password. */
  readonly address: string;
  /** The user that is sent with the password, where one is. */
  readonly user: string | undefined;
}

const ENABLE =
  "enable the API in Traefik's static configuration (`api: {}` and a router to `api@internal`, or `insecure: true` on a loopback entry point)";

/** What the HTTP client threw, in the operator's words; an error of ours is handed on as it is. */
export function toApiError(thrown: unknown, place: ApiPlace): TraefikApiError {
  if (thrown instanceof TraefikApiError) return thrown;
  const code = systemCode(thrown) ?? "";
  const where = `${place.setting}: Traefik's API at ${place.address}`;
  if (code === ABORTED) return new TraefikApiError("E_TRAEFIK_API_ABORTED", `${where}: stopped`);
  if (code === ANSWER_TOO_LARGE || code === ANSWERS_TOO_LARGE) {
    return new TraefikApiError(
      "E_TRAEFIK_API_TOO_LARGE",
      `${where} answers with more than is accepted; check that ${place.setting} names Traefik's API and no other server`,
    );
  }
  if (thrown instanceof SyntaxError || code === ANSWER_CUT) {
    const found = code === ANSWER_CUT ? "an answer that was cut short" : "something else than JSON";
    return otherServer(place, found);
  }
  if (code === "ERR_INVALID_CHAR") {
    return new TraefikApiError(
      "E_TRAEFIK_API_DENIED",
      `${where}: the password holds a character that no header may hold; nothing was sent: write another one to ${place.setting}.passwordFile`,
    );
  }
  const remedy = `check ${place.setting}, and ${ENABLE}`;
  return new TraefikApiError("E_TRAEFIK_API_UNREACHABLE", `${where} ${explained(code)}; ${remedy}`);
}

/** No answer within the time. */
export function lateError(place: ApiPlace, ms: number): TraefikApiError {
  return new TraefikApiError(
    "E_TRAEFIK_API_TIMEOUT",
    `${place.setting}: Traefik's API at ${place.address} gave no whole answer within ${ms / 1_000} s; check that it is Traefik's API, and Traefik's load`,
  );
}

/** An answer that was no success. */
export function statusError(status: number, path: string, place: ApiPlace): TraefikApiError {
  const { setting, address, user } = place;
  if (status === 401 || status === 403 || status === 407) {
    const found =
      user === undefined
        ? `asks for a password (status ${status}); set ${beside(place, "user")} and ${beside(place, "passwordFile")} to a user that its router lets in`
        : `refuses the user ${JSON.stringify(printable(user))} with its password (status ${status}); correct ${beside(place, "user")} and the content of ${beside(place, "passwordFile")}`;
    return new TraefikApiError("E_TRAEFIK_API_DENIED", `${setting}: Traefik's API at ${address} ${found}`);
  }
  if (status >= 300 && status < 400) {
    return otherServer(place, `a redirection (status ${status}), which is not followed`);
  }
  return otherServer(place, `status ${status} for ${path}`);
}

/** Where the user, or the file with the password, is named: in the settings below the address, beside the flag for it. */
function beside({ setting }: ApiPlace, what: "user" | "passwordFile"): string {
  if (!setting.startsWith("--")) return `${setting}.${what}`;
  return what === "user" ? "--traefik-user" : "--traefik-password-file";
}

/** Something answers there, and not as Traefik's API does. */
export function otherServer({ setting, address }: ApiPlace, found: string): TraefikApiError {
  return new TraefikApiError(
    "E_TRAEFIK_API_OTHER",
    `${setting}: ${address} answers otherwise than Traefik's API: ${found}; name the address under which /api/version shows Traefik's version, or ${ENABLE}`,
  );
}

function explained(code: string): string {
  const meanings: Readonly<Record<string, string>> = {
    ECONNREFUSED: "cannot be reached: nothing listens there",
    ECONNRESET: "closed the connection",
    [CLOSED_UNANSWERED]: "closed the connection without an answer",
    [CONNECT_TIMEOUT]: "cannot be reached: no connection within 1 s",
    ENOTFOUND: "cannot be reached: the host name does not resolve",
    EAI_AGAIN: "cannot be reached: the host name does not resolve at the moment",
    ENOENT: "cannot be reached: the unix socket does not exist",
    EACCES: "cannot be reached: portolan's user may not use the unix socket",
    EPROTO: "cannot be reached: TLS is not what is spoken there",
  };
  const meaning = meanings[code];
  if (meaning !== undefined) return /^[A-Z]+$/.test(code) ? `${meaning} (${code})` : meaning;
  if (TLS_CODES.test(code))
    return `cannot be reached: its certificate is not trusted (${code}; tls.caFile names authorities)`;
  return code === "" ? "cannot be reached" : `cannot be reached (${printable(code).slice(0, 60)})`;
}

const TLS_CODES = /ALTNAME_INVALID|^CERT_|^UNABLE_TO|^DEPTH_ZERO|^SELF_SIGNED/;
