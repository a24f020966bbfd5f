import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Decision } from "../../src/core/decision.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { instance, pass, settings } from "../builders/world.ts";

const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
const [, first = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];

function asks(service: string, rule: string, createIndex: number, ...more: readonly string[]) {
  const tags = [`rule=${rule}`, ...more].map((tag) => `traefik.http.routers.${service}.${tag}`);
  return instance({ service, id: service, createIndex, tags: ["traefik.enable=true", ...tags] });
}

function routersOf({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"].keys()].sort();
}

test("the three lines that the page opens with make all services one team's", () => {
  expect(first.trim().split("\n")).toHaveLength(3);
  const team = { ...settings(), policy: policyOf(parse(first)) };
  const services = [
    asks("shop", "Host(`shop.lab.local`)", 10, "entrypoints=websecure"),
    asks("api", "Host(`shop.lab.local`) && PathPrefix(`/api`)", 20),
    asks("inner", "Host(`shop.lab.local`)", 30, "entrypoints=inner"),
    asks("sso", "PathPrefix(`/oauth2`)", 40, "priority=1000"),
    asks("bystander", "Host(`bystander.lab.local`)", 50),
  ];
  expect(routersOf(pass(services))).toEqual(["bystander", "shop"]);
  for (const order of [services, services.toReversed()]) {
    expect(routersOf(pass(order, { settings: team }))).toEqual(["api", "bystander", "inner", "shop", "sso"]);
  }
});

test("by those lines no service takes everything from the others", () => {
  const team = { ...settings(), policy: policyOf(parse(first)) };
  const services = [
    asks("shop", "Host(`shop.lab.local`)", 10),
    asks("greedy", "Host(`shop.lab.local`)", 20, "priority=1000"),
    asks("edge", "PathPrefix(`/`)", 30, "priority=1000"),
  ];
  expect(routersOf(pass(services, { settings: team }))).toEqual(["shop"]);
});
