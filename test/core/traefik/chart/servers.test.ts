import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConfigObject } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { meaningOf } from "../../../../src/core/traefik/chart/meaning.ts";
import { isSameButForServers } from "../../../../src/core/traefik/chart/servers.ts";

/** Shared by several services, as instances with the same tags share what was read of them. */
const CHECKS: readonly ConfigObject[] = [{ path: "/" }, { path: "/" }, { path: "/health" }];

const service: fc.Arbitrary<ConfigObject> = fc
  .record(
    {
      servers: fc.array(
        fc.nat(2).map((host) => ({ url: `http://10.0.0.${host}` })),
        { maxLength: 2 },
      ),
      passHostHeader: fc.boolean(),
      healthCheck: fc.constantFrom(...CHECKS),
    },
    { requiredKeys: [] },
  )
  .chain((loadBalancer) =>
    fc.constantFrom<ConfigObject>(
      { loadBalancer },
      { loadBalancer: { ...loadBalancer } },
      { weighted: { services: [] } },
      { loadBalancer, mirroring: { service: "a" } },
    ),
  );

test("services that are the same but for their servers mean the same, and say so in any order", () => {
  fc.assert(
    fc.property(service, service, (one, other) => {
      expect(isSameButForServers(one, one)).toBe(true);
      expect(isSameButForServers(one, other)).toBe(isSameButForServers(other, one));
      if (!isSameButForServers(one, other)) return;
      expect(meaningOf("http/services", one)).toBe(meaningOf("http/services", other));
    }),
    { numRuns: 2_000 },
  );
});

test("so are services of instances with the same tags", () => {
  const [healthCheck] = CHECKS;
  const at = (url: string) => ({ loadBalancer: { healthCheck: healthCheck ?? {}, servers: [{ url }] } });
  expect(isSameButForServers(at("http://10.0.0.1"), at("http://10.0.0.2"))).toBe(true);
  const other = { loadBalancer: { healthCheck: { path: "/ready" }, servers: [{ url: "http://10.0.0.2" }] } };
  expect(isSameButForServers(at("http://10.0.0.1"), other)).toBe(false);
});
