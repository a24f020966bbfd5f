import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../base/errors.ts";
import { systemCode } from "../../base/system-code.ts";
import { type FileOwner, replaceFile } from "../atomic-file.ts";
import { outputError } from "../output-error.ts";
import { directoryIdentity, fileVersion } from "./file-version.ts";

export interface ChartFileOptions {
  readonly path: string;
  readonly stagingDir: string;
  /** The first line of every chart; a file that begins otherwise is somebody else's. */
  readonly header: string;
  /** Default 0640: a chart may carry password hashes of middlewares. */
  readonly mode?: number;
  /** Without a gid the group of the output's directory is taken: the one that lets Traefik in. */
  readonly owner?: FileOwner;
}

export type ChartFileContent =
  | { readonly kind: "absent" }
  | { readonly kind: "empty" }
  | { readonly kind: "ours"; readonly text: string }
  | { readonly kind: "foreign" };

export interface Published {
  readonly didWrite: boolean;
  /** The text is published, but the operator has to act before Traefik can read it. */
  readonly warning?: string;
  /** What somebody else had done to the file since it was published last. */
  readonly meddling?: "edited" | "deleted";
  /** The file's directory is another one than before, in which Traefik sees nothing until it is restarted. */
  readonly isUnwatched?: true;
}

export interface ChartFile {
  readonly path: string;
  /** What stands in the file. Throws an AppError (E_OUTPUT_…) when it is there and cannot be read. */
  read(): Promise<ChartFileContent>;
  /**
   * Makes `text` the file's content, whatever stands in it now. A file with these bytes, mode and owner is left alone:
   * each rewrite makes Traefik load it again. Throws an AppError (E_OUTPUT_…) and leaves the old file.
   */
  publish(text: string): Promise<Published>;
  /** Is the file the one that was published last? True before the first publication; waits for one that is under way. */
  isAsPublished(): Promise<boolean>;
}

/** What was published last, and how it looked on disk then. */
interface LastPublished {
  readonly text: string;
  readonly file: string | undefined;
  readonly directory: string | undefined;
}

/** The file that Traefik reads. It is compared on disk at each publish, so that one deleted by hand comes back. */
export function createChartFile(options: ChartFileOptions): ChartFile {
  const { path, stagingDir, header, mode = 0o640, owner = {} } = options;
  let last: LastPublished | undefined;
  let inHand: Promise<unknown> = Promise.resolve();

  async function publishOwnedBy(text: string, wanted: FileOwner): Promise<Published> {
    if (await isPublished(path, text, mode, wanted)) return { didWrite: false };
    await replaceFile({ path, text, stagingDir, mode, ...wanted });
    return { didWrite: true };
  }

  async function publishForGroup(text: string): Promise<Published> {
    if (owner.gid !== undefined) return publishOwnedBy(text, owner);
    const gid = await directoryGroup(path);
    try {
      return await publishOwnedBy(text, { ...owner, gid });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "E_OUTPUT_OWNER") throw error;
    }
    const published = await publishOwnedBy(text, owner);
    const isGroupTheOnlyWayIn = (mode & 0o044) === 0o040;
    if (!isGroupTheOnlyWayIn) return published;
    return {
      ...published,
      warning: `${path} could not be given its directory's group ${gid}, so that members of it cannot read it; add portolan's user to group ${gid}, or set output.mode to 0644`,
    };
  }

  async function publishAndCompare(text: string): Promise<Published> {
    const before = last;
    const meddling = before === undefined ? undefined : await findMeddling(path, before);
    const published = await publishForGroup(text);
    last = { text, file: await fileVersion(path), directory: await directoryIdentity(dirname(path)) };
    const isUnwatched = before !== undefined && before.directory !== last.directory;
    return {
      ...published,
      ...(meddling === undefined || isUnwatched ? {} : { meddling }),
      ...(isUnwatched ? { isUnwatched } : {}),
    };
  }

  return {
    path,

    async read() {
      if (((await sizeOf(path)) ?? 0) > MAX_CHART_BYTES) return { kind: "foreign" };
      const bytes = await readBytes(path);
      if (bytes === undefined) return { kind: "absent" };
      const text = bytes.toString("utf8");
      if (text.trim() === "") return { kind: "empty" };
      return text.split("\n", 1)[0] === header ? { kind: "ours", text } : { kind: "foreign" };
    },

    publish(text) {
      const publishing = publishAndCompare(text);
      inHand = publishing.catch(() => {});
      return publishing;
    },

    async isAsPublished() {
      await inHand;
      return last === undefined || (await fileVersion(path)) === last.file;
    },
  };
}

async function findMeddling(path: string, last: LastPublished): Promise<"edited" | "deleted" | undefined> {
  const found = await fileVersion(path);
  if (found === last.file) return undefined;
  if (found === undefined) return "deleted";
  // Touched or copied over itself: no news.
  return (await holds(path, last.text)) ? undefined : "edited";
}

/** Thirty times the largest chart that was measured; nobody gets us to read more by leaving it there. */
const MAX_CHART_BYTES = 256 * 1024 * 1024;

/** Is this the file's text? What is of another size is not even read. */
async function holds(path: string, text: string): Promise<boolean> {
  const bytes = Buffer.from(text);
  return (await sizeOf(path)) === bytes.length && (await readBytes(path))?.equals(bytes) === true;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw outputError(error, "read", path);
  }
}

async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw outputError(error, "read", path);
  }
}

async function isPublished(path: string, text: string, mode: number, { uid, gid }: FileOwner): Promise<boolean> {
  if (!(await holds(path, text))) return false;
  const found = await stat(path);
  return (
    (found.mode & 0o7777) === mode &&
    (uid === undefined || found.uid === uid) &&
    (gid === undefined || found.gid === gid)
  );
}

async function directoryGroup(path: string): Promise<number> {
  try {
    return (await stat(dirname(path))).gid;
  } catch (error) {
    throw outputError(error, "write", path);
  }
}
