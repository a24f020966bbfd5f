import fc from "fast-check";
import { expect, test } from "vitest";
import { initialMemory } from "../../src/core/memory.ts";
import { assembleNeighbours, type FoundNeighbour } from "../../src/core/neighbours/assemble.ts";
import {
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { referencesOf } from "../../src/core/traefik/chart/references.ts";
import { referredKey } from "../../src/core/traefik/chart/referred-key.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

const NAMES = ["a", "b", "c"];
const KEYS = (["http/routers", "http/services", "http/middlewares", "tcp/routers", "tcp/services"] as const).flatMap(
  (section) => NAMES.map((name) => resourceKey(section, name)),
);

const name = fc.constantFrom(...NAMES);

const tag = fc.oneof(
  name.map((one) => `traefik.http.routers.${one}.rule=Host(\`${one}.org\`)`),
  fc.tuple(name, name).map(([one, other]) => `traefik.http.routers.${one}.middlewares=${other}`),
  fc.tuple(name, name).map(([one, other]) => `traefik.http.routers.${one}.service=${other}@file`),
  name.map((one) => `traefik.http.services.${one}.loadbalancer.passhostheader=false`),
  name.map((one) => `traefik.http.middlewares.${one}.compress=true`),
  name.map((one) => `traefik.tcp.routers.${one}.rule=HostSNI(\`*\`)`),
  name.map((one) => `traefik.tcp.services.${one}.loadbalancer.server.port=24001`),
);

const catalog = fc.uniqueArray(
  fc
    .record({
      service: name,
      tags: fc.array(tag, { maxLength: 5 }),
      status: fc.constantFrom("passing", "passing", "critical"),
    })
    .map(({ service, tags, status }) =>
      instance({
        ...{ service, id: service, tags: ["traefik.enable=true", ...tags] },
        checks: [{ id: "c", name: "c", status }],
      }),
    ),
  { maxLength: 3, selector: ({ service }) => service },
);

const files = fc
  .array(fc.record({ isRead: fc.constantFrom("before" as const, "after" as const), names: fc.subarray(KEYS) }), {
    maxLength: 2,
  })
  .map((all) =>
    all.map(
      ({ isRead, names }, number): FoundNeighbour => ({
        ...{ kind: "operator", file: `file-${number}.yml`, isRead, names, isTemplate: false },
      }),
    ),
  );

const history = fc.array(
  fc.record({ catalog, files, afterMs: fc.constantFrom(1_000, 60_000), isRestarted: fc.boolean() }),
  { minLength: 1, maxLength: 5 },
);

function keysIn(chart: DynamicConfig): readonly ResourceKey[] {
  return SECTIONS.flatMap((section) => [...chart[section].keys()].map((one) => resourceKey(section, one)));
}

/** What the chart refers to by a bare name: that would reach the operator's. */
function referredIn(chart: DynamicConfig): readonly string[] {
  return SECTIONS.flatMap((section) =>
    [...chart[section].values()].flatMap((object) =>
      referencesOf(section, object)
        .filter((reference) => !reference.name.includes("@"))
        .map((reference) => referredKey(section, reference)),
    ),
  );
}

test("no name of a file beside the chart is ever in the chart, whatever was there before, nor does a bare name refer to it", () => {
  fc.assert(
    fc.property(history, (steps) => {
      let memory = initialMemory(undefined);
      let nowMs = NOW_MS;
      let text = "";
      for (const step of steps) {
        nowMs += step.afterMs;
        if (step.isRestarted && text !== "") memory = initialMemory(parseChart(text), memory);
        const neighbours = assembleNeighbours({ files: step.files });
        const decision = pass(step.catalog, { previous: memory, nowMs, neighbours });
        ({ memory, text } = decision);
        const taken = (key: string) => neighbours.names.has(key as ResourceKey);
        expect(keysIn(decision.chart).filter(taken)).toEqual([]);
        expect(referredIn(decision.chart).filter(taken)).toEqual([]);
      }
    }),
  );
});

test("files beside the chart change nothing for services that share no name with them", () => {
  fc.assert(
    fc.property(history, (steps) => {
      let [alone, beside] = [initialMemory(undefined), initialMemory(undefined)];
      let nowMs = NOW_MS;
      for (const step of steps) {
        nowMs += step.afterMs;
        const renamed = step.files.map((file) =>
          file.kind === "operator"
            ? { ...file, names: file.names.map((key): ResourceKey => `${key}-of-the-operator`) }
            : file,
        );
        const one = pass(step.catalog, { previous: alone, nowMs });
        const other = pass(step.catalog, {
          previous: beside,
          nowMs,
          neighbours: assembleNeighbours({ files: renamed }),
        });
        expect(other.text).toBe(one.text);
        [alone, beside] = [one.memory, other.memory];
      }
    }),
  );
});
