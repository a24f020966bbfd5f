import { describe, expect, test } from "vitest";
import { instance, pass } from "../../builders/world.ts";

const neighbour = instance({ service: "api", id: "api-1", port: 24_009 });

/** What happens to a neighbour of an instance with these tags, and to the instance itself. */
function besides(tags: readonly string[]) {
  const { chart, diagnostics } = pass([neighbour, instance({ tags: ["traefik.enable=true", ...tags] })]);
  return { routers: [...chart["http/routers"].keys()], codes: [...new Set(diagnostics.map(({ code }) => code))] };
}

describe("a huge registration harms nobody else", () => {
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      "a value of 64 KB",
      [`traefik.http.middlewares.m.headers.customrequestheaders.x=${"a".repeat(65_536)}`],
      ["api", "web"],
      [],
    ],
    ["a key of 64 KB", [`traefik.http.routers.${"a".repeat(65_536)}.rule=Host(\`a\`)`], ["api"], ["TAG_UNPARSABLE"]],
    ["a rule of 64 KB", [`traefik.http.routers.web.rule=Path(\`/${"a".repeat(65_536)}\`)`], ["api"], ["RULE_SYNTAX"]],
    [
      "900 tags",
      Array.from({ length: 900 }, (_, i) => `traefik.http.middlewares.m${i}.addprefix.prefix=/x`),
      ["api", "web"],
      [],
    ],
    [
      "900 broken tags",
      Array.from({ length: 900 }, (_, i) => `traefik.http.middlewares.m${i}.nope=/x`),
      ["api"],
      ["TAG_UNKNOWN_KEY", "FINDINGS_CUT"],
    ],
    [
      "a regular expression that others choke on",
      ["traefik.http.routers.web.rule=Host(`web`) && PathRegexp(`^(a+)+$`)"],
      ["api", "web"],
      [],
    ],
  ])("%s", (_, tags, routers, codes) => {
    expect(besides(tags)).toEqual({ routers, codes });
  });
});
