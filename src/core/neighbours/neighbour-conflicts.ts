import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { NeighbourName, Neighbours } from "./neighbours.ts";

/** Reports for an instance that a neighbour has the name. */
export function nameOfNeighbour(instance: ServiceInstance, key: ResourceKey, neighbour: NeighbourName): Diagnostic {
  const { file, whose } = neighbour;
  const message =
    whose === "operator"
      ? `${key} is defined in ${file}, a file of the operator's that traefik reads beside the chart`
      : `${key} is defined in ${file}, too, another portolan's chart, which traefik reads before this one, and differently`;
  return diagnose(instance, {
    code: "NAME_TAKEN",
    leavesOut: key,
    message,
    remedy:
      whose === "operator"
        ? "choose another name, or refer to the one that is there, with @file, without defining it"
        : "choose another name in one of the two catalogs, or give both services equal tags for it",
  });
}

/** Reports for an instance that a peer's chart defines its name as well, and that Traefik passes over the peer's. */
export function nameInPeersChart(instance: ServiceInstance, key: ResourceKey, { file }: NeighbourName): Diagnostic {
  return diagnose(instance, {
    code: "CLAIM_CONTESTED",
    message: `${key} is untouched, but ${file}, another portolan's chart, defines it, too, and differently; traefik reads that one later and passes over it`,
    remedy: "choose another name in one of the two catalogs",
  });
}

/** What the operator defines twice: in the settings or a snippet, and in a file beside the chart. */
export function namesTwiceOperators({ origins }: OperatorConfig, neighbours: Neighbours): readonly Diagnostic[] {
  return origins.size === 0 || neighbours.names.size === 0 ? NONE : twice(origins)(neighbours);
}

const NONE: readonly Diagnostic[] = [];

const twice = memoize((origins: OperatorConfig["origins"]) =>
  memoize(({ names }: Neighbours): readonly Diagnostic[] =>
    [...origins].flatMap(([key, origin]) => {
      const other = names.get(key);
      return other === undefined ? [] : [definedTwice(key, origin, other)];
    }),
  ),
);

function definedTwice(key: ResourceKey, origin: string, { file, isRead }: NeighbourName): Diagnostic {
  const counting = isRead === "before" ? file : "the chart, and with it this one";
  return aboutFile(origin, {
    code: "NEIGHBOUR_NAME",
    message: `${key} is defined in ${file}, too, which traefik reads beside the chart; of the two it takes ${counting}`,
    remedy: "define it once, or by two names",
  });
}
