import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ConfigValue } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { TRAEFIK_VERSIONS, type TraefikVersion } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { fieldPaths } from "../../../../src/core/traefik/schema/field-paths.ts";
import { schemaFor } from "../../../../src/core/traefik/schema/lookup.ts";
import type { Field } from "../../../../src/core/traefik/schema/schema.ts";
import { compareBytes } from "../../../../src/go/byte-order.ts";

/**
 * `fields.txt` holds every field that 3.6.12 and 3.7.13 declare, as `path: type [flags] = default`: both have what
 * starts with blanks, `-` is 3.6 alone, `+` is 3.7 alone.
 */
function declared(version: TraefikVersion): string[] {
  const own = version === "3.6" ? "-" : "+";
  return readFileSync(new URL("./fields.txt", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .filter((line) => line[0] === " " || line[0] === own)
    .map((line) => line.slice(2));
}

function described(path: string, field: Field): string {
  const flags: string[] = FLAGS.filter(([mark]) => field[mark] === true).map(([, flag]) => flag);
  if (field.tagName !== undefined) flags.push(`tag-name=${field.tagName}`);
  const preset = field.default === undefined ? "" : ` = ${shown(field.default)}`;
  return `${path}: ${typeOf(field)}${flags.length === 0 ? "" : ` [${flags.join(" ")}]`}${preset}`;
}

const FLAGS = [
  ["deprecated", "deprecated"],
  ["emptyOk", "empty-ok"],
  ["fileOnly", "file-only"],
  ["hidden", "hidden"],
  ["internal", "internal"],
  ["labelOnly", "label-only"],
  ["secret", "secret"],
] as const;

function typeOf(field: Field): string {
  return "entry" in field ? `${field.kind}(${field.entry.kind})` : `${field.kind}${field.optional === true ? "?" : ""}`;
}

function shown(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${value.join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value).map(([name, field]) => `${name}: ${field}`)}}`;
}

test.each(TRAEFIK_VERSIONS)("the table declares exactly the fields of traefik %s", (version) => {
  const lines = [...fieldPaths(version)].map(({ path, field }) => described(path, field));
  expect(lines.sort(compareBytes)).toEqual(declared(version).sort(compareBytes));
});

test("references and definitions are marked where names of other things stand", () => {
  const marked = [...fieldPaths("3.7")]
    .filter(({ field }) => field.refers !== undefined || field.defines !== undefined)
    .map(({ path, field }) => `${path} ${field.refers ?? `defines ${field.defines}`}`);
  expect(marked).toEqual([
    "http.routers defines router",
    "http.routers.<name>.middlewares middleware",
    "http.routers.<name>.service service",
    "http.routers.<name>.tls.options tlsOptions",
    "http.services defines service",
    "http.services.<name>.middlewares middleware",
    "http.services.<name>.loadBalancer.serversTransport serversTransport",
    "http.services.<name>.highestRandomWeight.services[].name service",
    "http.services.<name>.weighted.services[].name service",
    "http.services.<name>.mirroring.service service",
    "http.services.<name>.mirroring.mirrors[].name service",
    "http.services.<name>.failover.service service",
    "http.services.<name>.failover.fallback service",
    "http.middlewares defines middleware",
    "http.middlewares.<name>.chain.middlewares middleware",
    "http.middlewares.<name>.errors.service service",
    "http.models.<name>.middlewares middleware",
    "http.models.<name>.tls.options tlsOptions",
    "http.serversTransports defines serversTransport",
    "tcp.routers defines router",
    "tcp.routers.<name>.middlewares middleware",
    "tcp.routers.<name>.service service",
    "tcp.routers.<name>.tls.options tlsOptions",
    "tcp.services defines service",
    "tcp.services.<name>.loadBalancer.serversTransport serversTransport",
    "tcp.services.<name>.weighted.services[].name service",
    "tcp.middlewares defines middleware",
    "tcp.serversTransports defines serversTransport",
    "udp.routers defines router",
    "udp.routers.<name>.service service",
    "udp.services defines service",
    "udp.services.<name>.weighted.services[].name service",
    "tls.options defines tlsOptions",
    "tls.stores defines tlsStore",
  ]);
});

test("the lookup knows what only a later line has", () => {
  const service = schemaFor("3.6").children.get("http")?.children.get("services");
  expect(service?.children.has("middlewares")).toBe(false);
  expect(service?.later.get("middlewares")).toBe("3.7");
  expect(service?.children.get("loadbalancer")?.children.has("servers")).toBe(false);
  expect(service?.children.get("loadbalancer")?.children.get("server")?.name).toBe("servers");
});
