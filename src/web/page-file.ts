import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** A file of the page for browsers, as it is served. */
export interface PageFile {
  readonly contentType: string;
  /** Its name has its hash: a browser need never ask for it again. */
  readonly isLasting: boolean;
  /** The bytes by the coding that a client accepts; `identity` is as they are. */
  readonly bodies: Readonly<Record<"identity" | "br" | "gzip", Buffer>>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The files of the page by the path of the request, from the directory that deploy/page/build.ts has made. Empty where there is
 * none: the sources were compiled without the page.
 */
export function readPageFiles(directory: string): ReadonlyMap<string, PageFile> {
  if (!existsSync(directory)) return new Map();
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => TYPES[extname(name)] !== undefined);
  return new Map(files.map((name) => [name === "index.html" ? "/" : `/${name}`, readPageFile(join(directory, name))]));
}

function readPageFile(file: string): PageFile {
  return {
    contentType: TYPES[extname(file)] ?? "application/octet-stream",
    isLasting: extname(file) !== ".html",
    bodies: {
      identity: readFileSync(file),
      br: readFileSync(`${file}.br`),
      gzip: readFileSync(`${file}.gz`),
    },
  };
}

/** The coding of the bytes for a client that accepts these. @param accepted the request's Accept-Encoding */
export function codingFor(accepted: string | undefined): "identity" | "br" | "gzip" {
  const codings = (accepted ?? "").split(",").flatMap((one) => {
    const [name = "", ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)) ? [] : [name];
  });
  if (codings.includes("br")) return "br";
  return codings.includes("gzip") ? "gzip" : "identity";
}
