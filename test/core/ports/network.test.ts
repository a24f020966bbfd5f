import { describe, expect, test } from "vitest";
import { matchesGlob } from "../../../src/core/catalog/glob.ts";
import { ANYWHERE, whyRefused } from "../../../src/core/policy/backends/backend-address.ts";
import { addressBytes, isInNetwork, isWithinNetwork, parseNetwork } from "../../../src/core/ports/ledger/network.ts";

describe("an address lies in a network", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.168.11.128/25", "192.168.11.200", true],
    ["192.168.11.128/25", "192.168.11.100", false],
    ["10.0.0.7", "10.0.0.7", true],
    ["0.0.0.0/0", "10.0.0.7", true],
    ["0.0.0.0/0", "fd00::1", false],
    ["fd00::/8", "fdff:1:2::3", true],
    ["fe80::/10", "febf::1", true],
    ["fe80::/10", "fec0::1", false],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["169.254.0.0/16", "::ffff:169.254.169.254", true],
    ["169.254.0.0/16", "::ffff:a9fe:a9fe", true],
    ["169.254.0.0/16", "64:ff9b::a9fe:a9fe", true],
    ["::ffff:10.0.0.0/104", "10.1.2.3", true],
    ["::ffff:10.0.0.0/104", "11.1.2.3", false],
  ])("%s has %s: %s", (network, address, expected) => {
    expect(isInNetwork(parseNetwork(network)!, addressBytes(address)!)).toBe(expected);
  });

  test("and a network in a wider one only", () => {
    const [wide, narrow] = [parseNetwork("10.0.0.0/8")!, parseNetwork("10.1.0.0/16")!];
    expect([isWithinNetwork(wide, narrow), isWithinNetwork(narrow, wide)]).toEqual([true, false]);
  });

  test.each(["10.0.0.0/33", "10.0.0", "fe80::1%eth0", "localhost", ""])("%j is no network", (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe("a backend's address", () => {
  const service = [parseNetwork("192.168.11.0/24")!];
  const everything = [parseNetwork("0.0.0.0/0")!, parseNetwork("::/0")!];
  test.each([
    ["nothing declared", ANYWHERE, [], "10.0.0.1", undefined],
    ["nothing declared", ANYWHERE, [], "127.0.0.1", undefined],
    ["nothing declared", ANYWHERE, [], "app.lab.local", undefined],
    ["metadata is refused all the same", ANYWHERE, [], "169.254.169.254", "link-local"],
    ["metadata is refused all the same", ANYWHERE, [], "fd00:ec2::254", "link-local"],
    ["metadata is refused all the same", ANYWHERE, [], "metadata.google.internal", "metadata service"],
    ["numbers in disguise", ANYWHERE, [], "0xa9fea9fe", "several ways"],
    ["numbers in disguise", ANYWHERE, [], "169.254.43518", "several ways"],
    ["numbers in disguise", ANYWHERE, [], "0251.0376.0251.0376", "several ways"],
    ["a rule that allows none", [], [], "10.0.0.1", "no backend"],
    ["a rule that allows none", [], [], "app.lab.local", "no backend"],
    ["networks declared", service, [], "192.168.11.7", undefined],
    ["networks declared", service, [], "192.168.12.7", "outside 192.168.11.0/24"],
    ["networks declared", service, [], "127.0.0.1", "loopback"],
    ["networks declared", service, [], "0.0.0.0", "loopback"],
    ["networks declared", service, [], "app.lab.local", "a name"],
    ["a rule for everything names nothing", everything, everything, "169.254.169.254", "link-local"],
    ["a rule for everything names nothing", everything, everything, "::1", "loopback"],
    ["a rule that names it", [parseNetwork("169.254.1.1")!], [parseNetwork("169.254.1.1")!], "169.254.1.1", undefined],
    [
      "a rule that names another one",
      [parseNetwork("169.254.1.1")!],
      [parseNetwork("169.254.1.1")!],
      "169.254.1.2",
      "link",
    ],
  ])("%s: %s %s %s", (_, declared, named, host, expected) => {
    const why = whyRefused(host, declared, named);
    if (expected === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(expected);
  });
});

test.each([
  ["shop", "shop", true],
  ["shop", "shop2", false],
  ["shop-*", "shop-", true],
  ["*-api", "shop-api", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["*", "", true],
  ["**", "x", true],
  ["a*a", "a", false],
])("the glob %s and %s: %s", (glob, text, expected) => {
  expect(matchesGlob(glob, text)).toBe(expected);
});
