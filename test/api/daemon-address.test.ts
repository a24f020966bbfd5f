import { expect, test } from "vitest";
import { askedAt, isLoopbackAddress, writtenAddress } from "../../src/api/daemon-address.ts";

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", true],
  ["::", true],
  ["10.0.0.1", false],
  ["127.0.0.1.example.org", false],
  ["localhost.example.org", false],
  ["fd00::1", false],
])("whether orders may follow what %s says: %s, since only loopback is surely this machine", (host, isLoopback) => {
  expect(isLoopbackAddress({ host, port: 9_532 })).toBe(isLoopback);
});

test("a listener at all addresses is asked at loopback, and IPv6 is written in brackets", () => {
  expect(writtenAddress(askedAt({ host: "::", port: 1 }))).toBe("[::1]:1");
  expect(writtenAddress(askedAt({ host: "0.0.0.0", port: 1 }))).toBe("127.0.0.1:1");
});
