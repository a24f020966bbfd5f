import { count } from "../../../base/count.ts";
import type { ExplainedInstance, Reason, Step } from "../../../core/explain/answer.ts";
import type { Colours } from "../colour.ts";
import { furtherReason, instanceWords } from "./reason-text.ts";
import { cutLines, wrapped } from "./wrapped.ts";

const MARKS: Readonly<Record<Step["outcome"], string>> = { yes: "✓", no: "✗", waits: "…", open: "·" };

/** The way of one instance, step by step. @param told the reason that has been told above */
export function instanceText(
  instance: ExplainedInstance,
  told: Reason | undefined,
  colours: Colours,
): readonly string[] {
  const { address, port, checks, tags, otherTags, way } = instance;
  const title = wrapped(
    "",
    `The way of ${instanceWords(instance)}, at ${address === "" ? "no address" : address}:${port}`,
  );
  const open = way.filter(({ outcome }) => outcome === "open");
  const steps = way.flatMap((step) => {
    if (step.outcome === "open") {
      if (step !== open[0]) return [];
      const stages = open.map(({ stage }) => stage).join(", ");
      return wrapped(`  ${MARKS.open} `, `not come to: ${stages}`).map(colours.faint);
    }
    const isTold = step.outcome === "no" && told !== undefined && step.says.endsWith(told.message);
    const says = isTold ? "the way ends here: see Why above" : step.says;
    return wrapped(`  ${MARKS[step.outcome]} ${step.stage.padEnd(10)} `, says).map((line, position) =>
      position === 0 ? coloured(step.outcome, line, colours) : line,
    );
  });
  const checkLines = checks.flatMap(({ name, status, isNodes }) =>
    cutLines("    ", `${status}: ${name}${isNodes ? " (of the node)" : ""}`),
  );
  const tagLines = tags.flatMap(({ tag, means }) => {
    const line = cutLines("    ", `${tag}  (${means})`);
    return line.length === 1 ? line : [...cutLines("    ", tag), ...wrapped("      ", `(${means})`)];
  });
  const others = otherTags === 0 ? [] : [`    ${count(otherTags, "more tag")}, not for Traefik`];
  return [
    ...title.map(colours.strong),
    ...steps,
    ...(checkLines.length === 0 ? [] : ["  checks", ...checkLines]),
    ...(tags.length + otherTags === 0 ? [] : ["  tags", ...tagLines, ...others]),
  ];
}

function coloured(outcome: Step["outcome"], line: string, colours: Colours): string {
  switch (outcome) {
    case "yes":
      return line;
    case "no":
      return colours.removed(line);
    case "waits":
      return colours.changed(line);
    case "open":
      return colours.faint(line);
  }
}

/** The reasons of an instance beside the one that has been told. */
export function furtherReasons(reasons: readonly Reason[]): readonly string[] {
  return reasons.length === 0 ? [] : ["Besides", ...reasons.flatMap(furtherReason)];
}
