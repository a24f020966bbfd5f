import type { DynamicConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";

/** What a chart says of one HTTP router, read without the code that compares charts. */
export interface RouterFacts {
  readonly rule: string;
  readonly servers: ReadonlySet<string>;
  /** The router, its middlewares and its service but for the servers, as text. */
  readonly meaning: string;
}

export type ChartFacts = ReadonlyMap<string, RouterFacts>;

interface Service {
  readonly loadBalancer?: { readonly servers?: readonly { readonly url: string }[] };
}

export function chartFacts(chart: DynamicConfig | undefined): ChartFacts {
  if (chart === undefined) return new Map();
  return new Map(
    [...chart["http/routers"]].map(([name, router]) => {
      const { service, middlewares = [], rule } = router as { service: string; middlewares?: string[]; rule: string };
      const { loadBalancer: { servers = [], ...options } = {}, ...others } = (chart["http/services"].get(service) ??
        {}) as Service;
      const means = [router, options, others, middlewares.map((one) => chart["http/middlewares"].get(one))];
      return [name, { rule, servers: new Set(servers.map(({ url }) => url)), meaning: JSON.stringify(means) }];
    }),
  );
}
