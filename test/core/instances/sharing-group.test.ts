import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { isSameSharingGroup, sharingGroupOf, sharingGroupOfKey } from "../../../src/core/instances/sharing-group.ts";
import { instance } from "../../builders/world.ts";

const ALLOCATION = "_nomad-task-5f2b1c3d-0a1b-4c2d-8e3f-112233445566-group-web-web-http";

describe("two services are one sharing group", () => {
  test.each<[string, Partial<ServiceInstance>, Partial<ServiceInstance>, boolean]>([
    ["the same service", { service: "web" }, { service: "web" }, true],
    ["two services that have nothing in common", { service: "web" }, { service: "api" }, false],
    ["one namespace", { service: "web", namespace: "shop" }, { service: "api", namespace: "shop" }, true],
    [
      "the default namespace",
      { service: "web", namespace: "default" },
      { service: "api", namespace: "default" },
      false,
    ],
    ["two namespaces", { service: "web", namespace: "shop" }, { service: "web", namespace: "blog" }, false],
    ["one job", { service: "web", job: "shop" }, { service: "api", job: "shop" }, true],
    [
      "jobs of one name in two namespaces",
      { service: "web", job: "shop", namespace: "a" },
      { service: "api", job: "shop", namespace: "b" },
      false,
    ],
    ["one allocation", { service: "web", id: ALLOCATION }, { service: "api", id: ALLOCATION }, true],
    [
      "the id of an allocation on another node",
      { service: "web", id: ALLOCATION },
      { service: "api", id: ALLOCATION, node: "node-9" },
      false,
    ],
    [
      "the id of an allocation at another address",
      { service: "web", id: ALLOCATION },
      { service: "api", id: ALLOCATION, address: "10.9.9.9" },
      false,
    ],
    [
      "the id of an allocation at the address of the node, which one of them names",
      { service: "web", id: ALLOCATION, address: "", nodeAddress: "10.0.0.1" },
      { service: "api", id: ALLOCATION, address: "10.0.0.1", nodeAddress: "10.0.0.1" },
      true,
    ],
  ])("%s", (_, one, other, isSame) => {
    const groups = [one, other].map((overrides) => sharingGroupOf([instance({ id: "x", ...overrides })]));
    expect(isSameSharingGroup(groups[0]!, groups[1]!)).toBe(isSame);
  });
});

test("an instance of either deploy brings its keys: a service of two jobs is in the group of both", () => {
  const web = sharingGroupOf([instance({ job: "blue", id: "1" }), instance({ job: "green", id: "2" })]);
  for (const job of ["blue", "green"]) {
    expect(isSameSharingGroup(web, sharingGroupOf([instance({ service: "api", id: "3", job })]))).toBe(true);
  }
});

test.each([
  ["web", ["service web"]],
  ["shop/web", ["service shop/web", "namespace shop"]],
  ["default/web", ["service default/web"]],
])("the key %s alone tells %j", (key, keys) => {
  expect([...sharingGroupOfKey(key)]).toEqual(keys);
});
