import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { CASES } from "./cases.ts";
import { knownMetrics, unknownIn } from "./expression.ts";
import { readAlerts } from "./rules.ts";

const ROOT = join(import.meta.dirname, "../..");
const ALERTS = readAlerts();
const KNOWN = await knownMetrics();
const RUNBOOK = readFileSync(join(ROOT, "docs/runbook.md"), "utf8");
/** By heading, in the order of the page. */
const SECTIONS = new Map(
  RUNBOOK.split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

test("what is not known is told: a metric, a label, also behind `by` and `on`", () => {
  expect(unknownIn('sum by (edge, nod) (portolan_chart_ready{egde="main"}) > portolan_chart_raedy', KNOWN)).toEqual([
    "portolan_chart_raedy",
    "egde",
    "nod",
  ]);
});

test("each alert has a case in which it fires", () => {
  const fired = new Set(CASES.flatMap(({ fires }) => fires.map((one) => one.split(" ")[0])));
  expect([...fired].sort()).toEqual(ALERTS.map(({ alert }) => alert).sort());
});

test("the runbook has a section for each alert and no other, in the order of the rules", () => {
  expect([...SECTIONS.keys()]).toEqual(ALERTS.map(({ alert }) => alert));
});

describe.each(ALERTS)("$alert", ({ alert, expr, labels, annotations }) => {
  const section = SECTIONS.get(alert) ?? "";

  test("names metrics and labels that there are", () => {
    expect(unknownIn(expr, KNOWN)).toEqual([]);
  });

  test("wakes, or waits for the morning", () => {
    expect(["page", "ticket"]).toContain(labels.severity);
    expect(section).toContain(`*${labels.severity}.*`);
  });

  test("says what is so, where, what to type first, and where to read on", () => {
    expect(Object.keys(annotations)).toEqual(["summary", "description", "command", "runbook"]);
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    const used = [...`${annotations.summary} ${annotations.description}`.matchAll(/\$labels\.(\w+)/g)];
    expect(
      used.map(([, label = ""]) => label).filter((label) => unknownIn(`${expr}{${label}=""}`, KNOWN).length > 0),
    ).toEqual([]);
  });

  test("has a section that begins with that command, what visitors notice, and whether it can wait", () => {
    expect(/```sh\n(.*)\n```/.exec(section)?.[1]).toBe(annotations.command);
    for (const part of ["**Visitors notice**", "**It can wait**"]) expect(section).toContain(part);
  });

  test("names a command that the command line understands", async () => {
    const [program, ...words] = annotations.command.split(" ");
    if (program !== "portolan") return;
    await expect(parseCommandLine(words, COMMANDS)).resolves.toBeDefined();
  });
});

describe("deploy/prometheus.yml", () => {
  interface Job {
    readonly job_name: string;
    readonly static_configs?: ReadonlyArray<{ readonly targets: readonly string[]; readonly labels?: object }>;
  }
  const config = load(readFileSync(join(ROOT, "deploy/prometheus.yml"), "utf8")) as {
    readonly global: Readonly<Record<string, string>>;
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly Job[];
  };

  test("loads the rules, and gives each portolan the label node, by which they tell edges apart", () => {
    expect(config.rule_files).toEqual(["alerts.yml"]);
    const groups = config.scrape_configs.find(({ job_name }) => job_name === "portolan")?.static_configs ?? [];
    expect(groups.length).toBeGreaterThan(0);
    for (const { labels } of groups) expect(labels).toHaveProperty("node");
  });

  test("evaluates the rules as often as it scrapes: a hold that ends is minutes long", () => {
    expect(config.global["evaluation_interval"]).toBe(config.global["scrape_interval"]);
  });
});
