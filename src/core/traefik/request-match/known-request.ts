/** A request as far as its URL tells it. */
export interface KnownRequest {
  /** Undefined where the URL names no scheme. */
  readonly scheme: "http" | "https" | undefined;
  /** In lower case and without port; patterns see the dot of a full name. */
  readonly host: string;
  /** Undefined where the URL leaves it to the scheme. */
  readonly port: number | undefined;
  /** As Traefik's router compares it: decoded but for the characters that have a meaning in URLs. */
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

const URL_PARTS =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#]*)(?::(\d{1,5}))?([^?#]*)(?:\?([^#]*))?/i;

/** Reads a URL, with or without its scheme; undefined for a text that is none, or of another scheme than HTTP's. */
export function readRequest(url: string): KnownRequest | undefined {
  const [whole, scheme, host = "", port, path = "", query = ""] = URL_PARTS.exec(url) ?? [];
  const known = scheme?.toLowerCase();
  if (whole === undefined || host === "" || (known !== undefined && known !== "http" && known !== "https"))
    return undefined;
  if (path !== "" && !path.startsWith("/")) return undefined;
  return {
    scheme: known,
    host: host.replace(/^\[(.*)\]$/, "$1").toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    path: cleanPath(routingPath(path === "" ? "/" : path)),
    query: queryOf(query),
  };
}

/** The port that a request goes to, also where the URL leaves it to the scheme. */
export function portOf({ scheme, port }: KnownRequest): number | undefined {
  if (port !== undefined || scheme === undefined) return port;
  return scheme === "https" ? 443 : 80;
}

/** Traefik's routers see these as they are written, since decoded they would mean something else. */
const RESERVED = /^(?:3a|2f|3f|23|5b|5d|40|21|24|26|27|28|29|2a|2b|2c|3b|3d|25)$/i;

/** As Traefik's entry points hand a path to their routers (`withRoutingPath`). */
function routingPath(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const parts: string[] = [];
    let bytes: number[] = [];
    for (let at = 0; at < run.length; at += 3) {
      const digits = run.slice(at + 1, at + 3);
      if (!RESERVED.test(digits)) {
        bytes.push(Number.parseInt(digits, 16));
        continue;
      }
      parts.push(decodeUtf8(bytes), `%${digits.toUpperCase()}`);
      bytes = [];
    }
    return [...parts, decodeUtf8(bytes)].join("");
  });
}

/** Without empty segments and without dots, as Traefik's entry points sanitize a path. */
function cleanPath(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/").slice(1);
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1) ?? "";
  const isFolder = kept.length > 0 && (last === "" || last === "." || last === "..");
  return `/${kept.join("/")}${isFolder ? "/" : ""}`;
}

function queryOf(text: string): ReadonlyMap<string, readonly string[]> {
  const query = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const equals = pair.indexOf("=");
    const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    const key = unescaped(name);
    const known = query.get(key);
    if (known === undefined) query.set(key, [unescaped(value)]);
    else known.push(unescaped(value));
  }
  return query;
}

function unescaped(text: string): string {
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      decodeUtf8(Array.from(run.matchAll(/%(..)/g), ([, digits = ""]) => Number.parseInt(digits, 16))),
    );
}

/** A text from its bytes; what is no UTF-8 becomes U+FFFD. */
function decodeUtf8(bytes: readonly number[]): string {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
  }
}
