import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { instance, pass, settings } from "../../builders/world.ts";

const CHAT = "traefik.http.routers.chat";
const PAGES = ["status=401", "service=chat", "query=/"].map((one) => `traefik.http.middlewares.pages.errors.${one}`);

/** Each has the middleware not, or too late: the tags that it has, and the one of them that the remedy replaces. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  "no tag for a router": [],
  "a router with a name of its own": ["traefik.http.routers.other.rule=Host(`other`)"],
  "other middlewares": [`${CHAT}.middlewares=compress@file,headers@file`],
  "the middleware after error pages": [`${CHAT}.middlewares=pages,jwt@file`, ...PAGES],
};

const REQUIRED = policyOf({ rules: [{ service: "chat", middlewares: { require: ["jwt@file"] } }, {}] });

function play(own: readonly string[], inForce = REQUIRED, prefix = "traefik") {
  const chat = instance({ service: "chat", id: "chat-1", tags: [`${prefix}.enable=true`, ...own] });
  return pass([chat], { settings: { ...settings({ traefik: { prefix } }), policy: inForce } });
}

describe("the tag that the remedy prints lets the router in", () => {
  test.each(Object.entries(WITHOUT))("%s", (_, own) => {
    const { chart, diagnostics } = play(own);
    expect([...chart["http/routers"].keys()]).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["MIDDLEWARE_REQUIRED"]);
    const [, tag = ""] = / the tag (\S+)$/.exec(diagnostics[0]?.remedy ?? "") ?? [];
    const key = tag.slice(0, tag.indexOf("="));
    const mended = play([...own.filter((one) => !one.startsWith(`${key}=`)), tag]);
    expect(mended.diagnostics).toEqual([]);
    expect(mended.chart["http/routers"].size).toBe(1);
  });
});

test("it has the prefix of the tags of the edge", () => {
  expect(play([], REQUIRED, "public").diagnostics[0]?.remedy).toBe(
    "add the tag public.http.routers.chat.middlewares=jwt@file",
  );
});

test("a middleware of the service's own by that name has to go", () => {
  const { diagnostics } = play([`${CHAT}.middlewares=jwt`, "traefik.http.middlewares.jwt.compress=true"]);
  expect(diagnostics.find(({ code }) => code === "MIDDLEWARE_REQUIRED")?.remedy).toBe(
    `remove the tags that define the middleware jwt, and in place of the one that it has write the tag ${CHAT}.middlewares=jwt@file`,
  );
});

test("the lines that the remedy prints let TCP past it", () => {
  const tags = [
    "traefik.tcp.routers.chat.rule=HostSNI(`chat`)",
    "traefik.tcp.routers.chat.tls=true",
    "traefik.tcp.routers.chat.entrypoints=mqtt",
  ];
  const { chart, diagnostics } = play(tags);
  expect(chart["tcp/routers"].size).toBe(0);
  const [, line = ""] =
    /put before the other rules of the policy: - (\{.*\})$/.exec(diagnostics[0]?.remedy ?? "") ?? [];
  const opened = policyOf({ rules: [load(line), { service: "chat", middlewares: { require: ["jwt@file"] } }, {}] });
  expect(play(tags, opened).chart["tcp/routers"].size).toBe(1);
});

test("no service may define what the policy demands, also while no file does", () => {
  const thief: ServiceInstance = instance({
    ...{ service: "thief", id: "thief-1", port: 24_002 },
    tags: [
      "traefik.enable=true",
      "traefik.http.routers.thief.middlewares=jwt",
      "traefik.http.middlewares.jwt.compress=true",
    ],
  });
  const { chart, diagnostics } = pass([thief], { settings: { ...settings(), policy: REQUIRED } });
  expect([chart["http/middlewares"].size, chart["http/routers"].size]).toEqual([0, 0]);
  expect(diagnostics[0]?.message).toBe("http/middlewares/jwt is the operator's, by the policy (middlewares.require)");
});
