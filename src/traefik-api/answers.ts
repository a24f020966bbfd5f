import { z } from "zod";
import { printable } from "../base/printable.ts";
import type { RunningTraefik, TraefikCount, TraefikEntryPoint } from "../core/traefik-result/running-traefik.ts";
import { objectFrom } from "./resource-answer.ts";

/** A text of the API's as one harmless line. */
const line = z.string().transform((text) => printable(text.slice(0, 500)));

export const versionAnswer = z.object({ Version: line, startDate: line.default("") }).transform(
  ({ Version, startDate }): Pick<RunningTraefik, "version" | "startedAt"> => ({
    version: Version.replace(/^v/, ""),
    startedAt: startDate,
  }),
);

/** What an entry point adds to routers of HTTP. */
const entryPointOptions = {
  http: z.object({ middlewares: z.array(line).nullish(), tls: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  observability: z.record(z.string(), z.unknown()).nullish(),
};

export const entryPointsAnswer = z
  .array(
    z
      .object({
        ...{ name: line, address: line.default(""), asDefault: z.boolean().default(false) },
        ...entryPointOptions,
      })
      .transform(({ name, address, asDefault, http, observability }): TraefikEntryPoint => {
        const middlewares = http?.middlewares ?? [];
        const [tls, observed] = [objectFrom(http?.tls), objectFrom(observability)];
        const options = {
          ...(middlewares.length === 0 ? {} : { middlewares }),
          ...(tls === undefined ? {} : { tls }),
          ...(observed === undefined ? {} : { observability: observed }),
        };
        const isPlain = Object.keys(options).length === 0;
        return { name, address, isDefault: asDefault, ...(isPlain ? {} : { options }) };
      }),
  )
  .max(10_000);

const count = z.int().nonnegative();
const counts = z.object({ total: count, warnings: count, errors: count });
const NONE: TraefikCount = { total: 0, warnings: 0, errors: 0 };
const kinds = z.object({
  routers: counts.default(NONE),
  services: counts.default(NONE),
  middlewares: counts.default(NONE),
});
const NO_KINDS = { routers: NONE, services: NONE, middlewares: NONE };

export const overviewAnswer = z.object({
  http: kinds.default(NO_KINDS),
  tcp: kinds.default(NO_KINDS),
  udp: kinds.default(NO_KINDS),
  providers: z.array(line).max(1_000).nullish(),
});

/** What of the static configuration in a support dump counts here; Traefik has blotted out what is secret. */
export const staticConfiguration = z
  .object({
    certificatesResolvers: z.record(line, z.unknown()).default({}),
    providers: z
      .object({
        providersThrottleDuration: line.optional(),
        http: z.object({ pollInterval: line.optional() }).optional(),
        file: z
          .object({ directory: line.optional(), filename: line.optional(), watch: z.boolean().default(false) })
          .optional(),
      })
      .default({}),
  })
  .transform(({ certificatesResolvers, providers: { file, http, providersThrottleDuration } }) => ({
    certResolvers: Object.keys(certificatesResolvers),
    throttle: providersThrottleDuration,
    poll: http?.pollInterval,
    file: file && { directory: file.directory, filename: file.filename, isWatched: file.watch },
  }));
