import { expect, test } from "vitest";
import { chooseCatalog } from "../../../src/config/resolve/choose-catalog.ts";

const FLAG = { consul: { "consul-addr": "c" }, nomad: { "nomad-addr": "n" } } as const;
const VARIABLE = { consul: { CONSUL_HTTP_ADDR: "c" }, nomad: { NOMAD_ADDR: "n" } } as const;

test.each<[string, string, readonly string[], object, object]>([
  ["none is named", "consul", [], {}, {}],
  ["the flag names Consul", "consul", [], FLAG.consul, {}],
  ["the flag names Nomad", "nomad", [], FLAG.nomad, {}],
  ["the file names Nomad", "nomad", ["nomad.address"], {}, {}],
  ["the environment names Nomad", "nomad", [], {}, VARIABLE.nomad],
  ["an empty variable names nothing", "consul", [], {}, { NOMAD_ADDR: "" }],
  [
    "variables that Nomad sets in every task name nothing",
    "consul",
    [],
    {},
    { NOMAD_NAMESPACE: "a", NOMAD_TOKEN: "t" },
  ],
  ["the flag names Consul where the shell knows Nomad", "consul", [], FLAG.consul, VARIABLE.nomad],
  ["the file names Nomad where the shell knows Consul", "nomad", ["nomad.address"], {}, VARIABLE.consul],
  [
    "the flag and the file name the same",
    "nomad",
    ["nomad.address"],
    FLAG.nomad,
    { ...VARIABLE.consul, ...VARIABLE.nomad },
  ],
  ["both flags", "both", [], { ...FLAG.consul, ...FLAG.nomad }, {}],
  ["the flag against the file", "both", ["consul.address"], FLAG.nomad, {}],
  ["both in the file", "both", ["consul.address", "nomad.address"], {}, {}],
  ["a list in the file", "list", ["catalogs"], {}, {}],
  [
    "a list in the file where the shell knows both",
    "list",
    ["catalogs"],
    {},
    { ...VARIABLE.consul, ...VARIABLE.nomad },
  ],
  ["both in the environment", "both", [], {}, { ...VARIABLE.consul, ...VARIABLE.nomad }],
])("%s: %s", (_what, expected, inFile, flags, environment) => {
  expect(chooseCatalog((path) => inFile.includes(path), { ...flags }, { ...environment })).toBe(expected);
});
