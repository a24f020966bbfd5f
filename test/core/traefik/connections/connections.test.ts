import { describe, expect, test } from "vitest";
import { CHECK_CONTENT_RULES, CHECK_PLACE_RULES } from "../../../../src/core/policy/backends/health-check.ts";
import { type DynamicConfig, TRAEFIK_VERSIONS } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { fieldPaths } from "../../../../src/core/traefik/schema/field-paths.ts";
import type { Connects, Field } from "../../../../src/core/traefik/schema/schema.ts";
import { instance, pass, settings } from "../../../builders/world.ts";

/** Words in the name of a field whose value may lead Traefik somewhere. */
const WORDS = new Set([
  ...["url", "urls", "uri", "addr", "addrs", "address", "addresses", "endpoint", "endpoints", "socket", "dsn"],
  ...["port", "ports", "host", "hosts", "hostname", "server", "servers", "proxy", "target", "upstream", "peer"],
  ...["path", "query", "scheme", "redirects", "replacement", "send", "resolver", "webhook", "callback"],
]);

/** Of these kinds no value is an address, but for what a switch lets Traefik follow. */
const HOLDS_NO_ADDRESS: readonly Field["kind"][] = ["bool", "duration", "object", "struct"];

function holdsText(field: Field): boolean {
  if ("entry" in field) return !("fields" in field.entry);
  return !HOLDS_NO_ADDRESS.includes(field.kind);
}

function nameOf(path: string): string {
  return path.split(".").findLast((part) => part !== "<name>") ?? path;
}

/** `authSigninURL` has the words auth, signin, url. */
function soundsLikeAPlace(path: string, field: Field): boolean {
  const words = nameOf(path)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ");
  const isFollowing = words.includes("redirects") && words.includes("follow");
  const isFree = field.kind === "any" || ("entry" in field && field.entry.kind === "any");
  return isFollowing || isFree || (holdsText(field) && words.some((word) => WORDS.has(word)));
}

const FIELDS = new Map(
  TRAEFIK_VERSIONS.flatMap((version) => [...fieldPaths(version)].map((one) => [one.path, one.field])),
);

function marked(...marks: readonly Connects[]): readonly string[] {
  return [...FIELDS]
    .filter(([, { connects }]) => connects !== undefined && marks.includes(connects))
    .map(([path]) => path);
}

describe("where tags may lead Traefik", () => {
  test("every field that sounds like an address, a URL or a port says whether it is one, in every version", () => {
    const silent = [...FIELDS]
      .filter(([path, field]) => soundsLikeAPlace(path, field) && field.connects === undefined)
      // A certificate resolver asks the authority of the operator's; `host` claims judge the names.
      .filter(([path, field]) => field.refers === undefined && !/\.(certResolver|resolver)$/.test(path))
      .map(([path]) => path);
    expect(silent).toEqual([]);
  });

  test.each(["webhookURL", "jwksURL", "endpoints", "dialAddress", "statusPort", "unixSocket", "followRedirects"])(
    "a new field %s would be missed",
    (name) => {
      expect(soundsLikeAPlace(`http.middlewares.<name>.new.${name}`, { kind: "string" })).toBe(true);
    },
  );

  test("there is a rule for every field of a health check that steers it", () => {
    const steering = { http: [] as string[], tcp: [] as string[] };
    for (const path of marked("check")) steering[path.startsWith("http.") ? "http" : "tcp"].push(nameOf(path));
    const ruled = (protocol: "http" | "tcp") =>
      Object.keys({ ...CHECK_CONTENT_RULES[protocol], ...CHECK_PLACE_RULES }).filter((field) => field !== "server");
    expect(new Set(steering.http)).toEqual(new Set([...ruled("http"), "followRedirects"]));
    expect(new Set(steering.tcp)).toEqual(new Set(ruled("tcp")));
  });
});

/** A tag for a field, and a router that uses what it is a part of. */
function tagsFor(path: string, value: string): readonly string[] {
  const key = path.replace("<name>", "x").replace("servers[]", "server").toLowerCase();
  const [protocol = "", kind = ""] = path.split(".");
  const rule = { http: "Host(`x`)", tcp: "HostSNI(`*`)", udp: "" }[protocol] ?? "";
  return [
    "traefik.enable=true",
    `traefik.${key}=${value}`,
    `traefik.${protocol}.routers.x.entrypoints=e`,
    ...(rule === "" ? [] : [`traefik.${protocol}.routers.x.rule=${rule}`]),
    ...(kind === "middlewares" ? ["traefik.http.routers.x.middlewares=x"] : []),
  ];
}

function chartFor(path: string, value: string): string {
  const { chart } = pass([instance({ tags: tagsFor(path, value), port: 24_020 })], {
    settings: settings({ traefik: { version: "3.7" } }),
  });
  return textOf(chart);
}

function textOf(chart: DynamicConfig): string {
  return JSON.stringify(Object.values(chart).map((section) => [...section.values()]));
}

/** What leads Traefik to the administration of Consul, and what it may ask instead. */
const PLACES: Readonly<Record<string, readonly [bad: string, good: string]>> = {
  url: ["http://127.0.0.1:8500/v1/agent/leave", "http://192.168.11.11:24021/"],
  endpoint: ["127.0.0.1:8500", "192.168.11.11:24021"],
  address: ["http://127.0.0.1:8500/v1/agent/leave", "http://192.168.11.11:24021/"],
  port: ["8500", "24021"],
  scheme: ["http://127.0.0.1:8500/v1/agent/leave?", "https"],
  path: ["http://127.0.0.1:8500/v1/agent/leave", "/health"],
  method: ["PUT", "HEAD"],
  followRedirects: ["true", "false"],
  send: ["PUT /v1/agent/leave HTTP/1.0", ""],
};

const LEADING = marked("url", "endpoint", "server", "check");

function shown(path: string, value: string): string {
  return nameOf(path) === "followRedirects" ? `"followRedirects":${value}` : value;
}

function placesFor(path: string): readonly [bad: string, good: string] {
  const places = PLACES[nameOf(path)] ?? PLACES[FIELDS.get(path)?.connects ?? ""];
  if (places === undefined) throw new Error(`no place to try in ${path}`);
  return places;
}

test.each(LEADING)("a tag for %s leads Traefik nowhere that the settings do not name", (path) => {
  const [bad] = placesFor(path);
  const chart = chartFor(path, bad);
  expect(chart).not.toContain(shown(path, bad));
  expect(chart).not.toContain("8500");
});

/** In tags a TCP or UDP server has its port alone. */
const SET_BY_TAGS = LEADING.filter((path) => !/^(tcp|udp).*\.(address|send)$/.test(path));

test.each(SET_BY_TAGS)("a tag for %s leads it where it may", (path) => {
  const [, good] = placesFor(path);
  expect(chartFor(path, good)).toContain(shown(path, good));
});
