import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { readBounded } from "../base/bounded-file.ts";
import type { Clock } from "../base/clock.ts";
import { fileIdentity, fileVersion } from "../base/file-version.ts";
import { systemCode, systemReason } from "../base/system-code.ts";
import type { FoundContent, FoundNeighbour, FoundNeighbours } from "../core/neighbours/assemble.ts";
import type { ResourceKey } from "../core/traefik/chart/dynamic-config.ts";
import { type DirectoryFile, filesBeside } from "./directory-files.ts";
import { type ParsedNeighbour, parseNeighbour } from "./parse.ts";

/** What was found in one reading, and what the next one need not read again. */
export interface NeighboursReading {
  readonly found: FoundNeighbours;
  readonly directories: readonly string[];
  readonly known: KnownFiles;
}

/** Path → what was read of the file. */
type KnownFiles = ReadonlyMap<string, KnownFile>;

interface KnownFile {
  /** Undefined where the file has to be read again: it was written just before. */
  readonly version: string | undefined;
  readonly parsed: ParsedNeighbour | undefined;
  /** Those that it had when it could be read last. */
  readonly names: readonly ResourceKey[];
}

export const NOTHING_KNOWN: KnownFiles = new Map();

/** Files that people write by hand have kilobytes, a chart of 5,000 services some megabytes. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_BYTES_OF_ALL = 64 * 1024 * 1024;
const MOST_MS = 5_000;
/** File systems keep times in steps of some milliseconds: what is younger may change once more within its step. */
const SETTLED_MS = 1_000;

/** Reads the files beside a chart, each only if it has changed since it was known; writes nothing. */
export async function readNeighbours(chart: string, before: KnownFiles, clock: Clock): Promise<NeighboursReading> {
  const startedMs = clock.nowMs();
  const { files, directories, cut } = await filesBeside(chart);
  const found: FoundNeighbour[] = [];
  const known = new Map<string, KnownFile>();
  let bytes = 0;
  let limit: string | undefined;
  for (const file of files) {
    if (clock.nowMs() - startedMs > MOST_MS) limit ??= `they take longer than ${MOST_MS / 1000} s`;
    if (bytes > MOST_BYTES_OF_ALL) limit ??= `they have more than ${MOST_BYTES_OF_ALL} bytes`;
    if (limit !== undefined) break;
    const one = await readNeighbour(file, { chart, before: before.get(file.path), clock });
    if (one === undefined) continue;
    bytes += one.bytes;
    found.push(one.found);
    known.set(file.path, one.known);
  }
  const reason = limit ?? cut;
  return {
    found: reason === undefined ? { files: found } : { files: found, cut: { directory: dirname(chart), reason } },
    directories,
    known,
  };
}

interface ReadFile {
  readonly found: FoundNeighbour;
  readonly known: KnownFile;
  readonly bytes: number;
}

/** Undefined where there is nothing to read: the file has gone since the directory was listed, or it is a link to the chart. */
async function readNeighbour(
  file: DirectoryFile,
  { chart, before, clock }: { readonly chart: string; readonly before: KnownFile | undefined; readonly clock: Clock },
): Promise<ReadFile | undefined> {
  const { path, isRead } = file;
  const lastNames = before?.names ?? [];
  const as = (found: FoundContent): FoundNeighbour => ({ file: path, isRead, ...found });
  const unread = (reason: string): ReadFile => ({
    found: as({ kind: "unread", reason, lastNames }),
    known: { version: undefined, parsed: undefined, names: lastNames },
    bytes: 0,
  });
  if (file.kind === "unreadable-directory") return unread(file.reason);
  const version = await fileVersion(path);
  if (version !== undefined && before?.parsed !== undefined && before.version === version) {
    return { found: as(foundAs(before.parsed, lastNames)), known: before, bytes: 0 };
  }
  if (version === undefined && !file.isLink) return undefined;
  if (file.isLink && version !== undefined && (await fileIdentity(path)) === (await fileIdentity(chart)))
    return undefined;
  const kind = await kindOfFile(path);
  if (kind.kind === "unread") return unread(kind.reason);
  if (kind.kind === "refused") {
    const parsed: ParsedNeighbour = { kind: "refused", problem: { path: "", ...kind.problem }, names: [] };
    const known = { version: undefined, parsed: undefined, names: lastNames };
    return { found: as(foundAs(parsed, lastNames)), known, bytes: 0 };
  }
  const content = await readBounded(path, MOST_BYTES);
  if (content.kind === "unreadable") return unread(content.reason);
  const parsed = parseNeighbour(content.text, file.format);
  const names = namesOf(parsed, lastNames);
  const isSettled = kind.changedAtMs < clock.nowMs() - SETTLED_MS;
  return {
    found: as(foundAs(parsed, names)),
    known: { version: isSettled ? version : undefined, parsed, names },
    bytes: content.text.length,
  };
}

/** A text that cannot be parsed defines what it defined before. */
function namesOf(parsed: ParsedNeighbour, lastNames: readonly ResourceKey[]): readonly ResourceKey[] {
  if (parsed.kind === "peer") return [];
  return parsed.kind === "unread" || (parsed.kind === "refused" && parsed.names.length === 0)
    ? lastNames
    : parsed.names;
}

function foundAs(parsed: ParsedNeighbour, lastNames: readonly ResourceKey[]): FoundContent {
  if (parsed.kind === "refused") return { kind: "refused", problem: parsed.problem, lastNames };
  return parsed.kind === "unread" ? { ...parsed, lastNames } : parsed;
}

type KindOfFile =
  | { readonly kind: "file"; readonly changedAtMs: number }
  | { readonly kind: "unread"; readonly reason: string }
  | { readonly kind: "refused"; readonly problem: { readonly message: string; readonly remedy: string } };

/** Traefik reads what a name with its ending leads to, and refuses the directory where that fails. */
async function kindOfFile(path: string): Promise<KindOfFile> {
  try {
    const found = await stat(path);
    if (found.isFile()) return { kind: "file", changedAtMs: Math.max(found.mtimeMs, found.ctimeMs) };
    if (found.isCharacterDevice() || found.isBlockDevice()) return { kind: "unread", reason: "a device" };
    const what = found.isDirectory() ? "a link to a directory" : "a pipe or a socket";
    return { kind: "refused", problem: { message: `found ${what}`, remedy: "remove it, or end its name otherwise" } };
  } catch (error) {
    if (systemCode(error) !== "ENOENT" && systemCode(error) !== "ELOOP") {
      return { kind: "unread", reason: systemReason(error) };
    }
    return {
      kind: "refused",
      problem: { message: "found a link that leads nowhere", remedy: "remove it, or mend it" },
    };
  }
}
