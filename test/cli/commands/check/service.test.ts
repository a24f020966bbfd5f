import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dryPass } from "../../../../src/app/dry-pass/dry-pass.ts";
import { judged } from "../../../../src/cli/commands/check/instances/judge-instances.ts";
import { parseDefinitions } from "../../../../src/cli/commands/check/instances/service-definition.ts";
import { registered } from "../../../../src/cli/commands/check/instances/stand-in.ts";
import { NO_OPERATOR_CONFIG } from "../../../../src/core/operator-config/operator-config.ts";
import { createDryWorld, type DryWorld } from "../../../app/dry-pass/dry-world.ts";

const ROUTED = ["traefik.enable=true", "traefik.http.routers.web.rule=Host(`web.example.org`)"];

/** What `/v1/catalog/register` takes, in the spelling of the API. */
const REGISTRATIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "a routed service": { Service: "web", Port: 24_001, Tags: ROUTED },
  "with an address, meta, weights and another address": {
    ...{ Service: "web", ID: "web-1", Port: 24_001, Address: "10.1.1.1", Meta: { team: "a" } },
    ...{ Weights: { Passing: 5, Warning: 1 }, TaggedAddresses: { wan: { Address: "198.51.100.1", Port: 24_002 } } },
    Tags: [...ROUTED, "portolan.address=wan"],
  },
  "on a port that is not dynamic": { Service: "web", Port: 8081, Tags: ROUTED },
  "without a port": { Service: "web", Tags: ROUTED },
  hidden: { Service: "web", Port: 24_001, Tags: ROUTED.slice(1) },
  "with a misspelt tag": { Service: "web", Port: 24_001, Tags: [...ROUTED, "traefik.http.routers.web.ruel=x"] },
  "with a broken rule": { Service: "web", Port: 24_001, Tags: [ROUTED[0], "traefik.http.routers.web.rule=Host(`a`"] },
  "that refers to what is not there": {
    ...{ Service: "web", Port: 24_001 },
    Tags: [...ROUTED, "traefik.http.routers.web.middlewares=gone"],
  },
  "a canary": { Service: "web", Port: 24_001, Tags: [...ROUTED, "traefik.consulcatalog.canary=true"] },
};

describe("check service says of a registration what the daemon then does with it", () => {
  let world: DryWorld;
  beforeEach(async () => {
    world = await createDryWorld();
  });
  afterEach(() => world.close());

  test.each(Object.keys(REGISTRATIONS))("%s", async (title) => {
    const registration = REGISTRATIONS[title] ?? {};
    const parsed = parseDefinitions({ Node: "node-1", Address: "192.168.11.11", Service: registration });
    if (parsed.kind === "refused") throw new Error(JSON.stringify(parsed.problems));
    const settings = world.settings();
    const instances = parsed.definitions.map((definition) => ({
      ...registered({ settings, catalog: "consul" }, definition),
      nodeAddress: "192.168.11.11",
      address: definition.address ?? "",
    }));
    const ours = judged(instances, { settings, operatorConfig: NO_OPERATOR_CONFIG });

    world.catalog.register({
      Node: "node-1",
      Address: "192.168.11.11",
      Service: registration as { readonly Service: string },
    });
    const theirs = (await dryPass(settings)).edges[0].present.decision;
    expect(ours.text).toBe(theirs.text);
    expect(ours.diagnostics.map(({ code, message }) => [code, message])).toEqual(
      theirs.diagnostics.map(({ code, message }) => [code, message]),
    );
  });
});

describe("a service definition", () => {
  const web = { service: "web", id: "web", port: 24_001, tags: ["a"] };

  test.each<[string, unknown]>([
    ["of a file", { service: { name: "web", port: 24_001, tags: ["a"], check: { http: "x" } } }],
    ["of a file with several", { services: [{ name: "web", port: 24_001, tags: ["a"], checks: [{ tcp: "x" }] }] }],
    ["for the agent's API", { Name: "web", Port: 24_001, Tags: ["a"], Check: { HTTP: "x" } }],
    [
      "for the catalog's API",
      { Node: "n", Address: "x", Service: { Service: "web", Port: 24_001, Tags: ["a"], checks: [{}] } },
    ],
    ["in a list", [{ name: "web", port: 24_001, tags: ["a"], check: {} }]],
  ])("is read %s", (_, content) => {
    const parsed = parseDefinitions(content);
    expect(parsed).toMatchObject({ kind: "parsed", definitions: [web] });
  });

  test("without a check of its own has that of its node", () => {
    expect(parseDefinitions({ name: "web" })).toMatchObject({ definitions: [{ checks: [{ ofNode: true }] }] });
  });

  test("takes an address that the agent fills in for its node's", () => {
    const parsed = parseDefinitions({ name: "web", address: "{{ GetPrivateIP }}" });
    expect(parsed).toEqual({
      kind: "parsed",
      definitions: [expect.not.objectContaining({ address: expect.anything() })],
    });
  });

  test.each<[unknown, string]>([
    [{ services: [{ name: "a" }, { name: "b", tags: "x" }] }, 'services.1.tags: found "x"; a list is allowed'],
    [{ service: { port: 1 } }, "service.name: found nothing; a text is allowed"],
    [{ name: "a", port: 70_000 }, "port: found 70000; at most 65535 is allowed"],
    [{ name: "a", token: 5, port: "1" }, 'port: found "1"; a number is allowed'],
    [[], ": found no service"],
    [5, ": found 5; a mapping is allowed"],
  ])("%j is refused with its place", (content, problem) => {
    const parsed = parseDefinitions(content);
    const problems = parsed.kind === "refused" ? parsed.problems : [];
    expect(problems.map(({ place, message }) => `${place}: ${message}`)).toEqual([problem]);
  });
});
