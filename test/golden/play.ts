import { coreSettings } from "../../src/config/core-settings.ts";
import { judgeDefined, staticsSettings } from "../../src/config/defined.ts";
import type { Settings } from "../../src/config/schema.ts";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import type { Decision } from "../../src/core/reconcile.ts";
import type { Catalog, Check, ServiceInstance, Slice } from "../../src/core/snapshot.ts";
import { assembleStatics, type LastGood } from "../../src/core/statics/assemble.ts";
import { parseChart } from "../../src/core/traefik/parse-chart.ts";
import { parseSnippet } from "../../src/snippets/parse.ts";
import { ledger } from "../builders/ledger.ts";
import { allSettings, instance, NOW_MS, pass } from "../builders/world.ts";
import type { CatalogStep, CompactInstance, GoldenCase } from "./case-file.ts";

/** Lives through a case; the last decision is the one that is expected. */
export function playCase({ settings: content, ledger: declared, previous = [], ...last }: GoldenCase): Decision {
  const all = withLedger(allSettings(content), declared);
  const core = coreSettings(all);
  const defined = judgeDefined(all);
  if (defined.kind === "refused") throw new Error("resolved settings define something bad");
  const define = { origin: "the settings (define)", config: defined.config };
  let lastGood: LastGood = new Map();
  let memory = initialMemory(undefined, undefined);
  let nowMs = NOW_MS;
  let signs: Pick<Slice, "confirmedAtMs" | "indexResetAtMs"> = {};

  function play(step: CatalogStep): Decision {
    nowMs += step.afterMs ?? 1_000;
    if (step.catalog === "reset") signs = { ...signs, indexResetAtMs: nowMs };
    if (step.catalog === "confirmed") signs = { ...signs, confirmedAtMs: nowMs };
    const files = Object.entries(step.snippets ?? {}).map(([name, snippet]) =>
      typeof snippet === "string" ? { name, ...parseSnippet(snippet) } : { name, content: snippet },
    );
    const { statics, good } = assembleStatics({ settings: define, files, lastGood }, staticsSettings(all));
    lastGood = good;
    return pass(
      step.services.map((compact, position) => instanceOf(compact, position, step.registry)),
      {
        previous: memory,
        slice: { ...signs, origin: step.catalog === "stored" ? "stored" : "live", readAtMs: nowMs },
        settings: core,
        nowMs,
        statics,
      },
    );
  }

  let text = "";
  for (const step of previous) {
    memory = restarted(memory, text, step.restart);
    ({ memory, text } = play(step));
  }
  memory = restarted(memory, text, last.restart);
  return play(last);
}

function withLedger(settings: Settings, content: unknown): Settings {
  return content === undefined ? settings : { ...settings, loadedLedger: ledger(content) };
}

/** What a new process knows: the chart as it is on disk, and the state if it is still there. */
function restarted(memory: Memory, text: string, restart: CatalogStep["restart"]): Memory {
  if (restart === undefined) return memory;
  return initialMemory(parseChart(text), restart === "state-lost" ? undefined : memory);
}

function instanceOf(compact: CompactInstance, position: number, registry: Catalog = "consul"): ServiceInstance {
  const { service, id = service, node = "node-1", checks = "passing", ...rest } = compact;
  return instance({
    nodeAddress: `192.168.11.1${node.slice(-1)}`,
    tags: [],
    createIndex: 10 * (position + 1),
    ...rest,
    service,
    id,
    node,
    catalog: registry,
    checks: checksOf(id, checks),
  });
}

function checksOf(id: string, checks: NonNullable<CompactInstance["checks"]>): readonly Check[] {
  if (checks === "none") return [];
  const statuses = typeof checks === "string" ? { [`service:${id}`]: checks } : checks;
  return Object.entries(statuses).map(([checkId, status]) => ({
    id: checkId,
    name: checkId,
    status,
    ...(checkId === "serfHealth" ? { ofNode: true } : {}),
  }));
}
