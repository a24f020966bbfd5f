import fc from "fast-check";
import { expect, test } from "vitest";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import type { DynamicConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

const BANK = "bank.org";
const core = settings({
  allow: [
    { service: "bank", uses: ["mtls@file"] },
    { service: "lax", uses: ["weak@file"] },
  ],
});

function tagged(service: string, createIndex: number, tags: readonly string[]) {
  return instance({ service, id: service, createIndex, tags: ["traefik.enable=true", ...tags] });
}

const bank = (createIndex: number) =>
  tagged("bank", createIndex, [
    `traefik.http.routers.bank.rule=Host(\`${BANK}\`)`,
    "traefik.http.routers.bank.entrypoints=websecure",
    "traefik.http.routers.bank.tls.options=mtls@file",
  ]);

/** Hosts as rules may spell them, the bank's most of all. */
const host = fc.constantFrom(BANK, "BANK.org", "bank.org.", "own.org", "*.org");
const part = fc
  .tuple(fc.constantFrom("", "!"), fc.constantFrom("Host", "host", "HOST"), host)
  .map(([not, name, value]) => `${not}${name}(\`${value}\`)`);
const rule = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom(" && ", " || "), fc.boolean())
  .map(([parts, operator, isNegated]) => (isNegated ? `!(${parts.join(operator)})` : parts.join(operator)));

const tls = fc.constantFrom(
  [],
  ["tls=true"],
  ["tls.options=weak@file"],
  ["tls.certresolver=le", `tls.domains[0].main=${BANK}`],
);
const stranger = fc
  .record({
    service: fc.constantFrom("lax", "one", "two"),
    rule,
    tls,
    entryPoint: fc.constantFrom([], ["entrypoints=websecure"], ["entrypoints=web,websecure"], ["entrypoints=web"]),
    priority: fc.constantFrom([], ["priority=1"], ["priority=1000"]),
    createIndex: fc.nat(20),
  })
  .map(({ service, createIndex, ...router }) => {
    const fields = [`rule=${router.rule}`, ...router.tls, ...router.entryPoint, ...router.priority];
    return tagged(
      service,
      createIndex,
      fields.map((field) => `traefik.http.routers.${service}.${field}`),
    );
  });
const strangers = fc.uniqueArray(stranger, { maxLength: 3, selector: ({ service }) => service });

/** What Traefik collects for a host at an entry point: the TLS options of each router with TLS whose rule names it. */
function optionsAt(chart: DynamicConfig, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const router of chart["http/routers"].values()) {
    const entryPoints = router["entryPoints"];
    if (Array.isArray(entryPoints) && !entryPoints.includes("websecure")) continue;
    const named = Array.from(String(router["rule"]).matchAll(/\bhost\(`([^`]+)`\)/gi), ([, one = ""]) => one);
    if (!named.some((one) => one.toLowerCase().replace(/\.$/, "") === name)) continue;
    // The entry point may bring TLS for those that state none.
    const stated = router["tls"] as { options?: string } | undefined;
    found.add(stated === undefined ? "of the entry point" : (stated.options ?? "default"));
  }
  return found;
}

test("no history of other services' tags changes which TLS options apply to the host of an innocent one", () => {
  const step = fc.record({
    others: strangers,
    isThere: fc.boolean(),
    isRestarted: fc.boolean(),
    afterMs: fc.constantFrom(1_000, 40_000, 700_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 4 }), strangers, fc.nat(20), (history, last, createIndex) => {
      let memory: Memory = initialMemory(undefined);
      let nowMs = NOW_MS;
      // The bank is the first that asks for its host: else it would be another one's.
      const mine = [bank(createIndex)];
      const first = pass(mine, { settings: core, nowMs, previous: memory });
      memory = first.memory;
      for (const { others, isThere, isRestarted, afterMs } of history) {
        nowMs += isThere ? afterMs : 1_000;
        const decision = pass(isThere ? [...mine, ...others] : others, { settings: core, nowMs, previous: memory });
        memory = isRestarted ? initialMemory(decision.chart, decision.memory) : decision.memory;
      }
      nowMs += 1_000;
      const { chart } = pass([...mine, ...last], { settings: core, nowMs, previous: memory });
      expect([...optionsAt(chart, BANK)]).toEqual(["mtls@file"]);
    }),
  );
});
