import { describe, expect, test } from "vitest";
import type { LedgerEntry } from "../../../src/core/ports/ledger/ledger.ts";
import {
  clientName,
  isClient,
  isOwner,
  isSameOwner,
  mayBeOwner,
  ownerName,
} from "../../../src/core/ports/ledger/owner.ts";
import { ledger } from "../../builders/ledger.ts";

function entry(fields: Readonly<Record<string, unknown>>): LedgerEntry {
  const [only] = ledger({ ports: [{ ports: 4646, exposure: "internal", purpose: "x", ...fields }] }).entries;
  if (only === undefined) throw new Error("the ledger has no entry");
  return only;
}

const of = (service: string, namespace = "") => ({ service, namespace });

describe("owners of an entry", () => {
  test.each<[string | string[], string, boolean]>([
    ["nomad", "nomad", true],
    ["nomad", "nomad-client", false],
    ["nomad", "Nomad", false],
    [["nomad", "nomad-client"], "nomad-client", true],
    [["nomad", "nomad-client"], "nomad-server", false],
    ["nomad-*", "nomad-client", true],
    ["nomad-*", "nomad", false],
    ["nomad*", "nomad", true],
    ["*-store", "tikv-store", true],
    ["*-store", "tikv-store-2", false],
    ["a*b*c", "a-b-c", true],
    ["a*a", "a", false],
    [["consul", "nomad-*"], "nomad-client", true],
    // Only the asterisk is special.
    ["a.c", "abc", false],
    ["a?", "ab", false],
  ])("%j: %s is one: %s", (owner, service, isOne) => {
    expect([isOwner(entry({ owner }), of(service)), mayBeOwner(entry({ owner }), of(service))]).toEqual([isOne, isOne]);
  });

  test.each([["api"], [["api", "web"]], ["a*"]])(
    "%j without a namespace opens in the default one alone, and withholds in all",
    (owner) => {
      const open = ["", "default", "lab"].map((namespace) => isOwner(entry({ owner }), of("api", namespace)));
      const kept = ["", "default", "lab"].map((namespace) => mayBeOwner(entry({ owner }), of("api", namespace)));
      expect({ open, kept }).toEqual({ open: [true, true, false], kept: [true, true, true] });
      const lab = entry({ owner, namespace: "lab" });
      expect(["", "default", "lab"].map((namespace) => isOwner(lab, of("api", namespace)))).toEqual([
        true,
        false,
        true,
      ]);
    },
  );

  test.each<[Record<string, unknown>, Record<string, unknown>, boolean]>([
    [{ owner: "nomad" }, { owner: "nomad" }, true],
    [{ owner: "nomad" }, { owner: "consul" }, false],
    [{ owner: ["nomad", "nomad-client"] }, { owner: "nomad-client" }, true],
    [{ owner: ["nomad", "nomad-client"] }, { owner: "consul" }, false],
    [{ owner: "tikv-*" }, { owner: "tikv-0" }, true],
    [{ owner: "tikv-*" }, { owner: "tikv-store-*" }, true],
    [{ owner: "tikv-*" }, { owner: "pd-*" }, false],
    [{ owner: "web", namespace: "core" }, { owner: "web" }, true],
    [{ owner: "web", namespace: "core" }, { owner: "web", namespace: "lab" }, false],
    [{ owner: "w*", namespace: "core" }, { owner: "web", namespace: "lab" }, false],
  ])("%j and %j speak of one owner: %s", (one, other, isSame) => {
    expect([isSameOwner(entry(one), entry(other)), isSameOwner(entry(other), entry(one))]).toEqual([isSame, isSame]);
  });

  test("are named as the ledger names them", () => {
    expect(ownerName(entry({ owner: "dns" }))).toBe("dns");
    expect(ownerName(entry({ owner: ["nomad", "nomad-*"] }))).toBe("nomad, nomad-*");
    expect(ownerName(entry({ owner: ["api", "web"], namespace: "core" }))).toBe("core/api, core/web");
  });
});

test("clients are of the default namespace unless they name theirs, and patterns are about all that match", () => {
  const served = entry({ owner: "nats", namespace: "data", clients: ["web", "apps/msg-*"] });
  const asking = [of("web"), of("web", "default"), of("web", "apps"), of("msg-1", "apps"), of("msg-1"), of("api")];
  expect(asking.map((service) => isClient(served, service))).toEqual([true, true, false, true, true, false]);
  expect(isClient(entry({ owner: "nats" }), of("web"))).toBe(false);
  expect(served.clients?.map(clientName)).toEqual(["web", "apps/msg-*"]);
});
