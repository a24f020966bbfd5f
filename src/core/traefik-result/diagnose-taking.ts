import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import type { ResultContext } from "./result-context.ts";

/** The chart as a whole has not reached Traefik: what it has instead, and the likeliest cause first. */
export function diagnoseTaking({ result, output }: Pick<ResultContext, "result" | "output">): readonly Diagnostic[] {
  const { taking, traefik } = result;
  if (taking.kind !== "behind" && taking.kind !== "nothing") return [];
  const has = taking.kind === "nothing" ? "has nothing of the chart" : "goes on with an earlier chart";
  const { cause, remedy } = whyNotTaken({ result, output });
  return [
    aboutFile(output, {
      code: "TRAEFIK_NOT_TAKEN",
      message: `Traefik ${traefik.version} ${has}: ${cause}`,
      remedy,
    }),
  ];
}

/** In the words of an operator who looks at Traefik's static configuration and at its log. */
export function whyNotTaken({ result: { taking, traefik }, output }: Pick<ResultContext, "result" | "output">): {
  readonly cause: string;
  readonly remedy: string;
} {
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
  if (file !== undefined && !file.isWatched && taking.kind === "behind") {
    return { cause: "its file provider does not watch for changes", remedy: `set ${wanted} ${inStatic}` };
  }
  return {
    cause: "it has not loaded the chart in the time that it takes",
    remedy: `look into Traefik's log for a file in ${directory} that it refuses, and correct that file; or let traefik.api name the Traefik that reads ${directory}`,
  };
}
