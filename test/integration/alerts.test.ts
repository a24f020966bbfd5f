import { expect, test } from "vitest";
import { CASES } from "../alerts/cases.ts";
import { evaluate } from "../alerts/promtool.ts";
import { findTool } from "../support/real-binaries.ts";

const promtool = await findTool("promtool");

test.skipIf(promtool?.kind !== "binary")(
  "promtool finds each alert firing after its time, and none in a restart, a deployment or beside one that stands by",
  async () => {
    if (promtool?.kind !== "binary") return;
    expect(await evaluate(promtool.path, CASES)).toBe("");
  },
  120_000,
);

test.skipIf(promtool?.kind !== "binary")("an alert that fires where none may is told", async () => {
  if (promtool?.kind !== "binary") return;
  const [first] = CASES;
  if (first === undefined) throw new Error("no case");
  expect(await evaluate(promtool.path, [{ ...first, fires: [] }])).toContain("PortolanDown");
});
