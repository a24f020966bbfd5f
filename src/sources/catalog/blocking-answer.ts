/** One answer to a read that may have been held until the catalog's index moved. */
export interface BlockingAnswer<T> {
  /** The index header as it came, not judged yet; undefined where the answer has none. */
  readonly index: string | undefined;
  readonly value: T;
}
