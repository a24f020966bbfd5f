import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressBytes, isInNetwork, parseNetwork } from "../../src/core/ports/ledger/network.ts";
import { isIpRange } from "../../src/go/ip-address.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";

const tool = await findTool("oracle");

/** The address from which every connection to the oracle's routes comes. */
const CLIENT = addressBytes("192.0.2.1")!;

/** Texts of the characters that addresses are made of, and addresses with one character too many or of another kind. */
const likeAddresses = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789abcfxX.:%/"), minLength: 1, maxLength: 24 }),
  fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), fc.nat(40), fc.constantFrom("", ..."019af.:%x/"))
    .map(([address, at, put]) => address.slice(0, at) + put + address.slice(at)),
  fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: -1, max: 130 })).map(([a, bits]) => `${a}/${bits}`),
);

/** Networks around the client's address: as many leading bits of it as drawn, then others. */
const networks = fc.tuple(fc.nat(32), fc.nat(2 ** 32 - 1), fc.nat(32), fc.constantFrom("", "::ffff:")).map(parts);

function parts([alike, rest, length, before]: [number, number, number, string]): string {
  const client = CLIENT.reduce((number, byte) => number * 256 + byte, 0);
  const share = 2 ** (32 - alike);
  const number = Math.floor(client / share) * share + (rest % share);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
  return `${before}${octets.join(".")}/${before === "" ? length : 96 + length}`;
}

describe.skipIf(tool === undefined)("addresses and networks are what they are to Traefik", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  test("which texts are one", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(likeAddresses, async (text) => {
        const answer = await oracle.ask({ op: "rule", protocol: "http", rule: `ClientIP(\`${text}\`)` });
        if (answer.ok === true) taken++;
        expect({ text, isRange: isIpRange(text) }).toEqual({ text, isRange: answer.ok === true });
      }),
      { seed: 1, numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  test("which networks have an address", async () => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(networks, async (text) => {
        const arrivals = [{ host: "a", path: "/" }];
        const rule = `ClientIP(\`${text}\`)`;
        const answer = await oracle.ask({ op: "match", protocol: "tcp", rule, syntax: "v3", arrivals });
        if (answer.matched?.[0] === true) matched++;
        expect({ text, has: isInNetwork(parseNetwork(text)!, CLIENT) }).toEqual({ text, has: answer.matched?.[0] });
      }),
      { seed: 2, numRuns: 2_000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});
