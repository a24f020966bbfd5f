import { expect, test } from "vitest";
import type { RouteReason } from "../../../src/core/changes/route-change.ts";
import { changeReason } from "../../../src/observe/log/change-reason.ts";

test.each<[RouteReason, string]>([
  [{ kind: "registered" }, "registered"],
  [{ kind: "found" }, "found in the catalog"],
  [{ kind: "deregistered" }, "deregistered"],
  [{ kind: "not-shown" }, "the catalog does not show it, nor all that it has"],
  [{ kind: "not-in-catalog" }, "not in the catalog"],
  [{ kind: "gone-from-catalog" }, "no instance serves there any more"],
  [{ kind: "moved" }, "moved"],
  [{ kind: "redefined" }, "its service is defined otherwise now"],
  [
    { kind: "took-over", keys: ["traefik.http.routers.web.rule"] },
    "another instance's definition counts now, with other tags: traefik.http.routers.web.rule",
  ],
  [{ kind: "new-owner", service: "api" }, "its name belongs to service api now"],
  [{ kind: "waiting" }, "its service flaps, and what is new of it waits"],
  [{ kind: "waited" }, "it waited while its service was flapping"],
  [{ kind: "gave-way" }, "gave way to another catalog"],
  [{ kind: "healthy" }, "healthy"],
  [{ kind: "healthy-again" }, "healthy again"],
  [{ kind: "served-unhealthy" }, "no instance of its service is healthy"],
  [{ kind: "hidden" }, "no longer exposed"],
  [{ kind: "unhealthy", status: "critical", check: "it answers" }, 'critical (check "it answers")'],
  [{ kind: "unhealthy", status: "no check" }, "no check"],
  [{ kind: "unhealthy", status: "", check: "http" }, 'unknown health (check "http")'],
  [{ kind: "quarantined", code: "TAG_BAD_VALUE" }, "quarantined: TAG_BAD_VALUE"],
  [{ kind: "settled", code: "RULE_SYNTAX" }, "RULE_SYNTAX is settled"],
  [{ kind: "left-out", code: "RULE_SYNTAX" }, "left out: RULE_SYNTAX"],
  [{ kind: "left-out" }, "left out"],
  [{ kind: "not-asked-for" }, "its service no longer asks for it"],
  [{ kind: "tags-changed", keys: ["traefik.enable"] }, "its tags changed: traefik.enable"],
  [{ kind: "tags-changed", keys: ["a", "b", "c", "d", "e"] }, "its tags changed: a, b, c and 2 more"],
  [{ kind: "settings-changed" }, "the settings changed"],
  [{ kind: "reference-changed", name: "http/middlewares/gate" }, "http/middlewares/gate changed"],
  [{ kind: "port-reused", service: "job" }, "its port is job's now"],
  [{ kind: "grace-over" }, "no instance came back in time"],
  [{ kind: "ended-by-hand" }, "what its tag portolan.keep kept was ended by hand"],
  [{ kind: "replaced", by: "green" }, "replaced by router green"],
  [{ kind: "reference-gone" }, "what it refers to is gone"],
  [{ kind: "operator-defined", origin: "nas.yml" }, "defined in nas.yml"],
  [{ kind: "operator-changed", origin: "nas.yml" }, "changed in nas.yml"],
  [{ kind: "operator-withdrew", origin: "nas.yml" }, "no longer defined in nas.yml"],
])("%j reads: %s", (why, words) => {
  expect(changeReason(why)).toBe(words);
});
