import { expect, test } from "vitest";
import { isAuthEndpoint, parseAuthEndpoint } from "../../../src/core/ports/auth-endpoint.ts";
import { parseBackendUrl } from "../../../src/core/traefik/backend-url.ts";

test.each([
  ["https://auth.example.org", { host: "auth.example.org", port: 443 }],
  ["http://Auth.Example.org./", { host: "auth.example.org", port: 80 }],
  ["http://192.168.11.53:9091", { host: "192.168.11.53", port: 9091 }],
  ["192.168.11.53:9091", { host: "192.168.11.53", port: 9091 }],
  ["https://[fd00::1]:9091", { host: "fd00::1", port: 9091 }],
  ["[fd00::1]:9091", { host: "fd00::1", port: 9091 }],
])("%s is an authentication endpoint", (text, endpoint) => {
  expect(parseAuthEndpoint(text)).toEqual(endpoint);
});

test.each(["", "auth.example.org", "https://", "https://u:p@auth.example.org", "https://auth.example.org/verify"])(
  "%j is none",
  (text) => expect(parseAuthEndpoint(text)).toBeUndefined(),
);

test.each(["h2c://auth:80", "auth:0", "auth:65536", "https://auth.example.org?a=1", "auth.example.org:443/verify"])(
  "%j is none either",
  (text) => expect(parseAuthEndpoint(text)).toBeUndefined(),
);

test.each([
  ["https://auth.example.org/api/verify?rd=x", true],
  ["https://AUTH.example.org.:443/", true],
  ["http://auth.example.org:443/", true],
  ["https://auth.example.org:8443/", false],
  ["http://auth.example.org/", false],
  ["https://auth.example.org.evil.org/", false],
  ["https://auth.example.org@evil.org/", false],
])("%s is asked at https://auth.example.org: %s", (url, isListed) => {
  const target = parseBackendUrl(url);
  if (target === undefined) throw new Error("no URL");
  const endpoints = [parseAuthEndpoint("https://auth.example.org")].filter((one) => one !== undefined);
  expect(isAuthEndpoint(target, { endpoints, rule: undefined })).toBe(isListed);
});
