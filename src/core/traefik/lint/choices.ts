import { nearest } from "../../../base/nearest.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { type LintCheck, type Subject, textAt, titleOf } from "./subject.ts";

/** A field that means something for a few words only, which Traefik does not check while it reads the file. */
interface Choice {
  readonly path: readonly string[];
  readonly allowed: readonly string[];
  /** What Traefik does with any other word; nothing to say where it refuses the whole object. */
  readonly otherwise?: string;
}

const SAME_SITE = { allowed: ["none", "lax", "strict"], otherwise: "lets the browser decide" } as const;

const CHOICES: Readonly<Record<"router" | "service", readonly Choice[]>> = {
  router: [
    {
      path: ["observability", "traceVerbosity"],
      allowed: ["minimal", "detailed"],
      otherwise: 'takes it for "minimal"',
    },
  ],
  service: [
    { path: ["loadBalancer", "strategy"], allowed: ["wrr", "p2c", "hrw", "leasttime"] },
    { path: ["loadBalancer", "healthCheck", "mode"], allowed: ["http", "grpc"], otherwise: 'takes it for "http"' },
    { path: ["loadBalancer", "sticky", "cookie", "sameSite"], ...SAME_SITE },
    { path: ["weighted", "sticky", "cookie", "sameSite"], ...SAME_SITE },
  ],
};

/** Words that Traefik refuses, or ignores, where it expects one of a few. Upper and lower case differ. */
export const checkChoices: LintCheck = (subject) => {
  if (subject.protocol !== "http" || subject.kind === "middleware") return [];
  return CHOICES[subject.kind].flatMap((choice) => judge(subject, choice));
};

function judge(subject: Subject, { path, allowed, otherwise }: Choice): readonly Finding[] {
  const found = textAt(subject.object, ...path);
  if (found === undefined || allowed.includes(found)) return [];
  const effect = otherwise === undefined ? "" : `; traefik ${otherwise}`;
  return [
    {
      code: otherwise === undefined ? "VALUE_UNKNOWN" : "VALUE_IGNORED",
      message: `${titleOf(subject)} has ${path.join(".")} ${JSON.stringify(found)}, allowed are ${allowed.join(", ")}${effect}`,
      remedy: `write ${JSON.stringify(nearest(found, allowed) ?? allowed[0])}`,
    },
  ];
}
