import { expect, test } from "vitest";
import { CASES } from "../alerts/cases.ts";
import { panelQueries, readDashboard } from "../alerts/dashboard.ts";
import { checkExpressions, evaluate } from "../alerts/promtool.ts";
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

test.skipIf(promtool?.kind !== "binary")("promtool understands each expression of the dashboard", async () => {
  if (promtool?.kind !== "binary") return;
  const queries = panelQueries(readDashboard()).map(({ expr }) => expr);
  expect(await checkExpressions(promtool.path, queries)).toBe("");
  expect(await checkExpressions(promtool.path, ["sum by (edge) (up"])).toContain("parse error");
});
