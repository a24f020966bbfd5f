import { useEffect, useState } from "preact/hooks";
import type { Explained } from "../../api/resources/explain.ts";
import { useStore } from "../live/use-live.ts";

/** An answer of explain, as far as it has come. */
export interface Asked {
  readonly explained: Explained | undefined;
  /** Why there is none, or none that is newer. */
  readonly error: string | undefined;
}

interface AskedAbout extends Asked {
  readonly about: string;
}

/** Between two questions about the same thing. */
const LEAST_MS = 1_000;

/** Asks about something, and again after each change of which the page hears. */
export function useExplained(about: string): Asked {
  const live = useStore();
  const [asked, setAsked] = useState<AskedAbout>({ about: "", explained: undefined, error: undefined });
  useEffect(() => {
    if (about === "") return;
    return live.follow<Explained>(`v1/explain?${new URLSearchParams({ about })}`, LEAST_MS, {
      answered: (explained) => setAsked({ about, explained, error: undefined }),
      failed: (error) => setAsked((before) => ({ about, explained: answerOf(before, about), error })),
    });
  }, [about, live]);
  return { explained: answerOf(asked, about), error: asked.about === about ? asked.error : undefined };
}

function answerOf(asked: AskedAbout, about: string): Explained | undefined {
  return asked.about === about ? asked.explained : undefined;
}
