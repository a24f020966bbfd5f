import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { systemCode } from "../../base/system-code.ts";
import { replaceFile } from "../files/atomic-file.ts";
import { outputError } from "../files/output-error.ts";
import { makePrivateDirectory } from "../files/private-directory.ts";
import { type VersionsKept, versionsToDrop } from "./versions-kept.ts";

export interface VersionFilesOptions {
  readonly directory: string;
  readonly keep: VersionsKept;
}

interface VersionFile {
  readonly number: number;
  readonly publishedAtMs: number;
  readonly hash: string;
  readonly reason: string;
}

export interface VersionFiles {
  /** Keeps a text, unless the newest version is the same. */
  keep(text: string, reason: string, nowMs: number): Promise<void>;
  list(): Promise<readonly VersionFile[]>;
  text(number: number): Promise<string | undefined>;
}

/** A file that unpacks to more is not a version that portolan kept. */
const UNPACKED = { maxOutputLength: 256 * 1024 * 1024 };

/** Takes half of the time of the default, and a tenth more room: the lines of a chart are much alike. */
const PACKED = { level: constants.Z_BEST_SPEED };

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/**
 * Texts that were published: packed, for their owner alone (they may carry password hashes), and by a name that
 * Traefik never reads. One file each: a line of JSON that says when and why, then the text. Throws E_OUTPUT_….
 */
export function createVersionFiles({ directory, keep: kept }: VersionFilesOptions): VersionFiles {
  /** When each version was published, by its number; undefined before the directory was read. */
  let publishedAtMs: Map<number, number> | undefined;
  let newest: Pick<VersionFile, "number" | "hash"> | undefined;
  /** What sound files say of themselves: a file that is there stays as it is, and unpacking it takes megabytes. */
  const heads = new Map<number, VersionFile>();

  /** The numbers that are there, the newest first. */
  async function numbers(): Promise<readonly number[]> {
    try {
      const names = await readdir(directory);
      return names
        .map((name) => NAME.exec(name)?.[1])
        .filter((digits) => digits !== undefined)
        .map(Number)
        .sort((one, other) => other - one);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw outputError(error, "read", directory);
    }
  }

  async function read(number: number): Promise<{ readonly version: VersionFile; readonly text: string } | undefined> {
    try {
      const content = (await unpack(await readFile(pathOf(number)), UNPACKED)).toString("utf8");
      const end = content.indexOf("\n");
      const text = content.slice(end + 1);
      const version = headOf(number, content.slice(0, end));
      return version?.hash === hashOf(text) ? { version, text } : undefined;
    } catch {
      return undefined;
    }
  }

  /** When each version was published. A damaged one counts as the oldest, but its number is not used again. */
  async function known(): Promise<Map<number, number>> {
    if (publishedAtMs !== undefined) return publishedAtMs;
    const found = await numbers();
    const times = new Map<number, number>();
    for (const number of found) {
      const version = (await read(number))?.version;
      times.set(number, version?.publishedAtMs ?? 0);
      newest ??= { number, hash: version?.hash ?? "" };
    }
    publishedAtMs = times;
    return times;
  }

  function pathOf(number: number): string {
    return join(directory, `${String(number).padStart(8, "0")}.chart.gz`);
  }

  return {
    async keep(text, reason, nowMs) {
      await makePrivateDirectory(directory);
      const hash = hashOf(text);
      const times = await known();
      if (newest?.hash === hash) return;
      const number = (newest?.number ?? 0) + 1;
      const head = JSON.stringify({ publishedAtMs: nowMs, hash, reason });
      const packed = await pack(`${head}\n${text}`, PACKED);
      // One that a failing machine takes, or leaves in part, is left out of the list by its hash; the chart itself is on the disk.
      await replaceFile({
        ...{ path: pathOf(number), text: packed, stagingDir: directory, mode: 0o600 },
        outlivesMachine: false,
      });
      newest = { number, hash };
      times.set(number, nowMs);
      for (const old of versionsToDrop(times, kept, nowMs)) {
        await rm(pathOf(old), { force: true });
        times.delete(old);
      }
    },

    async list() {
      const found = await numbers();
      for (const number of heads.keys()) if (!found.includes(number)) heads.delete(number);
      const versions: VersionFile[] = [];
      for (const number of found) {
        const version = heads.get(number) ?? (await read(number))?.version;
        if (version === undefined) continue;
        heads.set(number, version);
        versions.push(version);
      }
      return versions;
    },

    text: async (number) => (await read(number))?.text,
  };
}

const NAME = /^(\d+)\.chart\.gz$/;

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function headOf(number: number, line: string): VersionFile | undefined {
  const head: unknown = JSON.parse(line);
  if (typeof head !== "object" || head === null) return undefined;
  if (!("publishedAtMs" in head) || typeof head.publishedAtMs !== "number") return undefined;
  if (!("hash" in head) || typeof head.hash !== "string") return undefined;
  if (!("reason" in head) || typeof head.reason !== "string") return undefined;
  return { number, publishedAtMs: head.publishedAtMs, hash: head.hash, reason: head.reason };
}
