import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { ledger } from "../../builders/ledger.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { allSettings, instance, pass, settings } from "../../builders/world.ts";

function asking(address: string): readonly ServiceInstance[] {
  const tags = ["traefik.enable=true", `traefik.http.middlewares.sso.forwardauth.address=${address}`];
  const user = ["traefik.enable=true", "traefik.http.routers.app.middlewares=sso@consulcatalog"];
  return [
    instance({ service: "sso", id: "sso", tags, port: 24_001 }),
    instance({ service: "app", id: "app", tags: user, port: 24_002 }),
  ];
}

function withPolicy(content: unknown): CoreSettings {
  return coreSettings({ ...allSettings(), loadedPolicy: policyOf(content) });
}

function routed(instances: readonly ServiceInstance[], by: CoreSettings): readonly string[] {
  return [...pass(instances, { settings: by }).chart["http/routers"].keys()].sort();
}

/** The part of a remedy that a person copies: from the key of the setting to its end. */
function linesIn(remedies: readonly string[], after: string): unknown {
  const [remedy] = remedies.filter((one) => one.includes(after));
  if (remedy === undefined) throw new Error(`no remedy says ${after}: ${remedies.join("; ")}`);
  return load(remedy.slice(remedy.indexOf(after) + after.length));
}

const SSO = "https://auth.example.org/api/authz/forward-auth";
const ADDRESSES = [
  SSO,
  "http://192.168.11.53:9091/api/verify?rd=https://login.example.org",
  "http://authelia.service.consul:4181",
  "https://[fd00::53]:9000/outpost.goauthentik.io/auth/traefik",
];

describe("the remedy of a refused forwardAuth.address, copied as it is printed, has its users routed", () => {
  test.each(ADDRESSES)("by the settings: %s", (address) => {
    const refused = pass(asking(address));
    expect([...refused.chart["http/routers"].keys()]).toEqual(["sso"]);
    const users = refused.diagnostics.filter(({ subject }) => subject.service === "app");
    expect(users).toMatchObject([{ code: "REFERENCE_REFUSED" }]);
    const lines = linesIn(
      users.map(({ remedy }) => remedy),
      "the settings: ",
    );
    expect(routed(asking(address), settings(lines as Record<string, unknown>))).toEqual(["app", "sso"]);
  });

  test.each(ADDRESSES)("by a rule that has a list of its own: %s", (address) => {
    const { diagnostics } = pass(asking(address), { settings: withPolicy({ rules: [{ authEndpoints: [] }] }) });
    const lines = linesIn(
      diagnostics.map(({ remedy }) => remedy),
      "rules.0 of the policy: ",
    );
    const rule = lines as Record<string, unknown>;
    expect(routed(asking(address), withPolicy({ rules: [rule] }))).toEqual(["app", "sso"]);
  });

  test.each(ADDRESSES)("where networks are declared: %s", (address) => {
    const authEndpoints = [new URL(address).origin];
    const networks = ["192.168.10.0/23"];
    const { diagnostics } = pass(asking(address.replace(/:\d+/, "")), {
      settings: withPolicy({ networks: ["10.0.0.0/8", "192.168.11.11"], rules: [{}] }),
    });
    expect(diagnostics.map(({ code }) => code)).toContain("REFERENCE_REFUSED");
    expect(routed(asking(address), withPolicy({ networks, authEndpoints, rules: [{}] }))).toEqual(["app", "sso"]);
  });
});

test("what the ledger says is never to be exposed is not asked, listed or not; what is internal may be", () => {
  const address = "http://192.168.11.53:9091/verify";
  const listed = allSettings({ ports: { authEndpoints: ["http://192.168.11.53:9091"] } });
  const declared = (exposure: string) =>
    coreSettings({
      ...listed,
      loadedLedger: ledger({ ports: [{ ports: 9091, owner: "authelia", exposure, purpose: "x" }] }),
    });
  expect(routed(asking(address), declared("never"))).toEqual(["sso"]);
  expect(routed(asking(address), declared("internal"))).toEqual(["app", "sso"]);
});

test("the order of registration does not matter, nor a restart", () => {
  const by = settings();
  const forwards = pass(asking(SSO), { settings: by });
  const backwards = pass(asking(SSO).toReversed(), { settings: by });
  expect(backwards.text).toBe(forwards.text);
  const again = pass(asking(SSO), { settings: by, previous: forwards.memory });
  expect(again.text).toBe(forwards.text);
  expect(again.diagnostics).toEqual(forwards.diagnostics);
});

test("a router that asked for no middleware is not open when it asks for one that is refused", () => {
  const open = instance({ service: "app", id: "app", tags: ["traefik.enable=true"], port: 24_002 });
  const [sso, app] = asking(SSO);
  if (sso === undefined || app === undefined) throw new Error("no instances");
  const before = pass([sso, open]);
  expect([...before.chart["http/routers"].keys()].sort()).toEqual(["app", "sso"]);
  const after = pass([sso, app], { previous: before.memory });
  expect(after.chart["http/routers"].get("app")).toMatchObject({ service: "app.closed" });
  expect(after.chart["http/services"].get("app.closed")).toEqual({ loadBalancer: { servers: [] } });
  const routed = [...after.chart["http/routers"].values()].map(({ service }) => service);
  expect(routed).not.toContain("app");
});
