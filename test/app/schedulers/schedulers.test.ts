import { expect, test } from "vitest";
import { allocationSchedulers, nameOf, portSchedulers } from "../../../src/app/schedulers/schedulers.ts";
import { settingsSchema } from "../../../src/config/files/schema.ts";

const REQUIRED = { output: { file: "portolan.yml" }, stateDir: "state" };

/** The Nomads that are asked by these settings: where they are described, and what they are called. */
function asked(content: object): readonly string[] {
  const sections = portSchedulers(settingsSchema.parse({ ...REQUIRED, ...content }));
  return sections.map((one) => `${one.section}: ${nameOf(one)}`);
}

const A = { address: "http://a:4646" };
const B = { address: "http://b:4646", region: "west" };

test.each<[string, object, readonly string[]]>([
  ["Consul alone: none", {}, []],
  [
    "those beside Consul",
    { schedulers: [A, B] },
    ["schedulers.0: http://a:4646", "schedulers.1: http://b:4646 (region west)"],
  ],
  ["the catalog, where it is a Nomad", { nomad: A }, ["nomad: http://a:4646"]],
  [
    "those of the list",
    {
      catalogs: [
        { name: "dc", consul: {} },
        { name: "n", nomad: B },
      ],
    },
    ["catalogs (n).nomad: http://b:4646 (region west)"],
  ],
  [
    "named for it, they go before the catalogs",
    { nomad: A, schedulers: [B] },
    ["schedulers.0: http://b:4646 (region west)"],
  ],
])("%s", (_case, content, names) => {
  expect(asked(content)).toEqual(names);
});

test("a Nomad behind a socket has one name, wherever the allocation keeps the socket", () => {
  const names = ["b8d3", "07ac"].map((one) => asked({ nomad: { address: `unix:///alloc/${one}/secrets/api.sock` } }));
  expect(names).toEqual([["nomad: unix://"], ["nomad: unix://"]]);
});

test("two namespaces of one Nomad are one Nomad", () => {
  const catalogs = ["one", "other"].map((name) => ({ name, nomad: { ...A, namespace: name } }));
  expect(asked({ catalogs })).toHaveLength(1);
});

test("for allocations the catalogs that are Nomad's are asked, too; the section that is named for it has the token", () => {
  const settings = settingsSchema.parse({
    ...REQUIRED,
    catalogs: [
      { name: "n", nomad: A },
      { name: "w", nomad: B },
    ],
    schedulers: [{ ...A, tokenFile: "t" }],
  });
  expect(allocationSchedulers(settings).map((one) => [one.section, nameOf(one), one.settings.tokenFile])).toEqual([
    ["schedulers.0", "http://a:4646", "t"],
    ["catalogs (w).nomad", "http://b:4646 (region west)", undefined],
  ]);
});
