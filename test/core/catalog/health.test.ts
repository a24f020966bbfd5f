import { expect, test } from "vitest";
import { healthOf, isChecked, isServed } from "../../../src/core/catalog/health.ts";
import type { Check } from "../../../src/core/catalog/snapshot.ts";
import { instance } from "../../builders/world.ts";

function check(id: string, status: string): Check {
  return { id, name: `${id} name`, status };
}

test.each<[string, Check[], string, string | undefined]>([
  ["no checks at all", [], "passing", undefined],
  ["all pass", [check("a", "passing"), check("b", "passing")], "passing", undefined],
  ["warning is worse than passing", [check("a", "passing"), check("b", "warning")], "warning", "b"],
  ["critical is worse than warning", [check("a", "critical"), check("b", "warning")], "critical", "a"],
  ["of equals the first one decides", [check("a", "critical"), check("b", "critical")], "critical", "a"],
  ["a node's check counts", [check("a", "passing"), check("serfHealth", "critical")], "critical", "serfHealth"],
  [
    "maintenance comes before critical",
    [check("a", "critical"), check("_node_maintenance", "critical")],
    "maintenance",
    "_node_maintenance",
  ],
  [
    "maintenance of the service",
    [check("_service_maintenance:web-1", "critical")],
    "maintenance",
    "_service_maintenance:web-1",
  ],
  ["an unknown status wins over maintenance", [check("_node_maintenance", "critical"), check("b", "resting")], "", "b"],
])("%s", (_, checks, status, because) => {
  const health = healthOf(instance({ checks }));
  expect(health.status).toBe(status);
  expect(health.because?.id).toBe(because);
});

test.each<[string, string[], boolean]>([
  ["passing", ["passing", "warning"], true],
  ["warning", ["passing", "warning"], true],
  ["critical", ["passing", "warning"], false],
  ["maintenance", ["passing", "warning"], false],
  ["", ["passing", "warning"], false],
  ["warning", ["passing"], false],
  ["critical", ["any"], true],
  ["", ["any"], true],
])("%j is served where %j is admitted: %j", (status, strictChecks, served) => {
  expect(isServed({ status, because: undefined }, strictChecks)).toBe(served);
});

test.each<[string, Check[], boolean]>([
  ["no check", [], false],
  ["a check of its own, whatever it says", [check("http", "critical")], true],
  ["its node's", [{ ...check("serfHealth", "passing"), ofNode: true }], false],
  ["its node's that another program registered", [{ ...check("disk", "passing"), ofNode: true }], false],
  ["its node's and its own", [{ ...check("serfHealth", "passing"), ofNode: true }, check("http", "passing")], true],
  ["a note of maintenance", [check("_service_maintenance:web-1", "critical")], false],
])("checked itself: %s", (_, checks, isItself) => {
  expect(isChecked({ checks })).toBe(isItself);
});
