export type TableName = "nodes" | "services" | "checks";

/** The indexes that Consul keeps beside its rows, and the one of the write under way. */
export interface Indexes {
  /** Begins a write: it takes the next index of the log. */
  advance(): void;
  /** The index of the write under way, or of the last one. */
  readonly current: number;
  moveTable(name: TableName): void;
  moveService(service: string): void;
  /** The service has lost its last instance. */
  endService(service: string): void;
  /** The index of the last write to any of the tables. */
  ofTables(...names: readonly TableName[]): number;
  /** The index that Consul keeps for a service while it has instances. */
  ofService(service: string): number | undefined;
  /** The index of the last time that a service lost its last instance. */
  ofExtinction(): number | undefined;
}

/** A real log begins with an election and the settings of the cluster. */
const INDEX_BEFORE_FIRST_WRITE = 10;

/** Those of a catalog without a write. */
export function createIndexes(): Indexes {
  const tables: Record<TableName, number> = { nodes: 0, services: 0, checks: 0 };
  const services = new Map<string, number>();
  let extinction: number | undefined;
  let index = INDEX_BEFORE_FIRST_WRITE;
  return {
    advance() {
      index += 1;
    },
    get current() {
      return index;
    },
    moveTable(name) {
      tables[name] = index;
    },
    moveService(service) {
      services.set(service, index);
    },
    endService(service) {
      services.delete(service);
      extinction = index;
    },
    ofTables: (...names) => Math.max(...names.map((name) => tables[name])),
    ofService: (service) => services.get(service),
    ofExtinction: () => extinction,
  };
}
