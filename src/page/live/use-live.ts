import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Listed, ListName, Lists } from "./lists.ts";
import type { Known, Live } from "./live.ts";

export const LiveContext = createContext<Live | undefined>(undefined);

/** The store itself. */
export function useStore(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("no LiveContext around this view");
  return live;
}

/** A part of what is known of the daemon; draws again when that part is another object. */
export function useLive<Part>(select: (known: Known) => Part): Part {
  const live = useStore();
  const [part, setPart] = useState(() => select(live.known()));
  useEffect(() => {
    // What came between the first drawing and this is not missed.
    const hear = () => setPart(() => select(live.known()));
    hear();
    return live.subscribe(hear);
  }, [live]);
  return part;
}

/** A list that is read as long as the view is shown: `useList("holds").answer?.holds`. */
export function useList<Name extends ListName>(name: Name): Listed<Lists[Name]> {
  const live = useStore();
  const listed = useLive(({ lists }) => lists[name]);
  useEffect(() => live.want(name), [live, name]);
  return listed;
}
