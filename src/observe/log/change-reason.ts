import type { RouteReason } from "../../core/changes/route-change.ts";

/** Why a router or a server came, went or changed, in the words of the log. */
export function changeReason(why: RouteReason): string {
  switch (why.kind) {
    case "registered":
      return "registered";
    case "deregistered":
      return "deregistered";
    case "not-in-catalog":
      return "not in the catalog";
    case "gone-from-catalog":
      return "gone from the catalog";
    case "moved":
      return "moved";
    case "took-over":
      return "took over";
    case "gave-way":
      return "gave way to another catalog";
    case "healthy-again":
      return "healthy again";
    case "served-unhealthy":
      return "no instance of its service is healthy";
    case "no-healthy-instance":
      return "no healthy instance";
    case "hidden":
      return "no longer exposed";
    case "unhealthy": {
      const check = why.check === undefined ? "" : ` (check ${JSON.stringify(why.check)})`;
      return `${why.status === "" ? "unknown health" : why.status}${check}`;
    }
    case "quarantined":
      return `quarantined: ${why.code}`;
    case "tags-changed":
      return "its tags changed";
    case "port-reused":
      return `its port is ${why.service}'s now`;
    case "grace-over":
      return "no instance came back in time";
    case "replaced":
      return "replaced by another router";
    case "reference-gone":
      return "what it refers to is gone";
    case "operator-defined":
      return `defined in ${why.origin}`;
    case "operator-changed":
      return `changed in ${why.origin}`;
    case "operator-withdrew":
      return `no longer defined in ${why.origin}`;
  }
}
