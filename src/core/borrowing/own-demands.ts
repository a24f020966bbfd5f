import type { ServiceInstance } from "../catalog/snapshot.ts";
import { allowListsAt } from "../demands/restricted-ports.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Definition } from "../merge/definition.ts";
import { type Demand, demandOf } from "../policy/required-middlewares.ts";
import type { CoreSettings } from "../settings.ts";
import { transportOf } from "../traefik/chart/dynamic-config.ts";
import { type Place, placeOfServer } from "./demanding-places.ts";

/** What is demanded of routers to what one service defines, by itself, and where else it leads. */
export interface OwnDemands {
  /** Of the policy, by the rules of the instances that define it. */
  readonly ofPolicy: ReadonlySet<Demand>;
  /** Of the ledger, by where the servers are. */
  readonly allowLists: readonly Demand[];
  /** Where the servers are: who else is registered there is judged in each pass. */
  readonly places: readonly Place[];
}

/** Remembered for each definition and settings object: one change among thousands of services makes few anew. */
export const ownDemandsBy = memoize((settings: CoreSettings) =>
  memoize(({ section, instances, origins }: Definition): OwnDemands => {
    const protocol = transportOf(section);
    const { ledger } = settings.ports;
    const ofPolicy = instances.map((one) => demandOf(one, settings.policy)).filter((demand) => demand !== undefined);
    return {
      ofPolicy: new Set(ofPolicy),
      allowLists: [...origins].flatMap(([endpoint, instance]) =>
        allowListsAt(endpoint, protocol, instance, ledger).map(inCatalog(instance, settings)),
      ),
      places: [...origins.keys()].map(placeOfServer).filter((place) => place !== undefined),
    };
  }),
);

/** The allow-list by the name that it has in the chart, which may begin with that of its catalog. */
function inCatalog({ catalogName }: ServiceInstance, { equalNames }: CoreSettings): (list: Demand) => Demand {
  if (equalNames !== "prefix" || catalogName === undefined) return (list) => list;
  return (list) => ({ ...list, middlewares: list.middlewares.map((name) => `${catalogName}_${name}`) });
}
