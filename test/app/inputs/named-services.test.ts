import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dryPass } from "../../../src/app/dry-pass/dry-pass.ts";
import { explainWithoutDaemon } from "../../../src/app/explain/explain-without-daemon.ts";
import { isNamedByFiles } from "../../../src/app/inputs/named-services.ts";
import { readOperatorConfig } from "../../../src/app/inputs/operator-snippets.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { allSettings } from "../../builders/world.ts";

const GUARDS = `http:
  middlewares: { jwt: { forwardAuth: { address: "catalog://jwt/verify" } } }
  routers: { direct: { rule: "Host(\`direct\`)", service: direct, middlewares: [jwt] } }
  services: { direct: { loadBalancer: { servers: [{ url: "catalog://jwt" }] } } }
`;

async function inFolder(play: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "named-services-"));
  try {
    await writeFile(join(folder, "guards.yml"), GUARDS);
    await play(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function settingsIn(folder: string, catalog: Readonly<Record<string, unknown>>) {
  return allSettings({
    snippets: folder,
    output: { file: join(folder, "chart", "portolan.yml") },
    stateDir: join(folder, "state"),
    ...catalog,
  });
}

test("a service without tags is read from Consul because a file names it, and explain says so; another one is not", () =>
  inFolder(async (folder) => {
    const catalog = createCatalog();
    const on = { Node: "node-1", Address: "192.168.11.11" };
    catalog.register({ ...on, Service: { Service: "jwt", Port: 24_100 } });
    catalog.register({ ...on, Service: { Service: "quiet", Port: 24_200 } });
    const server = await startCatalogServer({ catalog });
    try {
      const settings = settingsIn(folder, { consul: { address: server.url } });
      const { edges } = await dryPass(settings);
      const { decision, snapshots } = edges[0].present;
      expect(decision.chart["http/middlewares"].get("jwt")).toEqual({
        forwardAuth: { address: "http://192.168.11.11:24100/verify" },
      });
      expect(snapshots.flatMap(({ instances }) => instances.map(({ service }) => service))).toEqual(["jwt"]);
      const { answer } = await explainWithoutDaemon("jwt", settings);
      expect(answer.charts[0]?.answers[0]).toMatchObject({
        besides: expect.arrayContaining([
          expect.objectContaining({
            code: "NAMED_BY_FILE",
            message: expect.stringContaining("http/middlewares/jwt in "),
          }),
        ]),
      });
    } finally {
      await server.close();
    }
  }));

test("and from Nomad, in whose lists the namespace stands before it", () =>
  inFolder(async (folder) => {
    const catalog = createNomadCatalog();
    const service = { ServiceName: "jwt", ID: "jwt-1", NodeID: "n", JobID: "jwt", AllocID: "a", Datacenter: "dc1" };
    catalog.register({ ...service, Namespace: "default", Address: "192.168.11.12", Port: 24_300, Tags: [] } as never);
    const server = await startNomadServer({ catalog });
    try {
      const { edges } = await dryPass(settingsIn(folder, { nomad: { address: server.url } }));
      expect(edges[0].present.decision.chart["http/services"].get("direct")).toEqual({
        loadBalancer: { servers: [{ url: "http://192.168.11.12:24300" }] },
      });
    } finally {
      await server.close();
    }
  }));

test("of several catalogs only those are read for it in which it is meant", () =>
  inFolder(async (folder) => {
    const operatorConfig = await readOperatorConfig(settingsIn(folder, {}));
    expect(isNamedByFiles(operatorConfig, { name: "dc1" }, true, "jwt")).toBe(true);
    expect(isNamedByFiles(operatorConfig, { name: "dc1" }, true, "default/jwt")).toBe(true);
    expect(isNamedByFiles(operatorConfig, { name: "dc1" }, true, "team/jwt")).toBe(false);
    expect(isNamedByFiles(operatorConfig, { name: "dc1" }, true, "shop")).toBe(false);
    expect(isNamedByFiles(operatorConfig, { name: "dc2" }, false, "jwt")).toBe(false);
  }));
