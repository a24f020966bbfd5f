import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import type { ResultContext } from "./result-context.ts";
import { isUntaken } from "./traefik-result.ts";

/** The chart as a whole has not reached Traefik: what it has instead, and the likeliest cause first. */
export function diagnoseTaking({ result, output }: Pick<ResultContext, "result" | "output">): readonly Diagnostic[] {
  const why = whyNotTaken({ result, output });
  if (why === undefined) return [];
  const { has, cause, remedy } = why;
  const message = `Traefik ${result.traefik.version} ${has}: ${cause}`;
  return [aboutFile(output, { code: "TRAEFIK_NOT_TAKEN", message, remedy })];
}

/** What Traefik has instead of the chart, to follow its name; why, and what to do. */
export interface WhyNotTaken {
  readonly has: string;
  readonly cause: string;
  readonly remedy: string;
}

/** In the words of an operator who looks at Traefik's static configuration and at its log; undefined where it has its chart, or time. */
export function whyNotTaken({ result, output }: Pick<ResultContext, "result" | "output">): WhyNotTaken | undefined {
  const { taking } = result;
  if (!isUntaken(taking)) return undefined;
  const has = taking.kind === "nothing" ? "has nothing of the chart" : "goes on with an earlier chart";
  return { has, ...likeliestCause(taking.kind, { result, output }) };
}

function likeliestCause(
  has: "nothing" | "behind",
  { result: { traefik }, output }: Pick<ResultContext, "result" | "output">,
): Omit<WhyNotTaken, "has"> {
  const directory = output.slice(0, Math.max(1, output.lastIndexOf("/")));
  const { providers, configuration } = traefik;
  const wanted = `providers: { file: { directory: ${JSON.stringify(directory)}, watch: true } }`;
  const inStatic = "in its static configuration, and restart it";
  if (!providers.some((one) => /^(?:file|http)$/i.test(one))) {
    const others = providers.length === 0 ? "no provider at all" : providers.join(", ");
    return {
      cause: `it has no file provider, but ${others}`,
      remedy: `set ${wanted} ${inStatic}; or let traefik.api name the Traefik that reads ${directory}`,
    };
  }
  const file = configuration?.file;
  const reads = file?.directory ?? file?.filename;
  if (file !== undefined && reads !== undefined && reads !== directory && reads !== output) {
    return {
      cause: `it reads ${reads}, and the chart is ${output}`,
      remedy: `set ${wanted} ${inStatic}; where both are one directory, as in a container, look into Traefik's log for a file there that it refuses`,
    };
  }
  if (file !== undefined && !file.isWatched && has === "behind") {
    return { cause: "its file provider does not watch for changes", remedy: `set ${wanted} ${inStatic}` };
  }
  return {
    cause: "it has not loaded the chart in the time that it takes",
    remedy: `look into Traefik's log for a file in ${directory} that it refuses, and correct that file; or let traefik.api name the Traefik that reads ${directory}`,
  };
}
