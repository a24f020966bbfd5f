import { disagreements } from "../../differential/judge/judge-compat.ts";
import { until } from "../../support/await-until.ts";
import type { Oracle } from "../../support/oracle.ts";
import type { PortolanProcess } from "../../support/portolan-process.ts";
import type { SoakCatalog } from "../soak-catalog.ts";
import type { Home } from "./home.ts";
import { readMetric, readPortolanStatus } from "./portolan-view.ts";

/** Who takes part in a quiet moment. */
export interface Witnesses {
  readonly catalog: SoakCatalog;
  readonly home: Home;
  readonly portolan: PortolanProcess;
  readonly oracle: Oracle;
}

/** What came of a quiet moment: nothing is wrong, or what still was at its end. */
export interface MomentOutcome {
  readonly wrong: readonly string[];
  readonly tookMs: number;
  /** How long the judge took to make its own of the catalog. */
  readonly judgedMs: number;
  readonly strategy: string;
  readonly services: number;
  readonly indexResets: number;
}

/**
 * Longer than the deadline of a request that hangs where waits are short (10 s and the wait), and a tenth of the wait
 * where they are long: who lost a wake-up does not get it back meanwhile.
 */
const WITHIN_MS = 30_000;

/**
 * Waits until the chart is what Traefik's own provider makes of the catalog and portolan knows of no trouble. The catalog
 * must not change meanwhile. With `isLong` all requests that are open come to their end before, in case they bring a lie of
 * the last spell, and again after it, since nothing may have been wrong that only looked right.
 */
export async function awaitMoment(witnesses: Witnesses, isLong: boolean): Promise<MomentOutcome> {
  const { catalog, oracle, portolan } = witnesses;
  const startedAtMs = performance.now();
  const address = await catalog.addressForJudge();
  const builtin = await oracle.ask({ op: "consul", address, options: { exposedByDefault: false } });
  const judgedMs = performance.now() - startedAtMs;
  let judged: string | undefined;
  let differences: readonly string[] = [];
  let wrong: readonly string[] = [];

  async function isRight(): Promise<boolean> {
    const text = await witnesses.home.chartText();
    if (text !== judged) differences = disagreements(builtin, await oracle.ask({ op: "file", text }));
    judged = text;
    wrong = [...differences, ...(await troubles(portolan))];
    return wrong.length === 0;
  }

  try {
    if (isLong) await openRequestsEnd(portolan);
    await until(isRight, { timeoutMs: WITHIN_MS, what: "the chart to be right", everyMs: 25 });
    const tookMs = performance.now() - startedAtMs;
    if (isLong) {
      await openRequestsEnd(portolan);
      if (!(await isRight())) wrong = ["it had been right and is no longer:", ...wrong];
    }
    return { wrong, tookMs, judgedMs, ...(await readPortolanStatus(portolan.url)).source };
  } catch (error) {
    const tookMs = performance.now() - startedAtMs;
    return {
      wrong: wrong.length > 0 ? wrong : [String(error)],
      tookMs,
      judgedMs,
      strategy: "unknown",
      services: 0,
      indexResets: 0,
    };
  }
}

/** What portolan says of its own status. */
async function troubles({ url }: PortolanProcess): Promise<readonly string[]> {
  const { reasons, source } = await readPortolanStatus(url);
  const { consecutiveFailures, lastError } = source;
  if (consecutiveFailures === 0) return reasons;
  return [...reasons, `${consecutiveFailures} failures, the last: ${JSON.stringify(lastError)}`];
}

/** Every answer to a long poll is followed by the next request; twice, because some come sooner than others. */
async function openRequestsEnd({ url }: PortolanProcess): Promise<void> {
  const sent = () => readMetric(url, "portolan_source_requests_total");
  const wanted = (await sent()) + 2 * (await readMetric(url, "portolan_source_open_requests"));
  await until(async () => (await sent()) >= wanted, { timeoutMs: WITHIN_MS, what: "open requests to end" });
}
