import { constants, type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../../base/system-code.ts";
import { removeStale, replaceFile } from "../atomic-file.ts";
import { outputError } from "../output-error.ts";
import { readJournal } from "./journal-text.ts";
import { setAside } from "./set-aside.ts";
import type { LoadedState } from "./state-file.ts";

/** What a journal keeps: many items by key, and a small value about all of them. */
export interface JournalContent<Head, Item> {
  readonly head: Head;
  readonly items: ReadonlyMap<string, Item>;
}

export interface JournalFileOptions<Head, Item> {
  readonly path: string;
  /** Raised whenever the shape of head or items changes; a file of another format is not ours to read. */
  readonly format: number;
  /** An item as plain JSON; the head must be plain JSON itself. */
  encodeItem(item: Item): unknown;
  /** What JSON brought back → the value, or undefined where it is damaged. */
  decodeHead(value: unknown): Head | undefined;
  decodeItem(value: unknown): Item | undefined;
  /** Whether an item need not be written again; asked of all items at each save, so it should be quick. */
  isSame(one: Item, other: Item): boolean;
}

export interface JournalFile<Head, Item> {
  /**
   * What was saved last. A save that was cut off by a kill is as if it had not been, and `note` says so. A file that
   * cannot be understood is moved out of the way. Throws an AppError (E_OUTPUT_…) only if the disk cannot be used.
   */
  load(): Promise<LoadedState<JournalContent<Head, Item>>>;
  /**
   * Makes this the content, on the disk when it resolves: at the cost of what has changed since the last save. Mode 0600
   * in a directory of mode 0700. Throws E_OUTPUT_…; one save at a time.
   */
  save(content: JournalContent<Head, Item>, nowMs: number): Promise<void>;
}

/** What is appended may come to a quarter of what was written whole, and to this many bytes at least. */
const SMALL_BYTES = 64 * 1024;
const APPENDED_SHARE = 1 / 4;

/** Lines that are made in one go, between two writes: a millisecond or two for items of a kilobyte. */
const LINES_AT_ONCE = 64;

/**
 * Many items that outlive the process, of which few change at a time. The first line names the format; then come items,
 * one a line (`["KEY",ITEM]`, or `["KEY"]` for one that is gone), and after those of one save a line with the head. A
 * save appends what has changed; now and then, and always at the first time, everything is written anew.
 */
export function createJournalFile<Head, Item>(options: JournalFileOptions<Head, Item>): JournalFile<Head, Item> {
  const { path, format, encodeItem, isSame } = options;
  const directory = dirname(path);
  /** What the file holds, as far as this process has written it. */
  let saved: (JournalContent<Head, Item> & { readonly wholeBytes: number; readonly bytes: number }) | undefined;

  async function writeWhole(content: JournalContent<Head, Item>, nowMs: number): Promise<void> {
    saved = undefined;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw outputError(error, "create", directory);
    }
    const text = { [Symbol.iterator]: () => inBlocks(wholeLines(content), endLine(content.head, nowMs)) };
    await replaceFile({ path, text, stagingDir: directory, mode: 0o600 });
    const bytes = await sizeOf(path);
    saved = { ...content, wholeBytes: bytes, bytes };
  }

  function* wholeLines({ items }: JournalContent<Head, Item>): Generator<string> {
    yield JSON.stringify({ portolan: "journal", format });
    yield* itemLines(items.keys(), items);
  }

  function* itemLines(keys: Iterable<string>, items: ReadonlyMap<string, Item>): Generator<string> {
    for (const key of keys) {
      const item = items.get(key);
      yield JSON.stringify(item === undefined ? [key] : [key, encodeItem(item)]);
    }
  }

  /** False where the file is not as we left it: then it is to be written anew. */
  async function append(content: JournalContent<Head, Item>, changed: readonly string[], nowMs: number) {
    const before = saved;
    const file = before && (await openToAppend(path));
    if (file === undefined) return false;
    // Should this fail halfway, nobody may append to what it leaves.
    saved = undefined;
    try {
      if ((await file.stat()).size !== before?.bytes) return false;
      await file.writeFile(inBlocks(itemLines(changed, content.items), endLine(content.head, nowMs)));
      await file.datasync();
      saved = { ...content, wholeBytes: before.wholeBytes, bytes: (await file.stat()).size };
      return true;
    } catch (error) {
      throw outputError(error, "write", path);
    } finally {
      await file.close();
    }
  }

  function changedSince(before: ReadonlyMap<string, Item>, { items }: JournalContent<Head, Item>): readonly string[] {
    const changed: string[] = [];
    for (const [key, item] of items) {
      const known = before.get(key);
      if (known === undefined || !isSame(known, item)) changed.push(key);
    }
    for (const key of before.keys()) if (!items.has(key)) changed.push(key);
    return changed;
  }

  return {
    async load() {
      await removeStale({ path, stagingDir: directory });
      const read = await readJournal(path, options);
      if (read.kind !== "unusable") return read;
      return { kind: "setAside", reason: read.reason, movedTo: await setAside(path, read.label) };
    },
    async save(content, nowMs) {
      if (saved === undefined) return writeWhole(content, nowMs);
      const changed = changedSince(saved.items, content);
      if (changed.length === 0 && JSON.stringify(content.head) === JSON.stringify(saved.head)) return;
      const isFull = saved.bytes - saved.wholeBytes > Math.max(SMALL_BYTES, saved.wholeBytes * APPENDED_SHARE);
      const isMost = changed.length > Math.max(LINES_AT_ONCE, content.items.size * APPENDED_SHARE);
      if (isFull || isMost || !(await append(content, changed, nowMs))) await writeWhole(content, nowMs);
    },
  };
}

function endLine(head: unknown, nowMs: number): string {
  return JSON.stringify({ writtenAtMs: nowMs, head });
}

/** Some lines at a time, so that others have their turn while a block is written. */
function* inBlocks(lines: Iterable<string>, last: string): Generator<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length < LINES_AT_ONCE) continue;
    yield `${block.join("\n")}\n`;
    block = [];
  }
  yield `${[...block, last].join("\n")}\n`;
}

async function openToAppend(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw outputError(error, "write", path);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw outputError(error, "read", path);
  }
}
