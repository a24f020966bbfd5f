import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readOperatorConfig } from "../../src/app/inputs/operator-snippets.ts";
import { registered } from "../../src/cli/commands/check/instances/stand-in.ts";
import { checkServiceCommand } from "../../src/cli/words/check/service.ts";
import { checkTagsCommand } from "../../src/cli/words/check/tags.ts";
import { loadSettings } from "../../src/config/load.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import { decodeJob } from "../../src/job/file/decode-job.ts";
import { type JobJudge, judgeJob } from "../../src/job/judge-job.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { filledBy, jobGroup, jobOf, jobService, staticPort } from "../builders/job.ts";
import { printed } from "../cli/commands/check/printed.ts";
import { playExample } from "./site.ts";

const ROOT = join(import.meta.dirname, "../../deploy/examples");

/** Tags by which a newcomer of each site is routed. */
const SOUND: Readonly<Record<string, readonly string[]>> = {
  homelab: [],
  messenger: ["traefik.http.routers.shop.entrypoints=websecure"],
  nodeports: [],
  gateway: ["traefik.http.routers.shop.entrypoints=tunnel"],
};

/** What only the neighbours in the catalog show: a check of one service by itself cannot. */
const BESIDE_OTHERS = /^(?:PORT_CONFLICT|PORT_SQUATTED|NAME_|HOST_|ROUTER_)/;

/** A static port of a new job on each site that is another owner's wherever the job may be placed. */
const TAKEN: Readonly<Record<string, object>> = {
  homelab: staticPort(8500),
  messenger: staticPort(9042),
  nodeports: staticPort(30_432),
  gateway: {
    ...staticPort(5432),
    Constraints: [{ LTarget: filledBy("node.unique.name"), Operand: "=", RTarget: "db" }],
  },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "portolan-check-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe.each(Object.keys(SOUND))("the settings of %s, as they stand", (site) => {
  const settings = join(ROOT, site, "portolan.yml");
  const tags = ["traefik.enable=true", ...(SOUND[site] ?? [])];

  test("judge tags of a newcomer as if it had an address that the policy allows, and say so", async () => {
    const { code, stdout, stderr } = await printed(checkTagsCommand, tags, { settings, service: "shop" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("http:\n  routers:\n    shop:") });
    expect(stderr).toMatch(/^no address is stated: judged at \S+, which the policy allows; --address or --node is/);
  });

  test("refuse the same tags at an address outside of its networks, and at no other", async () => {
    const refused = await printed(checkTagsCommand, tags, { settings, service: "shop", address: "203.0.113.9" });
    expect(refused).toMatchObject({ code: 1, stderr: "", stdout: expect.stringMatching(/^BACKEND_REFUSED: /) });
  });

  test("let a job of the newcomer pass, and refuse it a port of another owner's", async () => {
    const whole = await loadSettings({ settings }, {});
    const operatorConfig = await readOperatorConfig(whole);
    const service = jobService("shop", { Tags: tags });
    const findings = (group: object) => {
      const decoded = decodeJob(jobOf([jobGroup([service], { ...group })]), "");
      if (decoded.kind === "refused") throw new Error(JSON.stringify(decoded.problems));
      const core = coreSettings(whole);
      const beside = { snapshots: [], charted: undefined, clients: [], acls: "on" } as const;
      const register: JobJudge["register"] = (catalog, stated) => registered({ settings: whole, catalog }, stated);
      return judgeJob(decoded.job, { settings: core, operatorConfig, ...beside, register }).findings;
    };
    expect(findings({})).toEqual([]);
    expect(findings(TAKEN[site] ?? {})).toContainEqual(
      expect.objectContaining({ code: "JOB_PORT_TAKEN", severity: "error" }),
    );
  });

  test("say of each service of its catalog what the daemon does", async () => {
    const catalog = load(readFileSync(join(ROOT, site, "catalog.yml"), "utf8")) as readonly Registration[];
    const found: string[] = [];
    for (const [position, { Datacenter, ...registration }] of catalog.entries()) {
      const file = join(directory, `${site}-${position}.json`);
      await writeFile(file, JSON.stringify(registration));
      const flags = { settings, json: "true", ...(Datacenter === undefined ? {} : { catalog: Datacenter }) };
      const { problems } = JSON.parse((await printed(checkServiceCommand, [file], flags)).stdout);
      found.push(...problems.map(({ code }: { code: string }) => `${code} ${registration.Service?.Service}`));
    }
    const { diagnosed } = await playExample(site);
    const alone = (codes: readonly string[]) => codes.filter((one) => !BESIDE_OTHERS.test(one)).toSorted();
    expect(alone(found)).toEqual(alone(diagnosed));
  });
});

describe("a node of the ledger", () => {
  const settings = join(ROOT, "messenger/portolan.yml");
  const tags = ["traefik.enable=true", "traefik.http.routers.envoy.entrypoints=websecure"];
  const check = (flags: Readonly<Record<string, string>>) =>
    printed(checkTagsCommand, tags, { settings, service: "envoy", port: "8080", ...flags });

  test("decides what is declared there, by its name and by its address", async () => {
    for (const flags of [{ node: "app-1" }, { address: "10.20.0.11" }]) {
      const { code, stdout, stderr } = await check(flags);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("url: http://10.20.0.11:8080");
    }
    for (const flags of [{ node: "app-2" }, { address: "10.20.0.12" }, {}]) {
      expect(await check(flags)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^PORT_OUTSIDE_WINDOW: /) });
    }
  });

  test("withholds what the ledger never exposes there, whoever asks", async () => {
    const flags = { service: "powerdns-api", port: "8081" };
    const withheld = await check({ ...flags, node: "dns-1" });
    expect(withheld).toMatchObject({ code: 1, stdout: expect.stringMatching(/^PORT_WITHHELD: /) });
  });

  test("an address that is none is refused", async () => {
    await expect(check({ address: "app-1" })).rejects.toThrow(
      'check tags: --address: found "app-1", an IP address is allowed',
    );
  });
});
