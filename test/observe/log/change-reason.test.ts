import { expect, test } from "vitest";
import type { RouteReason } from "../../../src/core/changes/route-change.ts";
import { changeReason } from "../../../src/observe/log/change-reason.ts";

test.each<[RouteReason, string]>([
  [{ kind: "registered" }, "registered"],
  [{ kind: "deregistered" }, "deregistered"],
  [{ kind: "not-in-catalog" }, "not in the catalog"],
  [{ kind: "gone-from-catalog" }, "gone from the catalog"],
  [{ kind: "moved" }, "moved"],
  [{ kind: "took-over" }, "took over"],
  [{ kind: "gave-way" }, "gave way to another catalog"],
  [{ kind: "healthy-again" }, "healthy again"],
  [{ kind: "served-unhealthy" }, "no instance of its service is healthy"],
  [{ kind: "no-healthy-instance" }, "no healthy instance"],
  [{ kind: "hidden" }, "no longer exposed"],
  [{ kind: "unhealthy", status: "critical", check: "it answers" }, 'critical (check "it answers")'],
  [{ kind: "unhealthy", status: "no check" }, "no check"],
  [{ kind: "unhealthy", status: "", check: "http" }, 'unknown health (check "http")'],
  [{ kind: "quarantined", code: "TAG_BAD_VALUE" }, "quarantined: TAG_BAD_VALUE"],
  [{ kind: "tags-changed", keys: ["traefik.enable"] }, "its tags changed"],
  [{ kind: "port-reused", service: "job" }, "its port is job's now"],
  [{ kind: "grace-over" }, "no instance came back in time"],
  [{ kind: "replaced" }, "replaced by another router"],
  [{ kind: "reference-gone" }, "what it refers to is gone"],
  [{ kind: "operator-defined", origin: "nas.yml" }, "defined in nas.yml"],
  [{ kind: "operator-changed", origin: "nas.yml" }, "changed in nas.yml"],
  [{ kind: "operator-withdrew", origin: "nas.yml" }, "no longer defined in nas.yml"],
])("%j reads: %s", (why, words) => {
  expect(changeReason(why)).toBe(words);
});
