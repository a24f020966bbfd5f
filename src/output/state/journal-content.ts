/** Items by key, which must not be changed any more once they are given to a journal. */
export interface JournalItems<Item> {
  readonly size: number;
  get(key: string): Item | undefined;
  keys(): Iterable<string>;
}

/** What a journal keeps: many items by key, and a small value about all of them. */
export interface JournalContent<Head, Item, Items extends JournalItems<Item> = ReadonlyMap<string, Item>> {
  readonly head: Head;
  readonly items: Items;
}

/** How the values of a journal are read back. */
export interface JournalShape<Head, Item> {
  /** Raised whenever the shape of head or items changes; a file of another format is set aside. */
  readonly format: number;
  /** What JSON brought back → the value, or undefined where it is damaged. */
  decodeHead(value: unknown): Head | undefined;
  decodeItem(value: unknown): Item | undefined;
}
