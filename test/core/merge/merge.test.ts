import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { passOf } from "../../../src/core/decision.ts";
import { finish } from "../../../src/core/incremental/steps.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { groupByService } from "../../../src/core/instances/instance-state.ts";
import { mergeServices } from "../../../src/core/merge/merge.ts";
import type { PublishedNames } from "../../../src/core/merge/owner.ts";
import { OWNER_KEPT_MS } from "../../../src/core/merge/ownership.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

const NOTHING = { chart: undefined, owners: new Map() };
const NOBODY = { services: new Map(), absentGroups: new Map(), holds: [] };

function merge(instances: readonly ServiceInstance[], published: PublishedNames = NOTHING, nowMs = NOW_MS) {
  const core = settings();
  const translated = instances.map((one) => translateInstance(one, core));
  const around = passOf({ snapshots: [snapshot(instances)], settings: core, nowMs });
  const services = groupByService(translated);
  const { value, diagnostics } = finish(
    mergeServices(around, { services, published: { ...NOBODY, ...published } }, undefined),
  );
  const { config, owners } = value;
  return { config, owners, findings: diagnostics.map(({ code, subject }) => `${code} ${subject.service}`) };
}

/** An instance that claims the router `app` with a rule of its own. */
function claimant(service: string, rule: string, createIndex: number): ServiceInstance {
  const tags = ["traefik.enable=true", `traefik.http.routers.app.rule=${rule}`];
  return instance({ service, id: service, tags, createIndex });
}

describe("within one service", () => {
  test("the newest definition counts, and of equally old ones that of the first instance by its key", () => {
    const older = instance({
      id: "b",
      tags: ["traefik.enable=true", "traefik.http.routers.web.priority=1"],
      createIndex: 5,
    });
    const newer = instance({
      id: "c",
      tags: ["traefik.enable=true", "traefik.http.routers.web.priority=2"],
      createIndex: 6,
    });
    const equal = instance({
      id: "a",
      tags: ["traefik.enable=true", "traefik.http.routers.web.priority=3"],
      createIndex: 6,
    });
    expect(merge([older, newer]).config["http/routers"].get("web")?.["priority"]).toBe(2);
    expect(merge([older, newer, equal]).config["http/routers"].get("web")?.["priority"]).toBe(3);
    expect(merge([older, newer]).findings).toEqual(["DEFINITION_SUPERSEDED web"]);
  });

  test("two instances with one URL are one server, with the options of the newer one", () => {
    const weight = (value: number) => `traefik.http.services.web.loadbalancer.server.weight=${value}`;
    const one = instance({ id: "a", tags: ["traefik.enable=true", weight(1)], createIndex: 1 });
    const two = instance({ id: "b", tags: ["traefik.enable=true", weight(2)], createIndex: 2 });
    const loadBalancer = merge([one, two]).config["http/services"].get("web")?.["loadBalancer"];
    expect(loadBalancer).toEqual({ servers: [{ url: "http://192.168.11.11:24001", weight: 2 }] });
  });
});

