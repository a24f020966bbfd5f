import { load } from "js-yaml";
import { expect, test } from "vitest";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const web = instance({ service: "web", id: "web", createIndex: 1 });
const db = instance({
  ...{ service: "db", id: "db", namespace: "", createIndex: 2 },
  tags: [
    "traefik.enable=true",
    "traefik.tcp.routers.db.rule=HostSNI(`*`)",
    "traefik.tcp.routers.db.entrypoints=postgres,replica",
  ],
});

test("a TCP router that comes later than HTTP is routed with the lines of its remedy, and while HTTP is away", () => {
  const refused = pass([web, db]);
  const [remedy = ""] = refused.diagnostics
    .filter(({ code, subject }) => code === "SHADOWS_OWNED_HOST" && subject.service === "db")
    .map(({ remedy }) => remedy);
  expect(refused.chart["tcp/routers"].has("db")).toBe(false);
  const lines = load(remedy.slice(remedy.indexOf("allow:"))) as Readonly<Record<string, unknown>>;
  const opened = pass([web, db], { settings: settings(lines), previous: refused.memory, nowMs: NOW_MS + 1 });
  expect(opened.chart["tcp/routers"].has("db")).toBe(true);
  expect(opened.chart["http/routers"].has("web")).toBe(true);
  const closedAgain = pass([web, db], { previous: opened.memory, nowMs: NOW_MS + 2 });
  expect(closedAgain.chart["tcp/routers"].has("db")).toBe(true);
});
