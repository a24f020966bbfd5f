import { expect, test } from "vitest";
import { parseFilter } from "../../src/page/chart/filter.ts";
import { withFieldWord } from "../../src/page/parts/row-filter.ts";
import { filterHelp } from "../../src/page/shell/filter-help.ts";
import { routeRow } from "./route-row.ts";

const rows = [
  routeRow("wiki", { paths: ["/docs"] }),
  routeRow("shop", {
    state: "held",
    owner: "prod/shop",
    instances: [
      {
        server: "http://10.0.0.2:25001",
        id: "shop-1",
        node: "node-2",
        health: "warning",
        job: "store",
        toldBy: "nomad",
      },
    ],
    servers: ["http://10.0.0.2:25001"],
  }),
  routeRow("dns", { protocol: "udp", hosts: [], entryPoints: ["dns"], chart: "edge" }),
];

function found(text: string): readonly string[] {
  const filter = parseFilter(text);
  return rows.filter((row) => filter?.(row) ?? true).map(({ router }) => router);
}

test.each([
  ["", ["wiki", "shop", "dns"]],
  ["  ", ["wiki", "shop", "dns"]],
  ["WIKI", ["wiki"]],
  ["/docs", ["wiki"]],
  ["node-2", ["shop"]],
  ["store", ["shop"]],
  ["10.0.0.2:25001", ["shop"]],
  ["lab shop", ["shop"]],
  ["wiki shop", []],
  ["state:held", ["shop"]],
  ["State:HELD", ["shop"]],
  ["state:hel", []],
  ["-state:held", ["wiki", "dns"]],
  ["health:warning", ["shop"]],
  ["host:shop", ["shop"]],
  ["node:shop", []],
  ["chart:edge", ["dns"]],
  ["protocol:udp", ["dns"]],
  ["owner:prod/", ["shop"]],
  ['"wiki.lab.local"', ["wiki"]],
  ['host:"wiki.lab', ["wiki"]],
  ["state:", ["wiki", "shop", "dns"]],
  ["http://10.0.0.1", ["wiki", "dns"]],
  ["__proto__:x", []],
  ["constructor:x", []],
])("filter %j", (text, routers) => {
  expect(found(text)).toEqual(routers);
});

test("a letter that patterns have a use for is a letter", () => {
  expect(found("(((")).toEqual([]);
  expect(found("*")).toEqual([]);
});

test("a huge filter has an end", () => {
  expect(found("wiki ".repeat(100_000))).toEqual(["wiki"]);
});

test("a word takes the place of its kind, and leaves the others", () => {
  expect(withFieldWord("wiki state:held", "state", "live")).toBe("wiki state:live");
  expect(withFieldWord('wiki "two words" state:held', "state", undefined)).toBe('wiki "two words"');
});

test("the help of each view names the fields of its own filter", () => {
  const fields = (["chart", "ports", "timeline", "attention"] as const).map((view) => filterHelp(view)[1]);
  expect(fields.map((help) => help?.words)).toEqual(["state:held", "port:8000-8099", "kind:went", "severity:error"]);
  for (const help of fields) expect(help?.meaning).toContain(` ${help?.words.split(":")[0]}`);
  expect(filterHelp("explain")).toEqual([]);
});
