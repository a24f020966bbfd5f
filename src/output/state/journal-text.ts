import { constants } from "node:fs/promises";
import { outputError } from "../files/output-error.ts";
import { openIfPresent } from "../files/read-file.ts";
import type { JournalContent, JournalShape } from "./journal-content.ts";
import type { ReadState } from "./loaded-state.ts";

export type ReadJournal<Head, Item> = ReadState<JournalContent<Head, Item>>;

/**
 * Reads a journal piece by piece, so that other work goes on while a large one is read. Lines count once the line that ends
 * their save has been read. A last line that is cut is what a kill leaves; any other line that is none of a journal is damage.
 */
export async function readJournal<Head, Item>(
  path: string,
  shape: JournalShape<Head, Item>,
): Promise<ReadJournal<Head, Item>> {
  const file = await openIfPresent(path, "read", constants.O_RDONLY);
  if (file === undefined) return { kind: "absent" };
  const reader = createReader(path, shape);
  let rest = "";
  try {
    for await (const chunk of file.createReadStream({ encoding: "utf8", autoClose: false })) {
      const [first = "", ...others] = String(chunk).split("\n");
      rest += first;
      for (const other of others) {
        reader.line(rest);
        rest = other;
      }
    }
  } catch (error) {
    if (error instanceof Unusable) return { kind: "unusable", label: error.label, reason: error.message };
    throw outputError(error, "read", path);
  } finally {
    await file.close();
  }
  return reader.end(rest);
}

class Unusable extends Error {
  readonly label: string;

  constructor(label: string, reason: string) {
    super(reason);
    this.label = label;
  }
}

function createReader<Head, Item>(path: string, { format, decodeHead, decodeItem }: JournalShape<Head, Item>) {
  const items = new Map<string, Item>();
  let pending: [string, Item | undefined][] = [];
  let last: { readonly head: Head; readonly writtenAtMs: number } | undefined;
  let isBegun = false;
  let isCut = false;
  const damaged = (what: string) => new Unusable("damaged", `${path} ${what}`);

  function begin(value: unknown): void {
    const found = formatOf(value);
    if (found === undefined) throw damaged("is not a state file");
    if (found !== format)
      throw new Unusable(`format-${found}`, `${path} has format ${found}, this version reads ${format}`);
    isBegun = true;
  }

  function endSave(value: object): void {
    if (!("head" in value) || !("writtenAtMs" in value) || typeof value.writtenAtMs !== "number") {
      throw damaged("holds a line of an unexpected shape");
    }
    const head = decodeHead(value.head);
    if (head === undefined) throw damaged("holds a value of an unexpected shape");
    last = { head, writtenAtMs: value.writtenAtMs };
    for (const [key, item] of pending) {
      if (item === undefined) items.delete(key);
      else items.set(key, item);
    }
    pending = [];
  }

  function itemOf(line: readonly unknown[]): [string, Item | undefined] {
    const [key, encoded] = line;
    const item = line.length === 2 ? decodeItem(encoded) : undefined;
    if (typeof key !== "string" || (line.length !== 1 && item === undefined)) {
      throw damaged("holds a value of an unexpected shape");
    }
    return [key, item];
  }

  return {
    line(text: string): void {
      if (isCut) throw damaged("has lines after one that is no JSON");
      const value = parse(text);
      if (!isBegun) begin(value);
      else if (Array.isArray(value)) pending.push(itemOf(value));
      else if (typeof value === "object" && value !== null) endSave(value);
      else isCut = true;
    },
    /** @param rest what follows the last end of a line */
    end(rest: string): ReadJournal<Head, Item> {
      if (last === undefined) {
        return { kind: "unusable", label: "damaged", reason: `${path} is not a complete state file` };
      }
      const value = { head: last.head, items };
      const isWhole = rest === "" && pending.length === 0 && !isCut;
      const note = `${path} ends in the middle of a save, which counts as not done`;
      return { kind: "loaded", value, writtenAtMs: last.writtenAtMs, ...(isWhole ? {} : { note }) };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The number that the first line names; also that of a state file that is no journal. */
function formatOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("portolan" in value) || (value.portolan !== "journal" && value.portolan !== "state")) return undefined;
  if (!("format" in value) || typeof value.format !== "number") return undefined;
  return Number.isSafeInteger(value.format) && value.format >= 0 ? value.format : undefined;
}
