import { initialMemory, type Memory } from "../../src/core/memory.ts";
import type { Decision } from "../../src/core/reconcile.ts";
import type { Check, ServiceInstance, Slice } from "../../src/core/snapshot.ts";
import { parseChart } from "../../src/core/traefik/parse-chart.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";
import type { CatalogStep, CompactInstance, GoldenCase } from "./case-file.ts";

/** Lives through a case; the last decision is the one that is expected. */
export function playCase({ settings: content, previous = [], ...last }: GoldenCase): Decision {
  const core = settings(content);
  let memory = initialMemory(undefined, undefined);
  let nowMs = NOW_MS;
  let signs: Pick<Slice, "confirmedAtMs" | "indexResetAtMs"> = {};

  function play(step: CatalogStep): Decision {
    nowMs += step.afterMs ?? 1_000;
    if (step.catalog === "reset") signs = { ...signs, indexResetAtMs: nowMs };
    if (step.catalog === "confirmed") signs = { ...signs, confirmedAtMs: nowMs };
    return pass(step.services.map(instanceOf), {
      previous: memory,
      slice: { ...signs, origin: step.catalog === "stored" ? "stored" : "live", readAtMs: nowMs },
      settings: core,
      nowMs,
    });
  }

  let text = "";
  for (const step of previous) {
    memory = restarted(memory, text, step.restart);
    ({ memory, text } = play(step));
  }
  memory = restarted(memory, text, last.restart);
  return play(last);
}

/** What a new process knows: the chart as it is on disk, and the state if it is still there. */
function restarted(memory: Memory, text: string, restart: CatalogStep["restart"]): Memory {
  if (restart === undefined) return memory;
  return initialMemory(parseChart(text), restart === "state-lost" ? undefined : memory);
}

function instanceOf(compact: CompactInstance, position: number): ServiceInstance {
  const { service, id = service, node = "node-1", checks = "passing", ...rest } = compact;
  return instance({
    nodeAddress: `192.168.11.1${node.slice(-1)}`,
    tags: [],
    createIndex: 10 * (position + 1),
    ...rest,
    service,
    id,
    node,
    checks: checksOf(id, checks),
  });
}

function checksOf(id: string, checks: NonNullable<CompactInstance["checks"]>): readonly Check[] {
  if (checks === "none") return [];
  const statuses = typeof checks === "string" ? { [`service:${id}`]: checks } : checks;
  return Object.entries(statuses).map(([checkId, status]) => ({ id: checkId, name: checkId, status }));
}
