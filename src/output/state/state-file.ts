import { dirname } from "node:path";
import { removeStale, replaceFile } from "../files/atomic-file.ts";
import { makePrivateDirectory } from "../files/private-directory.ts";
import { readIfPresent } from "../files/read-file.ts";
import type { LoadedState, ReadState } from "./loaded-state.ts";
import { setAside } from "./set-aside.ts";

export interface StateFileOptions<T> {
  readonly path: string;
  /** Raised whenever the value's shape changes; a file of another format is set aside. */
  readonly format: number;
  /** What JSON brought back → the value, or undefined where it is damaged. */
  readonly decode: (value: unknown) => T | undefined;
}

export interface StateFile<T> {
  /**
   * Reads what was saved last. A file that cannot be understood is set aside and reported, so that neither a damaged disk nor
   * a downgrade stops the start. Throws an AppError (E_OUTPUT_…) only if the disk cannot be used.
   */
  load(): Promise<LoadedState<T>>;
  /** Reads the same and touches nothing: for a process that does not keep the file. Throws an AppError (E_OUTPUT_…). */
  look(): Promise<ReadState<T>>;
  /** Replaces the file atomically, mode 0600 in a directory of mode 0700. `value` must survive JSON. Throws E_OUTPUT_…. */
  save(value: T, nowMs: number): Promise<void>;
}

interface Envelope {
  readonly format: number;
  readonly writtenAtMs: number;
  readonly value: unknown;
}

/** One value that outlives the process, in `{ portolan: "state", format, writtenAtMs, value }`. */
export function createStateFile<T>({ path, format, decode }: StateFileOptions<T>): StateFile<T> {
  const directory = dirname(path);

  const unusable = (label: string, reason: string) => ({ kind: "unusable" as const, label, reason });

  async function look(): Promise<ReadState<T>> {
    const bytes = await readIfPresent(path);
    if (bytes === undefined) return { kind: "absent" };
    const envelope = parseEnvelope(bytes.toString("utf8"));
    if (envelope === undefined) return unusable("damaged", `${path} is not a complete state file`);
    if (envelope.format !== format) {
      return unusable(
        `format-${envelope.format}`,
        `${path} has format ${envelope.format}, this version reads ${format}`,
      );
    }
    const value = decode(envelope.value);
    if (value === undefined) return unusable("damaged", `${path} holds a value of an unexpected shape`);
    return { kind: "loaded", value, writtenAtMs: envelope.writtenAtMs };
  }

  return {
    async load() {
      await removeStale({ path, stagingDir: directory });
      const read = await look();
      if (read.kind !== "unusable") return read;
      return { kind: "setAside", reason: read.reason, movedTo: await setAside(path, read.label) };
    },

    look,

    async save(value, nowMs) {
      await makePrivateDirectory(directory);
      const text = `${JSON.stringify({ portolan: "state", format, writtenAtMs: nowMs, value })}\n`;
      await replaceFile({ path, text, stagingDir: directory, mode: 0o600 });
    },
  };
}

function parseEnvelope(text: string): Envelope | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof found !== "object" || found === null) return undefined;
  if (!("portolan" in found) || found.portolan !== "state") return undefined;
  if (!("format" in found) || typeof found.format !== "number") return undefined;
  if (!Number.isSafeInteger(found.format) || found.format < 0) return undefined;
  if (!("writtenAtMs" in found) || typeof found.writtenAtMs !== "number") return undefined;
  return { format: found.format, writtenAtMs: found.writtenAtMs, value: "value" in found ? found.value : undefined };
}
