import { describe, expect, test } from "vitest";
import type { Allocation } from "../../../src/core/catalog/allocation.ts";
import { allocationHealth, type HealthSource } from "../../../src/core/catalog/allocation-health.ts";
import { allocation } from "../../builders/allocation.ts";

function health(more: Partial<Allocation>, statuses: readonly string[] | undefined, by: HealthSource = "checks") {
  const checks = statuses?.map((status, n) => ({ service: "web", name: `check-${n}`, status }));
  return allocationHealth(allocation({ id: "a", ...more }), checks, by);
}

describe("by checks", () => {
  test.each<[string, Partial<Allocation>, readonly string[] | undefined, string]>([
    ["all succeed", {}, ["success", "success"], "passing"],
    ["one fails", {}, ["success", "failure"], "critical"],
    ["one fails and one has no result", {}, ["pending", "failure"], "critical"],
    ["one has no result", {}, ["success", "pending"], "pending"],
    ["all succeed, beyond the deadline of the deployment", { deployment: "unhealthy" }, ["success"], "passing"],
    [
      "all succeed of a canary that its deployment gave up",
      { deployment: "unhealthy", isCanary: true },
      ["success"],
      "failed",
    ],
    ["all succeeded of one that has ended", { clientStatus: "complete" }, ["success"], "failed"],
    ["its client is disconnected", { clientStatus: "unknown" }, ["success"], "passing"],
    ["not read, healthy by its deployment", { deployment: "healthy" }, undefined, "passing"],
    ["not read, not decided", { deployment: "undecided" }, undefined, "pending"],
    ["not read, unhealthy by its deployment", { deployment: "unhealthy" }, undefined, "pending"],
    ["not read, of no deployment", {}, undefined, "unknown"],
    ["not read, and its tasks do not run yet", { clientStatus: "pending" }, undefined, "pending"],
    ["none, of no deployment", {}, [], "passing"],
    ["none, and its tasks do not run yet", { clientStatus: "pending" }, [], "pending"],
    ["none, not decided", { deployment: "undecided" }, [], "starting"],
    ["none, healthy by its deployment", { deployment: "healthy" }, [], "passing"],
    ["none, unhealthy by its deployment", { deployment: "unhealthy" }, [], "failed"],
    ["a status that is not known", {}, ["odd"], "critical"],
  ])("%s", (_what, more, statuses, expected) => {
    expect(health(more, statuses)?.status).toBe(expected);
  });

  test("the check that decided is named, whatever their order", () => {
    expect(health({}, ["success", "failure", "failure"])).toEqual({ status: "critical", check: "check-1" });
  });
});

describe("by the deployment", () => {
  test.each<[string, Partial<Allocation>, string]>([
    ["healthy", { deployment: "healthy" }, "passing"],
    ["unhealthy", { deployment: "unhealthy" }, "failed"],
    ["not decided", { deployment: "undecided" }, "pending"],
    ["there is none", {}, "passing"],
    ["there is none, and its tasks do not run yet", { clientStatus: "pending" }, "pending"],
    ["healthy, and has ended since", { deployment: "healthy", clientStatus: "failed" }, "failed"],
  ])("%s, whatever its checks say", (_what, more, expected) => {
    for (const statuses of [["failure"], ["success"], undefined]) {
      expect(health(more, statuses, "deployment")?.status).toBe(expected);
    }
  });
});

test("where no health is asked for, none is told", () => {
  expect(health({ clientStatus: "failed" }, ["failure"], "none")).toBeUndefined();
});
