import { z } from "zod";
import { CatalogError } from "../../catalog/catalog-error.ts";
import { PRODUCTS } from "../../catalog/product.ts";
import { hideToken } from "../../credentials/hide-token.ts";
import { jwtFlaw } from "../../credentials/jwt-flaw.ts";
import type { HttpConnections, HttpRequest } from "../../http/client/connections.ts";
import { deadlineMs, withDeadline } from "../../http/deadline.ts";
import { decodeAnswer, requireJson } from "../../http/decode-answer.ts";
import { statusError, toCatalogError } from "../../http/error-boundary.ts";

/** A token that Consul gave for a JWT. */
export interface Login {
  readonly token: string;
  /** The token's public name, by which an operator finds it. */
  readonly accessor: string;
  /** How long Consul lets it live, in milliseconds; nothing where its auth method sets no MaxTokenTTL. */
  readonly lifeMs: number | undefined;
}

/** Consul's side of a login. Every method rejects with a CatalogError only, in which no JWT and no token stands. */
export interface LoginApi {
  login(jwt: string, signal: AbortSignal): Promise<Login>;
  /** Whether the servers that answer stale reads have heard of the token; no answer within a second is a no. */
  isKnown(token: string, signal: AbortSignal): Promise<boolean>;
  /** Ends the token's life; that it had ended already is no error. */
  logout(token: string, withinMs: number): Promise<void>;
}

export interface LoginApiOptions {
  readonly connections: HttpConnections;
  readonly authMethod: string;
  /** Sent to Consul with the login, which shows it as the token's description. */
  readonly meta: Readonly<Record<string, string>>;
  /** Where the token is to be good for reads; tokens of a login count in one datacenter. */
  readonly datacenter?: string;
}

const LOGIN = "/v1/acl/login";
/** A token with its policies is a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const loginAnswer = z.object({
  SecretID: z.string().min(1),
  AccessorID: z.string(),
  CreateTime: z.iso.datetime({ offset: true }),
  ExpirationTime: z.iso.datetime({ offset: true }).nullish(),
});

export function createLoginApi({ connections, authMethod, meta, datacenter }: LoginApiOptions): LoginApi {
  const scope: Record<string, string> = datacenter === undefined ? {} : { dc: datacenter };
  const rights = `auth method ${JSON.stringify(authMethod)} (consul.login.authMethod) must exist, and one of its binding rules must match the JWT's claims`;

  /** The body of a good answer. */
  async function ask(
    endpoint: string,
    secret: string,
    { query, ...request }: Partial<HttpRequest> & { readonly query?: Record<string, string> },
    signal: AbortSignal,
    withinMs = deadlineMs(),
  ): Promise<string> {
    const parameters = new URLSearchParams({ ...scope, ...query });
    const path = `${endpoint.replace(/^\/v1/, "")}${parameters.size === 0 ? "" : `?${parameters}`}`;
    const headers = { accept: "application/json", ...request.headers };
    try {
      const { status, header, text } = await withDeadline(withinMs, signal, (ending) =>
        connections.send({ ...request, path, headers, maxBytes: MAX_ANSWER_BYTES, signal: ending }),
      );
      if (status !== 200) throw statusError(status, text, header("retry-after"), { ...PRODUCTS.consul, rights });
      requireJson(header("content-type"), PRODUCTS.consul);
      return text;
    } catch (error) {
      throw withoutParts(toCatalogError(error, endpoint, secret), secret);
    }
  }

  return {
    async login(jwt, signal) {
      const body = {
        AuthMethod: authMethod,
        BearerToken: jwt,
        ...(Object.keys(meta).length > 0 ? { Meta: meta } : {}),
      };
      const headers = { "content-type": "application/json" };
      const request = { method: "POST", body: JSON.stringify(body), headers } as const;
      const answer = await ask(LOGIN, jwt, request, signal).catch((error: unknown) => {
        throw error instanceof CatalogError ? asRefusal(error, jwtFlaw(jwt, Date.now())) : error;
      });
      return decodeLogin(answer);
    },
    async isKnown(token, signal) {
      const request = { query: { stale: "" }, headers: { "x-consul-token": token } };
      return await ask("/v1/acl/token/self", token, request, signal, 1_000).then(
        () => true,
        () => false,
      );
    },
    async logout(token, withinMs) {
      const request = { method: "POST", headers: { "x-consul-token": token } } as const;
      try {
        await ask("/v1/acl/logout", token, request, new AbortController().signal, withinMs);
      } catch (error) {
        if (!(error instanceof CatalogError) || error.catalogCode !== "E_CATALOG_DENIED") throw error;
      }
    },
  };
}

function decodeLogin(text: string): Login {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's own words cite the text, and with it the token.
    throw new CatalogError("E_CATALOG_NOT_JSON", `${LOGIN}: the answer is not valid JSON`);
  }
  const { SecretID, AccessorID, CreateTime, ExpirationTime } = decodeAnswer(loginAnswer, body, LOGIN, PRODUCTS.consul);
  // Both by Consul's clock: ours may be another.
  const lifeMs = ExpirationTime == null ? undefined : Date.parse(ExpirationTime) - Date.parse(CreateTime);
  return { token: SecretID, accessor: AccessorID, lifeMs };
}

/** Consul answers 500 where the JWT itself is at fault: its signature, its claims or its time. */
function asRefusal(error: CatalogError, flaw: string | undefined): CatalogError {
  const found = flaw === undefined ? "" : `; ${flaw}`;
  if (error.catalogCode === "E_CATALOG_DENIED") return new CatalogError("E_CATALOG_LOGIN", `${error.message}${found}`);
  if (error.catalogCode !== "E_CATALOG_STATUS" || !/\b(?:jwt|token|claims)\b/i.test(error.message)) return error;
  return new CatalogError(
    "E_CATALOG_LOGIN",
    `${error.message}${found}; the JWT (consul.login.jwtFile) must suit the auth method's keys, BoundIssuer and BoundAudiences (consul acl auth-method read -name NAME), and be of today`,
  );
}

/** The parts of a JWT, without which the rest is easily guessed. */
function withoutParts(error: CatalogError, secret: string): CatalogError {
  const parts = secret.split(".").filter((part) => part.length > 7);
  return error.reworded(parts.reduce(hideToken, error.message));
}
