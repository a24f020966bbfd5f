/** The queries whose indexes are kept beyond one request. */
export type IndexedQuery = "service-list" | "service";

/**
 * The index of an answer, bound to the query that gave it. A catalog numbers all its writes in one row, but an answer
 * bears the number of the last write that its own query looks at: those of one service, of one table, of two tables. So
 * one and the same moment has different indexes in different queries, and a lower index shows an older answer, or a
 * catalog that was restored, only beside another index of the very same query. Types keep two kinds of queries apart, and
 * the name keeps two services apart.
 */
export class IndexOf<Query extends IndexedQuery> {
  readonly query: Query;
  /** The service; empty for the list. */
  readonly name: string;
  readonly #value: bigint;

  constructor(query: Query, name: string, value: bigint) {
    this.query = query;
    this.name = name;
    this.#value = value;
  }

  /** Throws TypeError for the index of another service: that would be a bug. */
  isLowerThan(other: IndexOf<Query>): boolean {
    if (other.name !== this.name) throw new TypeError(`the index of ${other.name} says nothing about ${this.name}`);
    return this.#value < other.#value;
  }

  isSameAs(other: IndexOf<Query>): boolean {
    return !this.isLowerThan(other) && !other.isLowerThan(this);
  }

  /** The number of a write: whatever the query looks at, the answer shows it up to this one. */
  get write(): bigint {
    return this.#value;
  }
}

export function listIndexOf(value: bigint): IndexOf<"service-list"> {
  return new IndexOf("service-list", "", value);
}

/**
 * Of an answer with instances. One without bears the index of something else, such as the last service that has gone.
 *
 * @param instances what the answer holds
 */
export function serviceIndexOf(
  name: string,
  instances: readonly unknown[],
  value: bigint,
): IndexOf<"service"> | undefined {
  return instances.length === 0 ? undefined : new IndexOf("service", name, value);
}
