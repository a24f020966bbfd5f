import { labelOf } from "../../catalog/instance-label.ts";
import type { InstanceState, Translated, WhyHidden } from "../../instances/instance-state.ts";
import type { CoreSettings } from "../../settings.ts";
import type { Reason } from "../answer.ts";
import type { ReadCatalog } from "../decided.ts";
import { healthReason } from "./health-reason.ts";
import { distinct, isBlocking, reasonOf, reasonOfFinding } from "./reason.ts";
import { byStage } from "./stages.ts";

/**
 * Why an instance gets no traffic, or not all that its tags ask for, by its own state alone: the first in the order of the pass
 * first. None for one that is routed with everything it asks for.
 */
export function reasonsOfInstance(
  one: Translated,
  settings: CoreSettings,
  catalog: ReadCatalog | undefined,
): readonly Reason[] {
  const { instance, state } = one;
  const label = labelOf(instance);
  const told = ("diagnostics" in state ? (state.diagnostics ?? []) : []).filter(isBlocking).map(reasonOf);
  const parts = leftOutOf(state).map((finding) => reasonOfFinding(finding, label));
  const own =
    told.length > 0 ? [] : ownReason(one, settings, catalog).map((reason) => ({ ...reason, instance: label }));
  return distinct([...own, ...told, ...parts]).toSorted(byStage);
}

function leftOutOf(state: InstanceState) {
  const leftOut =
    state.kind === "routed" ? state.fragment.leftOut : state.kind === "refused" ? state.leftOut : undefined;
  return [...(leftOut?.values() ?? [])].map(({ cause }) => cause);
}

/** The state itself, where no diagnostic tells it. */
function ownReason(
  { instance, state }: Translated,
  settings: CoreSettings,
  catalog: ReadCatalog | undefined,
): readonly Reason[] {
  switch (state.kind) {
    case "hidden":
      return [hiddenReason(state.why, settings)];
    case "unhealthy":
      return [healthReason(instance, state.health, settings, catalog)];
    case "standby":
      return [standbyReason(state.behind)];
    case "routed":
    case "refused":
      return [];
  }
}

function hiddenReason(why: WhyHidden, { traefik: { prefix, constraints } }: CoreSettings): Reason {
  const stage = "exposure";
  switch (why) {
    case "unset":
      return {
        ...{ stage, code: "NOT_ENABLED" },
        message: `no tag says ${prefix}.enable=true, and no tag asks for a route`,
        remedy: `add the tags ${prefix}.enable=true and ${prefix}.http.routers.NAME.rule=Host(\`…\`)`,
      };
    case "off":
      return {
        ...{ stage, code: "DISABLED" },
        message: `a tag says ${prefix}.enable=false: no route is wanted`,
        remedy: `write ${prefix}.enable=true instead`,
      };
    case "constraints": {
      const { expression = "" } = constraints;
      return {
        ...{ stage, code: "CONSTRAINTS" },
        message: `its tags do not fit the settings' traefik.constraints: ${expression}`,
        remedy: "give it the tags that the expression asks for, or change traefik.constraints in the settings",
      };
    }
    case "connect":
      return {
        ...{ stage, code: "CONNECT" },
        message: "a tag asks for Consul Connect, which portolan does not do",
        remedy: `remove the tag ${prefix}.consulcatalog.connect=true`,
      };
  }
}

function standbyReason(behind: Extract<InstanceState, { readonly kind: "standby" }>["behind"]): Reason {
  const stage = "turn";
  switch (behind.kind) {
    case "active":
      return {
        ...{ stage, code: "STANDBY" },
        message: "a tag says portolan.standby=true, and an active instance of its service is healthy",
        remedy: "nothing: it takes over when none is; or remove the tag",
      };
    case "catalog":
      return {
        ...{ stage, code: "STANDBY" },
        message: `catalog ${behind.name} comes first (equalNames: failover) and serves its service`,
        remedy: "nothing: it takes over when that catalog has no healthy instance",
      };
    case "sounder":
      return {
        ...{ stage, code: "STANDBY" },
        message: `${SOUNDER[behind.weakness]}, and others serve its service`,
        remedy: "nothing: it serves again when that is over, or when no other does",
      };
  }
}

const SOUNDER = {
  starting: "its deployment has not found it healthy yet",
  unknown: "Nomad does not tell its health",
  draining: "Nomad moves it elsewhere",
} as const;
