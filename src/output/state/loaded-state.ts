/** What a state file held when it was loaded. */
export type LoadedState<T> =
  /** `note`: what the operator should know about how the file was found. */
  | { readonly kind: "loaded"; readonly value: T; readonly writtenAtMs: number; readonly note?: string }
  | { readonly kind: "absent" }
  /** The file could not be understood and was moved. */
  | { readonly kind: "setAside"; readonly reason: string; readonly movedTo: string };
