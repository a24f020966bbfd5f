import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** A file of the page for browsers, as it is served. */
export interface PageFile {
  readonly contentType: string;
  /** Its name has its hash: a browser need never ask for it again. */
  readonly isLasting: boolean;
  /** Tells this content from any other. */
  readonly etag: string;
  /** The bytes by the coding that a client accepts; `identity` is as they are, the others are there where they were packed. */
  readonly bodies: { readonly identity: Buffer; readonly br?: Buffer; readonly gzip?: Buffer };
}

/** Where the files of the page are: a directory, or within an executable. */
export interface PageSource {
  /** Their paths, `index.html` and `assets/…`; none where the page was not built. */
  names(): readonly string[];
  /** Undefined where there is no such file. */
  read(name: string): Buffer | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The files that deploy/page/build.ts has made in a directory. What cannot be read is not there: routes do not depend on it. */
export function pageDirectory(directory: string): PageSource {
  return {
    names: () => unlessUnreadable(() => readdirSync(directory, { recursive: true, encoding: "utf8" })) ?? [],
    read: (name) => unlessUnreadable(() => readFileSync(join(directory, name))),
  };
}

function unlessUnreadable<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

/** The files of the page by the path of the request. Empty where there are none: the sources were compiled without the page. */
export function readPageFiles(source: PageSource): ReadonlyMap<string, PageFile> {
  const files = source.names().flatMap((name): [string, PageFile][] => {
    const contentType = TYPES[extname(name)];
    const identity = contentType === undefined ? undefined : source.read(name);
    if (contentType === undefined || identity === undefined) return [];
    const [br, gzip] = [source.read(`${name}.br`), source.read(`${name}.gz`)];
    const file = {
      contentType,
      isLasting: extname(name) !== ".html",
      etag: `"${createHash("sha256").update(identity).digest("hex").slice(0, 32)}"`,
      bodies: { identity, ...(br && { br }), ...(gzip && { gzip }) },
    };
    return [[name === "index.html" ? "/" : `/${name}`, file]];
  });
  return new Map(files);
}

/** The coding of the bytes for a client that accepts these. @param accepted the request's Accept-Encoding */
export function codingFor(accepted: string | undefined, bodies: PageFile["bodies"]): keyof PageFile["bodies"] {
  const codings = (accepted ?? "").split(",").flatMap((one) => {
    const [name = "", ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)) ? [] : [name];
  });
  return (
    (["br", "gzip"] as const).find((coding) => bodies[coding] !== undefined && codings.includes(coding)) ?? "identity"
  );
}
