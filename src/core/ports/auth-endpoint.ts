import { type BackendTarget, parseBackendUrl } from "../traefik/backend-url.ts";

/** A server that middlewares may ask for authentication (`forwardAuth.address`). It becomes no backend by that. */
export interface AuthEndpoint {
  /** In lower case, without brackets and without the dot that a name may end in. */
  readonly host: string;
  readonly port: number;
}

/** The servers that middlewares of an instance may ask, whatever their ports and addresses, and who says so. */
export interface AuthEndpoints {
  readonly endpoints: readonly AuthEndpoint[];
  /** The rule of the policy that has this list, in place of all other lists; undefined for those. */
  readonly rule: string | undefined;
}

/** Reads `https://HOST`, `http://HOST:PORT` or `HOST:PORT`; undefined for anything else, a path or a user among it. */
export function parseAuthEndpoint(text: string): AuthEndpoint | undefined {
  const isUrl = /^https?:\/\//i.test(text);
  const origin = text.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  if (/[/?#@]/.test(origin) || (!isUrl && !/:\d+$/.test(origin))) return undefined;
  const target = parseBackendUrl(isUrl ? text : `http://${text}`);
  return target && target.port > 0 ? endpointOf(target) : undefined;
}

/** Is this target one of those? */
export function isAuthEndpoint(target: BackendTarget, { endpoints }: AuthEndpoints): boolean {
  if (endpoints.length === 0) return false;
  const { host, port } = endpointOf(target);
  return endpoints.some((one) => one.host === host && one.port === port);
}

/** As a list of endpoints has it. */
export function endpointText({ host, port }: AuthEndpoint): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where a target is declared an authentication endpoint, with the line for it, which `opens` is where it is one of the settings. */
export interface EndpointDeclaration {
  readonly text: string;
  readonly opens?: { readonly file: "settings"; readonly lines: string };
}

/** The line that makes a target an authentication endpoint, and where it belongs; of a rule's list, the whole of it. */
export function endpointDeclaration(target: BackendTarget, { rule, endpoints }: AuthEndpoints): EndpointDeclaration {
  const { scheme, host, port } = target;
  const usual = scheme === "https" ? 443 : 80;
  const text = JSON.stringify(`${scheme === "https" ? "https" : "http"}://${host}${port === usual ? "" : `:${port}`}`);
  if (rule === undefined) {
    const lines = `ports: { authEndpoints: [${text}] }`;
    return { text: `the settings: ${lines}`, opens: { file: "settings", lines } };
  }
  const all = [...endpoints.map((one) => JSON.stringify(endpointText(one))), text];
  return { text: `${rule} of the policy: authEndpoints: [${all.join(", ")}]` };
}

function endpointOf({ host, port }: BackendTarget): AuthEndpoint {
  return {
    host: host
      .replace(/^\[|\]$/g, "")
      .replace(/\.$/, "")
      .toLowerCase(),
    port,
  };
}
