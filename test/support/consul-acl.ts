import { generateKeyPairSync, sign } from "node:crypto";

/** The token that may do everything in a Consul with ACLs. */
export const MASTER_TOKEN = "b1ab5e12-c0de-4000-8000-0000000000ff";

/** Settings of a Consul that refuses every request without a token. The agent's own token is for what it registers itself. */
export const ACLS_ON = `acl {
  enabled = true
  default_policy = "deny"
  tokens { master = "${MASTER_TOKEN}", agent = "${MASTER_TOKEN}" }
}`;

/** The rules that portolan's documentation asks for. */
export const READ_RULES = 'service_prefix "" { policy = "read" }\nnode_prefix "" { policy = "read" }';

/** A token as Consul lists it: without its secret. */
export interface ListedToken {
  readonly AccessorID: string;
  readonly AuthMethod?: string;
}

/** Consul's ACL API with all rights; fails unless the answer is 200. */
export interface ConsulAcl {
  put(path: string, body: object): Promise<void>;
  /** Tokens that were given for a login. */
  loginTokens(): Promise<readonly ListedToken[]>;
  revoke(accessor: string): Promise<void>;
}

export function createConsulAcl(url: string): ConsulAcl {
  async function call(method: string, path: string, body?: object): Promise<string> {
    const headers = { Connection: "close", "X-Consul-Token": MASTER_TOKEN };
    const response = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
    return answer;
  }
  return {
    async put(path, body) {
      await call("PUT", path, body);
    },
    async loginTokens() {
      const tokens: readonly ListedToken[] = JSON.parse(await call("GET", "/v1/acl/tokens"));
      return tokens.filter(({ AuthMethod }) => AuthMethod !== undefined && AuthMethod !== "");
    },
    async revoke(accessor) {
      await call("DELETE", `/v1/acl/token/${accessor}`);
    },
  };
}

/** Signs workload identities, as Nomad does. */
export interface JwtIssuer {
  /** In PEM, for `JWTValidationPubKeys`. */
  readonly publicKey: string;
  /** For a JWKS endpoint. */
  readonly jwks: object;
  issue(claims: object): string;
}

/** Signs with a key of its own, ES256 as many do or RS256 as Nomad does. */
export function createJwtIssuer(alg: "ES256" | "RS256"): JwtIssuer {
  const { publicKey, privateKey } =
    alg === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), alg, use: "sig", kid: "test" }] },
    issue(claims) {
      const signed = `${encode({ alg, typ: "JWT", kid: "test" })}.${encode(claims)}`;
      const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
      return `${signed}.${signature.toString("base64url")}`;
    },
  };
}
