import { expect, test } from "vitest";
import { checkNames } from "../../../src/app/name-check/check-names.ts";
import { parseIngress, withAddresses } from "../../../src/app/name-check/ingress-addresses.ts";
import { resolverAt, systemResolver } from "../../../src/app/name-check/name-resolver.ts";
import { type DnsAnswer, startDnsServer } from "../../support/dns-server.ts";

const INGRESS = ["192.168.11.11", "2001:db8::12"];
const PATIENCE = { timeoutMs: 200, tries: 1 };

async function verdictOf(name: string, names: Readonly<Record<string, DnsAnswer>>) {
  const server = await startDnsServer(names);
  try {
    const [checked] = await checkNames([name], INGRESS, resolverAt(server.address, PATIENCE));
    return [
      checked?.verdict,
      ...(checked?.addresses ?? []),
      ...(checked?.failure === undefined ? [] : [checked.failure]),
    ];
  } finally {
    await server.close();
  }
}

test.each<[string, DnsAnswer, readonly unknown[]]>([
  ["one of the nodes", ["192.168.11.11"], ["right", "192.168.11.11"]],
  ["both nodes, by A and AAAA", ["192.168.11.11", "2001:db8::12"], ["right", "192.168.11.11", "2001:db8::12"]],
  ["elsewhere", ["10.0.0.1"], ["elsewhere", "10.0.0.1"]],
  ["a node by A and elsewhere by AAAA", ["192.168.11.11", "2001:db8::66"], ["mixed", "192.168.11.11", "2001:db8::66"]],
  ["no such name", "NXDOMAIN", ["nowhere"]],
  ["a name without addresses", [], ["nowhere"]],
  ["a server that fails", "SERVFAIL", ["unanswered", "ESERVFAIL"]],
  ["a server that refuses", "REFUSED", ["unanswered", "EREFUSED"]],
  ["no answer", "silence", ["unanswered", "ETIMEOUT"]],
  ["an answer to another question", "foreign", ["unanswered", "ETIMEOUT"]],
])("%s", async (_, answer, expected) => {
  expect(await verdictOf("wiki.lab.local", { "wiki.lab.local": answer })).toEqual(expected);
});

test.each<DnsAnswer>(["garbage", "truncated"])("what is no whole answer (%s) is none", async (answer) => {
  const [verdict, failure] = await verdictOf("wiki.lab.local", { "wiki.lab.local": answer });
  expect([verdict, typeof failure]).toEqual(["unanswered", "string"]);
});

test("CNAMEs are followed, also where the server leaves it to the client; a circle of them ends", async () => {
  const names = {
    "wiki.lab.local": { cname: "edge.lab.local" },
    "edge.lab.local": ["192.168.11.11"],
    "a.lab.local": { cname: "b.lab.local" },
    "b.lab.local": { cname: "a.lab.local" },
  };
  expect(await verdictOf("wiki.lab.local", names)).toEqual(["right", "192.168.11.11"]);
  expect(await verdictOf("a.lab.local", names)).toEqual(["unanswered", "ECNAMELOOP"]);
});

test("a wildcard is asked for by a name below it that no record has", async () => {
  const server = await startDnsServer({ "*.apps.lab.local": ["192.168.11.11"], "www.apps.lab.local": ["10.0.0.1"] });
  const resolver = resolverAt(server.address, PATIENCE);
  try {
    expect(await checkNames(["*.apps.lab.local", "*.lab.local"], INGRESS, resolver)).toMatchObject([
      { name: "*.apps.lab.local", verdict: "right" },
      { name: "*.lab.local", verdict: "nowhere" },
    ]);
    for (const name of server.asked) expect(name).toMatch(/^portolan-[0-9a-f]{12}\.(?:apps\.)?lab\.local$/);
  } finally {
    await server.close();
  }
});

test("no more questions are asked at the same time than allowed, and none when time is over", async () => {
  let open = 0;
  let most = 0;
  const resolver = {
    title: "x",
    async resolve() {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open -= 1;
      return { addresses: ["192.168.11.11"] };
    },
  };
  const names = Array.from({ length: 100 }, (_, at) => `n${at}.test`);
  const all = await checkNames(names, INGRESS, resolver, { parallel: 4, untilMs: 60_000 });
  expect([most, all.map(({ name }) => name)]).toEqual([4, names]);
  const late = await checkNames(names, INGRESS, resolver, { parallel: 4, untilMs: 0 });
  expect(new Set(late.map(({ verdict, failure }) => `${verdict}: ${failure}`))).toEqual(
    new Set(["unanswered: time is over"]),
  );
});

test("spellings of one address are the same", async () => {
  const resolver = {
    title: "x",
    resolve: () => Promise.resolve({ addresses: ["2001:DB8:0::12", "::ffff:192.168.11.11"] }),
  };
  expect(await checkNames(["a.test"], INGRESS, resolver)).toMatchObject([{ verdict: "right" }]);
});

test("the machine's own resolver knows its hosts file", async () => {
  const { addresses } = await systemResolver().resolve("localhost");
  expect(addresses.some((address) => address === "127.0.0.1" || address === "::1")).toBe(true);
});

test("addresses that are none are refused, with an example", () => {
  expect(() => parseIngress("192.168.11.11,lb-2", "routes")).toThrow(/found "lb-2".*--ingress 192\.168\.11\.11/);
  for (const text of ["dns.example", "1.2.3.4:99999", "[::1", "", "1.2.3.4:x"]) {
    expect(() => resolverAt(text)).toThrow(/--resolver: found/);
  }
  expect(() => withAddresses([], "routes")).toThrow(/ingress: \[lb-1\]/);
  expect(() => withAddresses([{ node: "lb-1", address: "lb-1.example" }], "routes")).toThrow(/no IP address of lb-1/);
  expect(resolverAt("[::1]:5353").title).toBe("the resolver at [::1]:5353");
});
