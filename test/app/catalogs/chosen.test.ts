import { expect, test } from "vitest";
import { chosenCatalogs, titleOf } from "../../../src/app/catalogs/chosen.ts";
import { resolveSettings } from "../../../src/config/resolve/resolve.ts";

function titles(content: Record<string, unknown>): readonly string[] {
  const file = {
    name: "portolan.yml",
    content: { output: { file: "/srv/portolan.yml" }, stateDir: "/srv/state", ...content },
  };
  const resolved = resolveSettings({ file, environment: {}, flags: {} });
  if (resolved.kind === "refused") throw new Error(resolved.errors.join("\n"));
  return chosenCatalogs(resolved.settings).map(titleOf);
}

test.each([
  [{}, ["Consul at http://127.0.0.1:8500"]],
  [
    { consul: { datacenter: "dc2", namespace: "prod" } },
    ["Consul at http://127.0.0.1:8500, datacenter dc2, namespace prod"],
  ],
  [
    { nomad: { address: "http://127.0.0.1:4646", region: "eu", namespace: ["b", "a"] } },
    ["Nomad at http://127.0.0.1:4646, region eu, namespaces a,b"],
  ],
  [
    {
      catalogs: [
        { name: "one", consul: {} },
        { name: "two", nomad: { address: "http://127.0.0.1:4646" } },
      ],
    },
    ["Consul at http://127.0.0.1:8500", "Nomad at http://127.0.0.1:4646"],
  ],
])("%j is told to a person with what is chosen of it", (content, expected) => {
  expect(titles(content)).toEqual(expected);
});
