import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Policy, PolicyRule } from "../settings.ts";
import { ruleFor } from "./policy.ts";

/** What the policy or the ledger demands of every router that leads to a service. */
export interface Demand {
  /** Who demands it, for messages: `rules.0 of the policy`. */
  readonly by: string;
  /** Middlewares that it must have, as who demands them names them. */
  readonly middlewares: readonly string[];
  /** They are for TCP as for HTTP. */
  readonly isAllowList?: true;
  /** Entry points at which it may be of another protocol, which has no middlewares of HTTP; undefined: at none. */
  readonly entryPoints: Readonly<Record<"tcp" | "udp", readonly string[] | undefined>>;
}

/** What is demanded of the routers to an instance; undefined where nothing is. */
export function demandOf(instance: ServiceInstance, policy: Policy | undefined): Demand | undefined {
  const rule = policy && ruleFor(policy, instance);
  return rule && ofRule(rule);
}

const ofRule = memoize(({ name, middlewares, tcpEntryPoints, udpEntryPoints }: PolicyRule): Demand | undefined =>
  middlewares?.require === undefined || middlewares.require.length === 0
    ? undefined
    : {
        by: `${name} of the policy`,
        middlewares: middlewares.require,
        entryPoints: { tcp: tcpEntryPoints, udp: udpEntryPoints },
      },
);

/** All middlewares that a policy demands, each once. */
export const requiredIn = memoize(
  ({ rules }: Policy): ReadonlySet<string> => new Set(rules.flatMap(({ middlewares }) => middlewares?.require ?? [])),
);

/** The name by which two spellings of a middleware are compared: with or without `@file` the same one of this chart is meant. */
export function plainName(middleware: string): string {
  return middleware.replace(/@file$/, "");
}
