import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeLabels } from "../../src/core/traefik/decode/decode.ts";
import { labelsOf } from "../../src/core/traefik/labels/labels.ts";
import { type Oracle, type Plain, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { runCampaign } from "./campaign.ts";
import { LABEL_FIELDS, type LabelField } from "./generators/label-fields.ts";
import { canonical } from "./judge/compare.ts";
import { judge } from "./judge/judge.ts";
import { WORLDS } from "./worlds/worlds.ts";

const oracleTool = await findTool("oracle");

/** A value for each kind, other than what Traefik fills in by itself. */
const SAMPLES: Partial<Record<LabelField["field"]["kind"], string>> = {
  string: "some text",
  bool: "true",
  int: "7",
  int64: "7",
  duration: "1m30s",
  list: "a,b",
  object: "true",
};

/** Fields whose value arrives: what is for tags only cannot be in a file, and Traefik drops the models of a directory. */
const fields = LABEL_FIELDS.filter(
  ({ path, field, isIgnored }) => !isIgnored && field.labelOnly !== true && !path.startsWith("http.models."),
);

function sampleTag({ key, field }: LabelField): string {
  const path = key.replaceAll("<name>", "every").replaceAll("[]", "[0]");
  if (field.kind !== "map") return `traefik.${path}=${SAMPLES[field.kind]}`;
  const ownKey = { any: "p.setting", int: "500" }[field.entry.kind as "any" | "int"] ?? "X-Some.Key";
  return `traefik.${path}.${ownKey}=${SAMPLES[field.entry.kind] ?? "some text"}`;
}

describe.skipIf(oracleTool === undefined)("compared with Traefik's own packages", () => {
  let oracle: Oracle;

  beforeAll(() => {
    if (oracleTool === undefined) throw new Error("no oracle");
    oracle = startOracle(oracleTool);
  });

  afterAll(async () => {
    await oracle.stop();
  });

  test.each(fields.map((field) => [field.path, field] as const))(
    "%s arrives as Traefik decodes it",
    async (_, field) => {
      const tag = sampleTag(field);
      const labels = labelsOf([tag], "traefik");
      const decoded = decodeLabels(labels, "3.6");
      if (decoded.kind === "refused") throw new Error(JSON.stringify(decoded.problems));
      const [byTraefik, fromFile] = await Promise.all([
        oracle.ask({ op: "labels", labels: Object.fromEntries([...labels].map(([key, { value }]) => [key, value])) }),
        oracle.ask({ op: "file", text: JSON.stringify(decoded.config) }),
      ]);
      expect(byTraefik.error).toBeUndefined();
      expect(fromFile.error).toBeUndefined();
      expect(fromFile.config && canonical(fromFile.config)).toEqual(byTraefik.config && canonical(byTraefik.config));
      expect(byTraefik.config && canonical(byTraefik.config)).not.toEqual({});
    },
  );

  test.each([...WORLDS])("random catalogs of %s make the same configuration", async (_, startWorld) => {
    const world = await startWorld();
    const { agreed, disagreements } = await runCampaign((candidate) => judge(candidate, world, oracle), {
      catalog: world.catalog,
      seed: 20_260_801,
      // A sample; `npm run fuzz` judges thousands of them.
      cases: 100,
      most: 1,
    });
    await world.stop();
    expect(disagreements.map(({ differences, smallest }) => [differences, smallest])).toEqual([]);
    expect(agreed).toBeGreaterThan(67);
  });

  test("what Traefik would disable is found, and what others define is believed", async () => {
    const router = { rule: "Host(`a`", service: "x@docker", middlewares: ["m"] };
    const http = { routers: { a: router }, middlewares: { m: { plugin: { p: { a: "1" } } } } };
    const text = JSON.stringify({ http });
    const elsewhere = [{ protocol: "http", kind: "service", name: "x@docker" }];
    const [disabled, missing, sound] = await Promise.all([
      oracle.ask({ op: "runtime", text, elsewhere }),
      oracle.ask({ op: "runtime", text: text.replace("`a`", "`a`)"), elsewhere: [] }),
      oracle.ask({ op: "runtime", text: text.replace("`a`", "`a`)"), elsewhere }),
    ]);
    const flaw = { key: "http/routers/a@file", status: "disabled" };
    expect(disabled.flaws).toEqual([{ ...flaw, errors: [expect.stringContaining("error while parsing rule")] }]);
    expect(missing.flaws).toEqual([{ ...flaw, errors: ['the service "x@docker" does not exist'] }]);
    expect(sound.flaws).toEqual([]);
  });

  test("a difference is found, so the comparison can fail", async () => {
    const [builtin, loaded] = await Promise.all([
      oracle.ask({ op: "labels", labels: { "traefik.http.routers.a.priority": "9007199254740993" } }),
      oracle.ask({ op: "file", text: '{"http": {"routers": {"a": {"priority": "9007199254740992"}}}}' }),
    ]);
    const priority = (config: Plain | undefined) => JSON.stringify(config).match(/"priority":"(\d+)"/)?.[1];
    expect(priority(builtin.config)).toBe("9007199254740993");
    expect(priority(loaded.config)).toBe("9007199254740992");
  });
});
