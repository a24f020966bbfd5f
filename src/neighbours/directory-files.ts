import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { systemCode, systemReason } from "../base/system-code.ts";
import { compareBytes } from "../go/byte-order.ts";

/** A file, or a directory that could not be read, as Traefik comes to it. */
export type DirectoryFile = {
  readonly path: string;
  /** Whether Traefik comes to it before the chart. */
  readonly isRead: "before" | "after";
} & (
  | { readonly kind: "file"; readonly format: "yaml" | "toml"; readonly isLink: boolean }
  | { readonly kind: "unreadable-directory"; readonly reason: string }
);

export interface DirectoryFiles {
  /** In the order in which Traefik reads them. */
  readonly files: readonly DirectoryFile[];
  /** The directories that were looked into, the chart's own first. */
  readonly directories: readonly string[];
  /** Why not all was looked at. */
  readonly cut: string | undefined;
}

/** A directory of configuration has a few dozen entries; what has more holds something else. */
const MOST_ENTRIES = 10_000;
const MOST_FILES = 1_000;
const MOST_DIRECTORIES = 200;
const MOST_DEPTH = 16;

const FORMATS: Readonly<Record<string, "yaml" | "toml">> = { ".yml": "yaml", ".yaml": "yaml", ".toml": "toml" };

/**
 * The files beside the chart that Traefik's file provider loads in directory mode: `.yml`, `.yaml` and `.toml` in any case,
 * hidden ones too, in the order of the bytes of their names, directories among them and read where their name stands. A link
 * is followed to a file, and not into a directory (Go's `os.ReadDir` and `DirEntry.IsDir`).
 */
export async function filesBeside(chart: string): Promise<DirectoryFiles> {
  const files: DirectoryFile[] = [];
  const directories: string[] = [];
  /** In the form of the paths that are found. */
  const own = join(dirname(chart), basename(chart));
  let entries = 0;
  let cut: string | undefined;

  async function look(directory: string, depth: number, isReadBelow: DirectoryFile["isRead"] | undefined) {
    const found = await entriesIn(directory);
    directories.push(directory);
    if (!Array.isArray(found)) {
      const { reason, isGone } = found;
      if (!isGone)
        files.push({ kind: "unreadable-directory", path: directory, isRead: isReadBelow ?? "before", reason });
      return;
    }
    for (const entry of found) {
      if (entries >= MOST_ENTRIES || files.length >= MOST_FILES) {
        cut = entries >= MOST_ENTRIES ? `more than ${MOST_ENTRIES} entries` : `more than ${MOST_FILES} files`;
        return;
      }
      entries += 1;
      const path = join(directory, entry.name);
      const isRead = isReadBelow ?? (compareBytes(entry.name, basename(chart)) < 0 ? "before" : "after");
      const format = FORMATS[extname(entry.name).toLowerCase()];
      if (entry.isDirectory()) {
        if (depth >= MOST_DEPTH) cut ??= `directories deeper than ${MOST_DEPTH}`;
        else if (directories.length >= MOST_DIRECTORIES) cut ??= `more than ${MOST_DIRECTORIES} directories`;
        else await look(path, depth + 1, isRead);
      } else if (format !== undefined && path !== own) {
        files.push({ kind: "file", path, isRead, format, isLink: entry.isSymbolicLink() });
      }
    }
  }

  await look(dirname(chart), 0, undefined);
  return { files, directories, cut };
}

async function entriesIn(directory: string): Promise<Dirent[] | { reason: string; isGone: boolean }> {
  try {
    const found = await readdir(directory, { withFileTypes: true });
    return found.sort((a, b) => compareBytes(a.name, b.name));
  } catch (error) {
    return { reason: systemReason(error), isGone: systemCode(error) === "ENOENT" };
  }
}
