import { count } from "../base/count.ts";
import { instanceWords } from "./reason-lines.ts";
import type { Block, Instance, Line, Reason, Step } from "./told-answer.ts";

/** The way of one instance, step by step. @param told the reason that has been told above */
export function instanceBlock(instance: Instance, told: Reason | undefined): Block {
  const { address, port, checks, tags, otherTags, way } = instance;
  return {
    kind: "instance",
    title: `The way of ${instanceWords(instance)}, at ${address === "" ? "no address" : address}:${port}`,
    lines: [
      ...stepLines(way, told),
      ...(checks.length === 0 ? [] : [{ kind: "heading", text: "checks" } as const]),
      ...checks.map(({ name, status, isNodes }): Line => {
        return { kind: "read", text: `${status}: ${name}${isNodes ? " (of the node)" : ""}` };
      }),
      ...(tags.length + otherTags === 0 ? [] : [{ kind: "heading", text: "tags" } as const]),
      ...tags.map(({ tag, means }): Line => ({ kind: "meaning", tag, means })),
      ...(otherTags === 0 ? [] : [{ kind: "note", text: `${count(otherTags, "more tag")}, not for Traefik` } as const]),
    ],
  };
}

/** The stages that it has not come to are one line. */
function stepLines(way: readonly Step[], told: Reason | undefined): readonly Line[] {
  const open = way.filter(({ outcome }) => outcome === "open");
  return way.flatMap((step): readonly Line[] => {
    const { outcome, stage, says } = step;
    if (outcome === "open") {
      if (step !== open[0]) return [];
      return [{ kind: "step", outcome, stage: "", text: `not come to: ${open.map((one) => one.stage).join(", ")}` }];
    }
    const isTold = outcome === "no" && told !== undefined && says.endsWith(told.message);
    return [{ kind: "step", outcome, stage, text: isTold ? "the way ends here: see Why above" : says }];
  });
}
