import { someNames } from "../../base/count.ts";
import type { Weakness } from "../../core/catalog/health.ts";
import type { RouteReason } from "../../core/changes/route-change.ts";
import type { StandbyBehind } from "../../core/instances/instance-state.ts";

/** Why a router or a server came, went or changed, in the words of the log: each reads behind the sentence that says what happened. */
export function changeReason(why: RouteReason): string {
  switch (why.kind) {
    case "registered":
      return "registered";
    case "found":
      return "found in the catalog";
    case "deregistered":
      return "deregistered";
    case "not-shown":
      return "the catalog does not show it, nor all that it has";
    case "not-in-catalog":
      return "not in the catalog";
    case "gone-from-catalog":
      return "no instance serves there any more";
    case "moved":
      return "moved";
    case "took-over":
      return `another instance's definition counts now, with other tags: ${someNames(why.keys, MOST_KEYS)}`;
    case "gave-way":
      return "gave way to another catalog";
    case "healthy":
      return "healthy";
    case "healthy-again":
      return "healthy again";
    case "served-unhealthy":
      return "no instance of its service is healthy";
    case "standby":
      return standbyText(why.behind);
    case "standing-in":
      return standingInText(why.for);
    case "hidden":
      return "no longer exposed";
    case "unhealthy": {
      const check = why.check === undefined ? "" : ` (check ${JSON.stringify(why.check)})`;
      return `${why.status === "" ? "unknown health" : why.status}${check}`;
    }
    case "waiting":
      return "its service flaps, and what is new of it waits";
    case "waited":
      return "it waited while its service was flapping";
    case "quarantined":
      return `quarantined: ${why.code}`;
    case "settled":
      return `${why.code} is settled`;
    case "left-out":
      return why.code === undefined ? "left out" : `left out: ${why.code}`;
    case "not-asked-for":
      return "its service no longer asks for it";
    case "tags-changed":
      return `its tags changed: ${someNames(why.keys, MOST_KEYS)}`;
    case "redefined":
      return "its service is defined otherwise now";
    case "settings-changed":
      return "the settings changed";
    case "reference-changed":
      return `${why.name} changed`;
    case "new-owner":
      return `its name belongs to service ${why.service} now`;
    case "port-reused":
      return `its port is ${why.service}'s now`;
    case "asleep":
      return `${changeReason(why.because)}; ${why.page === undefined ? "the router is kept" : `service ${why.page} answers`} until an instance is back`;
    case "ended-by-hand":
      return "what its tag portolan.keep kept was ended by hand";
    case "grace-over":
      return "no instance came back in time";
    case "replaced":
      return `replaced by router ${why.by}`;
    case "reference-gone":
      return "what it refers to is gone";
    case "defined-beside":
      return `${why.origin}, beside the chart, defines its name or one that it refers to`;
    case "operator-defined":
      return `defined in ${why.origin}`;
    case "operator-changed":
      return `changed in ${why.origin}`;
    case "operator-withdrew":
      return `no longer defined in ${why.origin}`;
  }
}

const MOST_KEYS = 3;

function standbyText(behind: StandbyBehind): string {
  switch (behind.kind) {
    case "active":
      return "on standby, since an active instance of its service is healthy";
    case "catalog":
      return `on standby, since catalog ${behind.name} serves its service`;
    case "sounder":
      return `${WEAKNESSES[behind.weakness]}, and others serve its service`;
  }
}

function standingInText(behind: StandbyBehind): string {
  switch (behind.kind) {
    case "active":
      return "taken from standby, since no active instance of its service is healthy";
    case "catalog":
      return `taken from standby, since catalog ${behind.name} does not serve its service`;
    case "sounder":
      return `${WEAKNESSES[behind.weakness]}, and no other serves what it does`;
  }
}

const WEAKNESSES: Readonly<Record<Weakness, string>> = {
  starting: "its deployment has not found it healthy yet",
  unknown: "Nomad does not tell its health",
  draining: "Nomad moves it elsewhere",
};
