import { allocationOf } from "../../catalog/allocation.ts";
import { type Health, UNCHECKED } from "../../catalog/health.ts";
import type { Check, ServiceInstance } from "../../catalog/snapshot.ts";
import { nameInText } from "../../diagnostics/name-in-text.ts";
import { shellWord } from "../../diagnostics/shell-word.ts";
import type { CoreSettings } from "../../settings.ts";
import type { Reason } from "../answer.ts";
import type { ReadCatalog } from "../decided.ts";

/**
 * Why an instance's health gets no traffic, and where its owner looks.
 *
 * @param catalog where it is registered; undefined where that is no longer read
 */
export function healthReason(
  instance: ServiceInstance,
  health: Health,
  { traefik }: CoreSettings,
  catalog: Pick<ReadCatalog, "address"> | undefined,
): Reason {
  const stage = "health";
  const seen = `portolan serves ${traefik.strictChecks.join(" and ")} (traefik.strictChecks)`;
  if (health === UNCHECKED) {
    return {
      ...{ stage, code: "NO_CHECK" },
      message: "it has no check of its own, and the settings ask for one (backends.requireCheck)",
      remedy: "give the service a check",
    };
  }
  switch (health.status) {
    case "maintenance":
      return {
        ...{ stage, code: "MAINTENANCE" },
        message: `it is in maintenance${ofCheck(health.because)}`,
        remedy: `end it on the machine ${nameInText(instance.node)}: consul maint -disable${isOfNode(health.because) ? "" : ` -service=${shellWord(instance.id)}`}`,
      };
    case "stopped":
      return {
        ...{ stage, code: "STOPPED" },
        message: "Nomad stops its allocation",
        remedy: `see what Nomad says of it: nomad alloc status ${allocationOf(instance.id) ?? ""}`,
      };
    case "failed":
    case "pending":
      return {
        ...{ stage, code: "UNHEALTHY" },
        message: `its allocation is ${health.status}${ofCheck(health.because)}`,
        remedy: `see what Nomad says of it: nomad alloc status ${allocationOf(instance.id) ?? ""}`,
      };
    default:
      return {
        ...{ stage, code: "UNHEALTHY" },
        message: `it is ${health.status === "" ? "of unknown health" : health.status}${ofCheck(health.because)}; ${seen}`,
        remedy: isOfNode(health.because)
          ? `mend the node ${nameInText(instance.node)}: all services there share the check`
          : `mend the service, or its check; what the check says: ${lookUp(instance, catalog)}`,
      };
  }
}

function ofCheck(check: Check | undefined): string {
  return check === undefined
    ? ""
    : ` by ${isOfNode(check) ? "its node's " : ""}check ${JSON.stringify(check.name || check.id)}`;
}

function isOfNode(check: Check | undefined): boolean {
  return check?.ofNode === true;
}

function lookUp({ service }: ServiceInstance, catalog: Pick<ReadCatalog, "address"> | undefined): string {
  const address = catalog?.address ?? "";
  const at = /^https?:/.test(address) ? address : "http://127.0.0.1:8500";
  return `${at}/v1/health/checks/${encodeURIComponent(service.toWellFormed())}`;
}
