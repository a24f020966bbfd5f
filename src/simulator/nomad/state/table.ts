import type { NomadEvent } from "../events/event.ts";
import type { Indexes } from "../rows/indexes.ts";
import type { WriteLog } from "./write-log.ts";

/** Rows of one kind, each made from its definition and never changed, only replaced. */
export interface Table<Definition, Row> {
  /** The last write to the table; 1 where there has been none. */
  readonly index: number;
  get(key: string): Row | undefined;
  /** The definition of a row that is there; that it is not is a mistake of the caller. */
  definition(key: string): Definition;
  rows(): readonly Row[];
  /** The rows of one group, in the order in which they came. */
  group(name: string): readonly Row[];
  put(definition: Definition): Row;
  /** A write that changes nothing: it takes its place in the log. */
  putSame(): void;
  /** Was it there? */
  remove(key: string): boolean;
  /** A write elsewhere that moves this table's index, and wakes those who watch the table. */
  touch(index: number): void;
}

export interface TableOptions<Definition, Row> {
  readonly log: WriteLog;
  readonly name: string;
  keyOf(definition: Definition): string;
  rowOf(definition: Definition, indexes: Indexes): Row;
  /** The groups in which a row is found, and by which it is watched beside the table's name. Default: none. */
  groupsOf?(row: Row): readonly string[];
  /** What the stream says of a write: `old` undefined for a new row, `row` for one that has gone. Default: nothing. */
  eventsOf?(row: Row | undefined, old: Row | undefined): readonly NomadEvent[];
}

interface Entry<Definition, Row> {
  readonly definition: Definition;
  readonly row: Row;
}

/** An empty table. */
export function createTable<Definition, Row extends Indexes>(
  options: TableOptions<Definition, Row>,
): Table<Definition, Row> {
  const { log, name, keyOf, rowOf, groupsOf = () => [], eventsOf = () => [] } = options;
  const entries = new Map<string, Entry<Definition, Row>>();
  const groups = new Map<string, Map<string, Row>>();
  let index = 1;

  function replace(key: string, at: number, next: Entry<Definition, Row> | undefined): void {
    const old = entries.get(key)?.row;
    const left = old === undefined ? [] : groupsOf(old);
    const joined = next === undefined ? [] : groupsOf(next.row);
    for (const group of left) if (!joined.includes(group)) groups.get(group)?.delete(key);
    if (next === undefined) {
      entries.delete(key);
    } else {
      entries.set(key, next);
      for (const group of joined) {
        groups.set(group, (groups.get(group) ?? new Map<string, Row>()).set(key, next.row));
      }
    }
    index = at;
    log.written(at, [name, ...left, ...joined], eventsOf(next?.row, old));
  }

  return {
    get index() {
      return index;
    },
    get: (key) => entries.get(key)?.row,
    definition(key) {
      const entry = entries.get(key);
      if (entry === undefined) throw new TypeError(`bug: there is no ${key} among the ${name} of the embedded Nomad`);
      return entry.definition;
    },
    rows: () => Array.from(entries.values(), ({ row }) => row),
    group: (name) => [...(groups.get(name)?.values() ?? [])],
    put(definition) {
      const key = keyOf(definition);
      const at = log.next();
      const row = rowOf(definition, { CreateIndex: entries.get(key)?.row.CreateIndex ?? at, ModifyIndex: at });
      replace(key, at, { definition, row });
      return row;
    },
    putSame: () => void log.next(),
    remove(key) {
      const at = log.next();
      if (!entries.has(key)) return false;
      replace(key, at, undefined);
      return true;
    },
    touch(at) {
      index = at;
      log.written(at, [name], []);
    },
  };
}
