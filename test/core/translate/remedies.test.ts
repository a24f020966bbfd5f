import { expect, test } from "vitest";
import { instance, pass } from "../../builders/world.ts";

test.each([
  [
    "port zero",
    { port: 0 },
    'give the service block of the job a port label (port = "…"), or add the tag traefik.http.services.web.loadbalancer.server.port=…',
  ],
  [
    "a weighted service",
    { tags: ["traefik.enable=true", "traefik.http.services.w.weighted.services[0].name=a"] },
    'share the traffic of one service by the tag portolan.weight on its instances, or define "w" in a file of the snippets folder (snippets) and remove its tags',
  ],
  [
    "an address inside the allocation",
    { id: "_nomad-task-fbb188e0-b912-4810-8679-050dd4225c09-group-g-web-http", address: "172.26.64.5", port: 8080 },
    'set address_mode = "host" in the service block, and a port label, so that it is registered with the node\'s address and the port that Nomad hands out; or declare it in the settings: ports: { exceptions: [{ service: "web", ports: "8080", purpose: "…" }] }',
  ],
  [
    "an IPv6 address without brackets",
    { tags: ["traefik.enable=true", "traefik.http.services.w.loadbalancer.server.url=http://fd00::7:24007/a"] },
    "put the IPv6 address into brackets: http://[fd00::7]:24007/a",
  ],
  [
    "dots in a name",
    { tags: ["traefik.enable=true", "traefik.http.routers.app.example.org.rule=Host(`a`)"] },
    'write "app-example-org" instead of "app.example.org", wherever the router is named',
  ],
])("%s has a remedy of its own", (_, registered, remedy) => {
  const { diagnostics } = pass([instance(registered)]);
  expect(diagnostics.map((one) => one.remedy)).toEqual([remedy]);
});
