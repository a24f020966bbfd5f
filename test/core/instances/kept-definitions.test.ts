import { describe, expect, test } from "vitest";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const RULE = "traefik.http.routers.web.rule=Host(`web.org`)";
const web = (...tags: readonly string[]) => instance({ tags: ["traefik.enable=true", ...tags] });

/** The last router of all would be held. */
const bystander = instance({ service: "bystander", id: "bystander", port: 24_009 });

/** What becomes of the router `web` when its service has these tags instead: as it was, 503, or 404. */
function afterwards(before: readonly string[], after: readonly string[]): string {
  const first = pass([web(...before), bystander]);
  const { chart } = pass([web(...after), bystander], { previous: first.memory, nowMs: NOW_MS + 1_000 });
  const router = chart["http/routers"].get("web");
  if (router === undefined) return "404";
  const service = chart["http/services"].get(String(router["service"]));
  return JSON.stringify(service).includes("http://192.168.11.11:24001") ? "goes on" : "503";
}

const MIDDLEWARE = ["traefik.http.middlewares.lock.ipallowlist.sourcerange=10.0.0.0/8"];
const LOCKED = [RULE, "traefik.http.routers.web.middlewares=lock", ...MIDDLEWARE];

describe("a router whose new definition is wrong", () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ["has a misspelt key that closes nothing", "goes on", [RULE], [RULE, "traefik.http.routers.web.colour=red"]],
    ["has a bad priority", "goes on", [RULE], [RULE, "traefik.http.routers.web.priority=high"]],
    [
      "has a misspelt key of its service",
      "goes on",
      [RULE],
      [RULE, "traefik.http.services.web.loadbalancer.healthchek.path=/"],
    ],
    [
      "has a misspelt port",
      "503",
      [RULE],
      [
        RULE,
        "traefik.http.services.web.loadbalancer.server.prot=1",
        "traefik.http.services.web.loadbalancer.serverport=2",
      ],
    ],
    ["keeps its middleware beside a slip", "goes on", LOCKED, [...LOCKED, "traefik.http.routers.web.colour=red"]],
    ["adds a middleware under a misspelt key", "503", [RULE], [RULE, "traefik.http.routers.web.middelwares=lock"]],
    ["adds one beside a slip", "503", [RULE], [...LOCKED, "traefik.http.routers.web.colour=red"]],
    [
      "changes its middleware beside a slip",
      "503",
      LOCKED,
      [...LOCKED.slice(0, 2), `${MIDDLEWARE[0]},10.9.0.0/16`, "traefik.http.routers.web.colour=red"],
    ],
    [
      "names other entry points beside a slip",
      "503",
      [RULE],
      [...[RULE, "traefik.http.routers.web.entrypoints=internal", "traefik.http.routers.web.colour=red"]],
    ],
    [
      "has an allow-list in the wrong place",
      "503",
      [RULE],
      [...[RULE, "traefik.http.routers.web.ipallowlist.sourcerange=10.0.0.0/8"]],
    ],
    ["has TLS with a slip", "503", [RULE], [RULE, "traefik.http.routers.web.tsl=true"]],
    ["lacks a backtick in its rule", "goes on", [RULE], ["traefik.http.routers.web.rule=Host(`web.org)"]],
    [
      "has a broken rule with a further condition",
      "503",
      [RULE],
      ["traefik.http.routers.web.rule=Host(`web.org`) && ClientIP(`10.0.0.0/8`"],
    ],
    ["has a broken rule for another host", "503", [RULE], ["traefik.http.routers.web.rule=Host(`other.org)"]],
  ])("%s: %s", (_, expected, before, after) => {
    expect(afterwards(before, after)).toBe(expected);
  });

  test("and never was another one gets nothing", () => {
    const { chart } = pass([web(RULE, "traefik.http.routers.web.colour=red")]);
    expect(chart["http/routers"].size).toBe(0);
  });

  test("does not go on where the settings are others, nor later", () => {
    const first = pass([web(RULE)], { settings: { ...settings(), id: "one" } });
    const other = { settings: { ...settings(), id: "other" } };
    const slip = [web(RULE, "traefik.http.routers.web.colour=red")];
    const second = pass(slip, { ...other, previous: first.memory, nowMs: NOW_MS + 1_000 });
    const third = pass(slip, { ...other, previous: second.memory, nowMs: NOW_MS + 2_000 });
    for (const { diagnostics } of [second, third]) {
      expect(diagnostics.map(({ code }) => code)).not.toContain("DEFINITION_KEPT");
    }
  });
});
