import { useEffect, useState } from "preact/hooks";
import type { Explained } from "../../api/resources/explain.ts";
import { useLive, useStore } from "../live/use-live.ts";

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
/** Ages in an answer, and what waits, change by themselves. */
const AGE_MS = 15_000;

/** Asks about something, and again after each change of which the page hears. */
export function useExplained(about: string): Asked {
  const live = useStore();
  const [asked, setAsked] = useState<AskedAbout>({ about: "", explained: undefined, error: undefined });
  const changes = useChanges();
  const isKnown = asked.about === about && asked.explained !== undefined;
  useEffect(() => {
    if (about === "") return;
    let isWanted = true;
    const ask = async () => {
      try {
        const explained = await live.read<Explained>(`v1/explain?${new URLSearchParams({ about })}`);
        if (isWanted) setAsked({ about, explained, error: undefined });
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        if (isWanted) setAsked((before) => ({ about, explained: answerOf(before, about), error: words }));
      }
    };
    const timer = setTimeout(() => void ask(), isKnown ? LEAST_MS : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
    // What has been answered asks no new question.
  }, [about, live, changes]);
  return { explained: answerOf(asked, about), error: asked.about === about ? asked.error : undefined };
}

function answerOf(asked: AskedAbout, about: string): Explained | undefined {
  return asked.about === about ? asked.explained : undefined;
}

/** Another number whenever something may have changed. */
function useChanges(): number {
  const [changes, setChanges] = useState(0);
  const routes = useLive((known) => known.routes.rows);
  const events = useLive((known) => known.events);
  const status = useLive((known) => known.status);
  useEffect(() => setChanges((count) => count + 1), [routes, events, status]);
  useEffect(() => {
    const timer = setInterval(() => setChanges((count) => count + 1), AGE_MS);
    return () => clearInterval(timer);
  }, []);
  return changes;
}
