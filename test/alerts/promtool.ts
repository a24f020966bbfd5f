import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { RULES_FILE } from "./rules.ts";
import { type Place, scrapedAs, type Target } from "./scraped.ts";
import { INTERVAL_S } from "./timeline.ts";

const run = promisify(execFile);

/** Targets over time, and which alerts have fired when. */
export interface AlertCase {
  readonly name: string;
  readonly targets: ReadonlyArray<readonly [Place, Target]>;
  /** Series of other jobs, whole. */
  readonly beside?: Readonly<Record<string, string>>;
  /** No alert has fired until then; minutes. */
  readonly quietFor: number;
  /** Until then those of `fires` have fired, and no others; minutes. */
  readonly until: number;
  /** `PortolanDown lb-1`: alert and node; in any order. */
  readonly fires: readonly string[];
}

/**
 * Evaluates the shipped rules by promtool over the targets of each case.
 *
 * @param promtool the program
 * @returns what promtool says against it, empty where all is as the cases say
 */
export async function evaluate(promtool: string, cases: readonly AlertCase[]): Promise<string> {
  return complaints(promtool, ["test", "rules"], testFile(cases));
}

/** What promtool says against these expressions, empty where it understands all. */
export async function checkExpressions(promtool: string, expressions: readonly string[]): Promise<string> {
  const rules = expressions.map((expr, number) => ({ record: `expression:${number}`, expr }));
  return complaints(promtool, ["check", "rules"], { groups: [{ name: "expressions", rules }] });
}

/** What a command of promtool's says against a file with this content, empty where it has nothing against it. */
async function complaints(promtool: string, command: readonly string[], content: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "portolan-alerts-"));
  try {
    const file = join(folder, "file.yml");
    await writeFile(file, JSON.stringify(content));
    await run(promtool, [...command, file], { maxBuffer: 2 ** 26 });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    if (stdout === "" && stderr === "") throw error;
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * In promtool's form: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/. Cases are nodes of one site,
 * since a hundred sites take minutes; one without any target is a site of its own.
 */
function testFile(cases: readonly AlertCase[]) {
  const numbered = cases.map((one, number) => ({ ...one, number }));
  const sites = [
    numbered.filter(({ targets }) => targets.length > 0),
    ...numbered.filter(({ targets }) => targets.length === 0).map((one) => [one]),
  ];
  return {
    rule_files: [RULES_FILE],
    // Half as often as samples come: it takes half the time.
    evaluation_interval: `${2 * INTERVAL_S}s`,
    tests: sites
      .filter((site) => site.length > 0)
      .map((site) => ({
        interval: `${INTERVAL_S}s`,
        input_series: site.flatMap(seriesOf),
        promql_expr_test: site.flatMap(expectationsOf),
      })),
  };
}

interface NumberedCase extends AlertCase {
  readonly number: number;
}

function seriesOf({ targets, beside = {}, number }: NumberedCase) {
  const own = targets.flatMap(([{ instance, node }, target]) =>
    Object.entries(target).map(([key, values]) => ({
      series: scrapedAs(key, { instance: `${instance}-${number}`, node: node === "" ? "" : `${node}-${number}` }),
      values,
    })),
  );
  const others = Object.entries(beside).map(([series, values]) => ({
    series: series.replace(/node="([^"]+)"/, `node="$1-${number}"`),
    values,
  }));
  return [...own, ...others];
}

function expectationsOf({ targets, quietFor, until, fires, number }: NumberedCase) {
  const hasNode = targets.some(([{ node }]) => node !== "");
  const expected = fires.map((one) => ({ labels: labelsOf(hasNode ? `${one}-${number}` : one), value: 1 }));
  return [
    { expr: fired(quietFor, hasNode ? number : undefined), eval_time: `${quietFor * 60}s`, exp_samples: [] },
    { expr: fired(until, hasNode ? number : undefined), eval_time: `${until * 60}s`, exp_samples: expected },
  ];
}

/** Whatever has fired since the beginning at the nodes of this number, else at none. */
function fired(minutes: number, number: number | undefined): string {
  const node = number === undefined ? 'node=""' : `node=~"[a-z]+-.-${number}"`;
  return `group by (alertname, node) (count_over_time(ALERTS{alertstate="firing",${node}}[${minutes * 60}s]))`;
}

function labelsOf(alert: string): string {
  const [name, node] = alert.split(" ");
  return node === undefined ? `{alertname="${name}"}` : `{alertname="${name}", node="${node}"}`;
}
