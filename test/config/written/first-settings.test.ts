import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { resolveSettings } from "../../../src/config/resolve/resolve.ts";
import { firstSettings, type Surroundings } from "../../../src/config/written/first-settings.ts";
import { jsonSchemaValidator } from "../../support/json-schema-validator.ts";

const UNTOLD = { kind: "untold", why: "connection refused" } as const;
const NOTHING: Surroundings = {
  consul: { address: "http://127.0.0.1:8500", told: UNTOLD },
  nomad: { address: "http://127.0.0.1:4646", told: UNTOLD },
  traefik: { address: "http://127.0.0.1:8080", told: UNTOLD },
  output: undefined,
  stateDir: undefined,
};
const CONSUL: Surroundings = {
  ...NOTHING,
  consul: { ...NOTHING.consul, told: { kind: "told", value: { instances: 12 } } },
};
const NOMAD: Surroundings = {
  ...NOTHING,
  nomad: { ...NOTHING.nomad, told: { kind: "told", value: { dynamic: "21000-32000" } } },
};
const TRAEFIK: Surroundings = {
  ...NOTHING,
  traefik: {
    ...NOTHING.traefik,
    told: {
      kind: "told",
      value: {
        version: "3.7.2",
        line: "3.7",
        entryPoints: ["web", "websecure", "it's: odd"],
        defaultEntryPoints: ["websecure"],
        directory: "/dynamic",
      },
    },
  },
};
const ALL: Surroundings = { ...CONSUL, nomad: NOMAD.nomad, traefik: TRAEFIK.traefik };

const validate = jsonSchemaValidator(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../deploy/schema/settings.schema.json"), "utf8")),
);

function resolved(text: string) {
  return resolveSettings({ file: { name: "portolan.yml", content: load(text) }, environment: {}, flags: {} });
}

describe("a first settings file", () => {
  test.each(Object.entries({ NOTHING, CONSUL, NOMAD, TRAEFIK, ALL }))("is taken as it is written: %s", (_, found) => {
    expect(resolved(firstSettings(found))).toMatchObject({ kind: "resolved" });
  });

  test.each(Object.entries({ NOTHING, ALL }))("is one whose lines may all be switched on: %s", (_, found) => {
    const on = load(firstSettings(found).replace(/^( *)#(?! )/gm, "$1")) as object;
    expect(validate(on)).toEqual([]);
    expect(Object.keys(on)).toEqual(expect.arrayContaining(["nomad", "schedulers", "ports", "policy", "log"]));
  });

  test("has in force what was told", () => {
    expect(resolved(firstSettings(ALL))).toMatchObject({
      settings: {
        schedulers: [{ address: "http://127.0.0.1:4646" }],
        traefik: {
          version: "3.7",
          entryPoints: ["web", "websecure", "it's: odd"],
          defaultEntryPoints: ["websecure"],
          api: { address: "http://127.0.0.1:8080" },
        },
        output: { file: "/dynamic/portolan.yml" },
      },
    });
  });

  test("charts Nomad where Consul does not answer and Nomad does", () => {
    expect(resolved(firstSettings(NOMAD))).toMatchObject({ settings: { nomad: { address: "http://127.0.0.1:4646" } } });
    expect(load(firstSettings(NOMAD))).not.toHaveProperty("schedulers");
  });

  test("says what was not told and why, and nothing of it leaves its line", () => {
    const why = "refused\noutput: { file: stolen.yml }\u001b[2J";
    const text = firstSettings({ ...NOTHING, traefik: { ...NOTHING.traefik, told: { kind: "untold", why } } });
    expect(text).not.toContain("\u001b");
    expect(load(text)).toMatchObject({ output: { file: "/etc/traefik/dynamic/portolan.yml" } });
  });

  test("has chart and state where flags say", () => {
    const text = firstSettings({ ...NOTHING, output: "/srv/a.yml", stateDir: "/srv/state" });
    expect(load(text)).toMatchObject({ output: { file: "/srv/a.yml" }, stateDir: "/srv/state" });
  });
});
