import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALL_ATTACKS } from "../attacks/rows/all.ts";
import { ALL_FAULTS } from "../faults/rows/all.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

test("the README counts the faults and attacks that there are", () => {
  expect(README).toContain(`plays ${ALL_FAULTS.length} faults against`);
  expect(README).toContain(`plays ${ALL_ATTACKS.length} things that a tenant may try`);
});

test("the README is no longer than a person reads", () => {
  expect(README.split(/\s+/).length).toBeLessThan(1_300);
});
