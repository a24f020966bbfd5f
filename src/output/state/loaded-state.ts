/** What a state file holds. */
export type ReadState<T> =
  /** `note`: what the operator should know about how the file was found. */
  | { readonly kind: "loaded"; readonly value: T; readonly writtenAtMs: number; readonly note?: string }
  | { readonly kind: "absent" }
  /** It cannot be understood. `label` says so in a file's name. */
  | { readonly kind: "unusable"; readonly label: string; readonly reason: string };

/** What a state file held when it was loaded. */
export type LoadedState<T> =
  | Exclude<ReadState<T>, { kind: "unusable" }>
  /** The file could not be understood and was moved. */
  | { readonly kind: "setAside"; readonly reason: string; readonly movedTo: string };

/** What was read, with another value in place of the one that is stored. */
export function mapState<Stored, T>(read: LoadedState<Stored>, map: (stored: Stored) => T): LoadedState<T>;
export function mapState<Stored, T>(read: ReadState<Stored>, map: (stored: Stored) => T): ReadState<T>;
export function mapState<Stored, T>(
  read: LoadedState<Stored> | ReadState<Stored>,
  map: (stored: Stored) => T,
): LoadedState<T> | ReadState<T> {
  return read.kind === "loaded" ? { ...read, value: map(read.value) } : read;
}
