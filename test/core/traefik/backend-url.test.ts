import { expect, test } from "vitest";
import { joinHostPort, parseBackendUrl } from "../../../src/core/traefik/backend-url.ts";

test.each<[string, string, string, number]>([
  ["http://10.0.0.1:24001", "http", "10.0.0.1", 24001],
  ["HTTPS://web.lab.local", "https", "web.lab.local", 443],
  ["h2c://[fd00::1]:24001/path?q#f", "h2c", "[fd00::1]", 24001],
  ["http://user:secret@10.0.0.1:80/", "http", "10.0.0.1", 80],
  ["http://web?x=:9", "http", "web", 80],
])("%s", (url, scheme, host, port) => {
  expect(parseBackendUrl(url)).toEqual({ scheme, host, port });
});

test.each([
  "",
  "web:24001",
  "//web:24001",
  "ftp://web:24001",
  "http://",
  "http://:24001",
  "http://web:65536",
  "http://web:port",
  "http://we b:24001",
  "http://fd00::1:24001",
  "http://a@b@c:24001",
])("%j is no URL of a backend", (url) => {
  expect(parseBackendUrl(url)).toBeUndefined();
});

test.each([
  ["10.0.0.1", "10.0.0.1:80"],
  ["fd00::1", "[fd00::1]:80"],
  ["[fd00::1]", "[[fd00::1]]:80"],
])("%s is joined as %s", (host, joined) => {
  expect(joinHostPort(host, "80")).toBe(joined);
});
