import { expect, test } from "vitest";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";

test.each([
  ["http://127.0.0.1:8500", "http://127.0.0.1:8500/v1", undefined],
  ["http://127.0.0.1:8500//", "http://127.0.0.1:8500/v1", undefined],
  ["https://consul.internal", "https://consul.internal/v1", undefined],
  ["unix:///run/consul.sock", "http://localhost/v1", "/run/consul.sock"],
])("%s", (address, baseUrl, socketPath) => {
  expect(openEndpoint(address, {}, PRODUCTS.consul)).toMatchObject({
    baseUrl,
    ...(socketPath === undefined ? {} : { socketPath }),
  });
});

test.each([PRODUCTS.consul, PRODUCTS.nomad])(
  "a TLS file that cannot be read is named with its setting in $section",
  (product) => {
    expect(() => openEndpoint("https://127.0.0.1", { caFile: "/nowhere/ca.pem" }, product)).toThrow(
      expect.objectContaining({
        code: "E_SETTINGS_FILE",
        exitCode: 78,
        message: expect.stringMatching(
          new RegExp(`^${product.section}\\.tls\\.caFile: cannot read /nowhere/ca\\.pem \\(ENOENT\\); name a readable`),
        ),
      }),
    );
  },
);
