import { describe, expect, test } from "vitest";
import {
  type AskedNomad,
  type ClientPorts,
  dynamicRange,
  reportedRanges,
} from "../../../src/core/ports/dynamic-range.ts";
import { reservedPorts } from "../../../src/core/ports/inventory/reserved-ports.ts";
import { ledger } from "../../builders/ledger.ts";

function client(node: string, first = 20_000, last = 32_000, ...reserved: ClientPorts["reserved"]): ClientPorts {
  return { node, id: `id of ${node}`, dynamic: { first, last }, reserved };
}

function nomad(address: string, ...clients: readonly ClientPorts[]): AskedNomad {
  return {
    address,
    reported: clients.length === 0 ? undefined : reportedRanges(clients),
    isSilent: clients.length === 0,
  };
}

describe("the dynamic range", () => {
  const A = "http://a:4646";
  const B = "http://b:4646";
  test.each<[string, Parameters<typeof dynamicRange>, number, number, string]>([
    ["the settings win", [{ first: 1, last: 9 }, [nomad(A, client("x", 21_000, 22_000))]], 1, 9, "from the settings"],
    ["nobody is asked", [undefined, []], 20_000, 32_000, "Nomad's default, no Nomad is asked"],
    [
      "it has not reported yet",
      [undefined, [nomad(A)]],
      20_000,
      32_000,
      "Nomad's default until Nomad at http://a:4646 reports its own",
    ],
    [
      "one client",
      [undefined, [nomad(A, client("x", 21_000, 22_000))]],
      21_000,
      22_000,
      "from Nomad at http://a:4646, 1 client",
    ],
    [
      "clients that differ: all that any of them hands out",
      [undefined, [nomad(A, client("x", 25_000, 26_000), client("y", 21_000, 22_000), client("z", 21_000, 22_000))]],
      21_000,
      26_000,
      "from Nomad at http://a:4646, 3 clients that differ (21000-22000, 25000-26000)",
    ],
    [
      "silent now: its last word counts",
      [undefined, [{ ...nomad(A, client("x", 21_000, 22_000)), isSilent: true }]],
      21_000,
      22_000,
      "from Nomad at http://a:4646, 1 client, as last reported",
    ],
    [
      "two of which one has not reported: the default is its part",
      [undefined, [nomad(A, client("x", 40_000, 41_000)), nomad(B)]],
      20_000,
      41_000,
      "from Nomad at http://a:4646, 1 client; Nomad's default until Nomad at http://b:4646 reports its own",
    ],
  ])("%s", (_case, [inSettings, nomads], first, last, origin) => {
    expect(dynamicRange(inSettings, nomads)).toEqual({ ports: { first, last }, origin });
  });
});

describe("what Nomad must be told, where its clients were asked", () => {
  const DYNAMIC = { first: 20_000, last: 32_000 };
  const declared = ledger({
    ports: [
      { ports: "20160-20169", owner: "tikv", exposure: "never", purpose: "stores" },
      { ports: 30_900, owner: "minio", exposure: "never", nodes: ["b"], purpose: "S3" },
    ],
  });
  const EVERYWHERE = { node: undefined, besides: ["b"], reservedPorts: "20160-20169" };
  const ON_B = { node: "b", besides: [], reservedPorts: "20160-20169,30900" };
  const TIKV = { first: 20_100, last: 20_200 };
  const MINIO = { first: 30_900, last: 30_900 };

  test.each<[string, readonly ClientPorts[], readonly object[]]>([
    ["nobody was asked: everything", [], [ON_B, EVERYWHERE]],
    ["nothing is reserved: everything", [client("a"), client("b")], [ON_B, EVERYWHERE]],
    ["all is reserved: nothing", [client("a", 1, 9, TIKV), client("b", 1, 9, TIKV, MINIO)], []],
    ["one port is missing on b: its whole line", [client("a", 1, 9, TIKV), client("b", 1, 9, TIKV)], [ON_B]],
    ["b alone lacks everything: its line", [client("a", 1, 9, TIKV), client("b")], [ON_B]],
    [
      "one of the others lacks it: the line of all others",
      [client("a", 1, 9, TIKV), client("b", 1, 9, TIKV, MINIO), client("c")],
      [EVERYWHERE],
    ],
    [
      "ranges that touch cover together",
      [client("a", 1, 9, { first: 20_160, last: 20_164 }, { first: 20_165, last: 20_169 })],
      [ON_B],
    ],
  ])("%s", (_case, clients, lines) => {
    expect(reservedPorts(declared, DYNAMIC, clients)).toEqual(lines);
  });
});