describe("between services", () => {
  const elder = claimant("elder", "Host(`a`)", 10);
  const younger = claimant("younger", "Host(`b`)", 20);

  test("the lower index keeps a name, in whatever order they come", () => {
    for (const instances of [
      [elder, younger],
      [younger, elder],
    ]) {
      const { config, findings } = merge(instances);
      expect(config["http/routers"].get("app")?.["rule"]).toBe("Host(`a`)");
      expect(findings).toEqual(["NAME_TAKEN younger"]);
    }
  });

  test("of equally old ones the name that sorts first", () => {
    const twins = [claimant("b", "Host(`b`)", 10), claimant("a", "Host(`a`)", 10)];
    expect(merge(twins).config["http/routers"].get("app")?.["service"]).toBe("a");
  });

  test("the known owner comes before any index", () => {
    const previous = { chart: undefined, owners: new Map([["http/routers/app", { service: "younger" }] as const]) };
    expect(merge([elder, younger], previous).config["http/routers"].get("app")?.["rule"]).toBe("Host(`b`)");
  });

  test("a name is kept for an absent owner for its time, and not a moment longer", () => {
    const owners = new Map([["http/routers/app", { service: "absent", goneAtMs: NOW_MS }] as const]);
    const previous = { chart: undefined, owners };
    expect(merge([elder], previous, NOW_MS + OWNER_KEPT_MS - 1).config["http/routers"].has("app")).toBe(false);
    const after = merge([elder], previous, NOW_MS + OWNER_KEPT_MS);
    expect(after.config["http/routers"].get("app")?.["rule"]).toBe("Host(`a`)");
    expect(after.owners.get("http/routers/app")).toEqual({ service: "elder" });
  });

  test("the time of an absent owner runs from the first pass without it", () => {
    const previous = { chart: undefined, owners: new Map([["http/routers/app", { service: "absent" }] as const]) };
    expect(merge([elder], previous).owners.get("http/routers/app")).toMatchObject({
      service: "absent",
      goneAtMs: NOW_MS,
    });
  });

  test("names that nobody claims are forgotten after the same time", () => {
    const owners = new Map([["http/routers/old", { service: "absent", goneAtMs: NOW_MS - OWNER_KEPT_MS }] as const]);
    expect(merge([], { chart: undefined, owners }).owners.has("http/routers/old")).toBe(false);
  });

  test.each([
    ["the default one", "default"],
    ["any other", "here"],
    ["a catalog without namespaces", ""],
  ])("equal services of two namespaces share neither name nor server: %s", (_, namespace) => {
    const here = instance({ namespace, createIndex: 10 });
    const there = instance({ namespace: "there", port: 24002, createIndex: 20 });
    for (const order of [
      [here, there],
      [there, here],
    ]) {
      const { config, findings } = merge(order);
      expect(config["http/services"].get("web")?.["loadBalancer"]).toEqual({
        servers: [{ url: "http://192.168.11.11:24001" }],
      });
      expect(findings).toEqual(["NAME_TAKEN web", "NAME_TAKEN web"]);
    }
  });

  test("a catalog without namespaces and the default one of another are one namespace", () => {
    const { config } = merge([
      instance({ catalogName: "here", namespace: "" }),
      instance({ catalogName: "there", namespace: "default", port: 24002 }),
    ]);
    expect(config["http/services"].get("web")?.["loadBalancer"]).toEqual({
      servers: [{ url: "http://192.168.11.11:24001" }, { url: "http://192.168.11.11:24002" }],
    });
  });
});

describe("a lost name", () => {
  const owner = instance({
    service: "owner",
    tags: ["traefik.enable=true", "traefik.http.middlewares.auth.basicauth.users=a:b"],
    createIndex: 1,
  });

  test("takes the routers along that rely on it, also through a chain", () => {
    const stranger = instance({
      service: "stranger",
      tags: [
        "traefik.enable=true",
        "traefik.http.middlewares.auth.basicauth.users=c:d",
        "traefik.http.middlewares.all.chain.middlewares=auth",
        "traefik.http.routers.safe.middlewares=all",
        "traefik.http.routers.safe.rule=Host(`safe`)",
        "traefik.http.routers.plain.rule=Host(`plain`)",
      ],
      createIndex: 2,
    });
    const { config, findings } = merge([owner, stranger]);
    expect([...config["http/routers"].keys()]).toEqual(["owner", "plain"]);
    expect([...config["http/middlewares"].keys()]).toEqual(["auth"]);
    expect(findings).toEqual(["NAME_TAKEN stranger", "NAME_TAKEN stranger", "NAME_TAKEN stranger"]);
  });

  test("does not touch who refers to it without having claimed it", () => {
    const guest = instance({
      service: "guest",
      tags: ["traefik.enable=true", "traefik.http.routers.guest.middlewares=auth"],
      createIndex: 2,
    });
    expect([...merge([owner, guest]).config["http/routers"].keys()]).toEqual(["owner", "guest"]);
  });
});

test("a whole pass hands the owners on", () => {
  const first = pass([instance()]);
  expect(first.memory.owners.get("http/routers/web")).toEqual({ service: "web" });
  const second = pass([], { previous: first.memory, nowMs: NOW_MS + 1 });
  expect(second.memory.owners.get("http/routers/web")).toEqual({
    service: "web",
    goneAtMs: NOW_MS + 1,
    leftAtMs: NOW_MS + 1,
  });
  expect(second.lookAgainAtMs).toBe(NOW_MS + 1 + 10_000);
});
