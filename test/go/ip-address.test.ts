import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipBits, isIpRange, parseIpAddress } from "../../src/go/ip-address.ts";

describe("the texts that Go's netip.ParseAddr takes", () => {
  test.each([
    ["0.0.0.0", 32],
    ["255.255.255.255", 32],
    ["::", 128],
    ["::1", 128],
    ["1::", 128],
    ["1:2:3:4:5:6:7:8", 128],
    ["1:2:3:4:5:6:7::", 128],
    ["FD00::A", 128],
    ["::ffff:10.0.0.1", 128],
    ["1:2:3:4:5:6:10.0.0.1", 128],
  ])("%s", (text, bits) => {
    expect(ipBits(text)).toBe(bits);
    expect(parseIpAddress(text)?.kind()).toBe(bits === 32 ? "ipv4" : "ipv6");
  });

  test.each([
    ["nothing", ""],
    ["short forms", "10.1"],
    ["one number", "167772161"],
    ["leading zeros", "010.0.0.1"],
    ["leading zeros within IPv6", "::ffff:010.0.0.1"],
    ["hexadecimal octets", "0xa.0.0.1"],
    ["hexadecimal octets within IPv6", "::ffff:0xa.0.0.1"],
    ["more than 255", "10.0.0.256"],
    ["five octets", "10.0.0.1.2"],
    ["an empty octet", "10..0.1"],
    ["blanks", " 10.0.0.1"],
    ["a zone", "fe80::1%eth0"],
    ["two gaps", "1::2::3"],
    ["a gap for no group", "1:2:3:4::5:6:7:8"],
    ["nine groups", "1:2:3:4:5:6:7:8:9"],
    ["seven groups", "1:2:3:4:5:6:7"],
    ["a colon at the end", "1:2:3:4:5:6:7:"],
    ["a colon at the start", ":1:2:3:4:5:6:7"],
    ["three colons", ":::"],
    ["five digits", "12345::"],
    ["IPv4 before the end", "::10.0.0.1:1"],
    ["brackets", "[::1]"],
    ["digits of another script", "١٠.0.0.1"],
  ])("%s are refused: %s", (_, text) => {
    expect(ipBits(text)).toBeUndefined();
    expect(parseIpAddress(text)).toBeUndefined();
  });
});

test.each([
  ["10.0.0.0/8", true],
  ["10.0.0.1/08", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/-1", false],
  ["10.0.0.0/8/8", false],
  ["10.0.0.0/255.0.0.0", false],
  ["2001:db8::/128", true],
  ["2001:db8::/129", false],
  ["fe80::%eth0/10", false],
  ["localhost/8", false],
])("the range %s: %s", (text, expected) => {
  expect(isIpRange(text)).toBe(expected);
});

/** Texts of the characters that addresses are made of, most of them no address. */
const addressLike = fc.string({ unit: fc.constantFrom(..."0123456789abcfxX.:%/"), maxLength: 24 });

test("no text that passes the check surprises the library", () => {
  fc.assert(
    fc.property(fc.oneof(addressLike, fc.ipV4(), fc.ipV6()), (text) => {
      const bits = ipBits(text);
      expect(parseIpAddress(text)?.toByteArray().length).toBe(bits === undefined ? undefined : bits / 8);
    }),
    { numRuns: 2_000 },
  );
});

test("an address is the same however it is written", () => {
  const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (parts) => {
      const written = parts.map((part) => part.toString(16)).join(":");
      const [long, short] = [parseIpAddress(written), parseIpAddress(parseIpAddress(written)!.toString())];
      expect(short?.toByteArray()).toEqual(long?.toByteArray());
      expect(long?.toByteArray()).toEqual(parts.flatMap((part) => [part >> 8, part & 0xff]));
    }),
  );
});
