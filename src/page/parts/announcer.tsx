import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Tells a screen reader something, sparingly: what a person did, or must know. */
export const AnnounceContext = createContext<(text: string) => void>(() => {});

export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}
