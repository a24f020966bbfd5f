import { dirname } from "node:path";
import { AppError } from "../../base/errors.ts";
import { directoryIdentity, fileVersion } from "../../base/file-version.ts";
import { type FileOwner, replaceFile } from "../files/atomic-file.ts";
import { readIfPresent, sizeIfPresent } from "../files/read-file.ts";
import { directoryGroup, holdsText, isPublished } from "./published-file.ts";

export interface ChartFileOptions {
  readonly path: string;
  readonly stagingDir: string;
  /** The first line of every chart; a file that begins otherwise is not portolan's. */
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

/** What a publication did, and what it found. */
export interface Published {
  readonly didWrite: boolean;
  /** The text is published, but the operator has to act before Traefik can read it. */
  readonly warning?: string;
  /** What another process or a person had done to the file since it was published last. */
  readonly externalChange?: ExternalChange;
  /** The file's directory is another one than before, in which Traefik sees nothing until it is restarted. */
  readonly isUnwatched?: true;
}

export type ExternalChange = "edited" | "deleted";

export interface ChartFile {
  readonly path: string;
  /** The file's content. Throws an AppError (E_OUTPUT_…) when it is there and cannot be read. */
  read(): Promise<ChartFileContent>;
  /**
   * Makes `text` the file's content, whatever stands in it now. A file with these bytes, mode and owner is left alone:
   * each rewrite makes Traefik load it again. Throws an AppError (E_OUTPUT_…) and leaves the old file.
   */
  publish(text: string): Promise<Published>;
  /** Whether the file is the one that was published last. True before the first publication; waits for one under way. */
  isAsPublished(): Promise<boolean>;
}

/** What was published last, and how it looked on disk then. */
interface LastPublished {
  readonly text: string;
  readonly file: string | undefined;
  readonly directory: string | undefined;
}

/** A text to publish. */
interface Wanted {
  readonly text: string;
  /** Whether it is known that the file holds another one. */
  readonly isOther: boolean;
}

/** Thirty times the largest chart that was measured: a larger file that lies in the chart's place is not read. */
const MAX_CHART_BYTES = 256 * 1024 * 1024;

/** The file that Traefik reads. It is compared on disk at each publish, so that one deleted by hand comes back. */
export function createChartFile(options: ChartFileOptions): ChartFile {
  const { path, stagingDir, header, mode = 0o640, owner = {} } = options;
  let last: LastPublished | undefined;
  let inHand: Promise<unknown> = Promise.resolve();

  async function publishOwnedBy({ text, isOther }: Wanted, wanted: FileOwner): Promise<Published> {
    if (!isOther && (await isPublished(path, text, mode, wanted))) return { didWrite: false };
    await replaceFile({ path, text, stagingDir, mode, ...wanted });
    return { didWrite: true };
  }

  async function publishForGroup(text: Wanted): Promise<Published> {
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
      warning: `${path} could not be given its directory's group ${gid}, so that members of it cannot read it; let the directory hand its group down (chmod g+s ${dirname(path)}), add portolan's user to group ${gid}, or set output.mode to 0644`,
    };
  }

  async function publishAndCompare(text: string): Promise<Published> {
    const before = last;
    const found = before && (await fileVersion(path));
    const isUntouched = found !== undefined && found === before?.file;
    const externalChange = before && (await findExternalChange(path, before, found));
    // What this process wrote last, and no other has touched, need not be read back to see that it is another text.
    const published = await publishForGroup({ text, isOther: isUntouched && text !== before?.text });
    last = { text, file: await fileVersion(path), directory: await directoryIdentity(dirname(path)) };
    if (before !== undefined && before.directory !== last.directory) return { ...published, isUnwatched: true };
    return externalChange === undefined ? published : { ...published, externalChange };
  }

  return {
    path,

    async read() {
      if (((await sizeIfPresent(path)) ?? 0) > MAX_CHART_BYTES) return { kind: "foreign" };
      const bytes = await readIfPresent(path);
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

/** @param found the version of the file that is there */
async function findExternalChange(
  path: string,
  last: LastPublished,
  found: string | undefined,
): Promise<ExternalChange | undefined> {
  if (found === last.file) return undefined;
  if (found === undefined) return "deleted";
  // A file that was touched, or copied over itself, holds the same text: nothing to report.
  return (await holdsText(path, last.text)) ? undefined : "edited";
}
