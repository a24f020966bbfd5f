import { useEffect, useState } from "preact/hooks";
import { browserWorld } from "../live/browser-world.ts";

/** An answer that a view asks for once. */
export type Asked<Answer> =
  | { readonly kind: "asking" }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: string };

/** Asks the daemon by a path such as `v1/diff?to=4`; asks anew where the path is another one. */
export function useAnswer<Answer>(path: string): Asked<Answer> {
  const [asked, setAsked] = useState<Asked<Answer>>({ kind: "asking" });
  useEffect(() => {
    let isWanted = true;
    setAsked({ kind: "asking" });
    browserWorld.read<Answer>(path).then(
      (answer) => {
        if (isWanted) setAsked({ kind: "answer", answer });
      },
      (error: unknown) => {
        if (isWanted) setAsked({ kind: "failed", error: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [path]);
  return asked;
}
