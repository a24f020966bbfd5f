import { describe, expect, test } from "vitest";
import { filledBy, jobGroup, jobOf, jobService, staticPort } from "../builders/job.ts";
import { instance } from "../builders/world.ts";
import { type JudgedBeside, judged, told } from "./judged.ts";

const RULE = (host: string) => `traefik.http.routers.web.rule=Host(\`${host}\`)`;
const SOUND: readonly string[] = [];

/** What is said of a service that is other than stated, alone in its group. */
function ofService(fields: Readonly<Record<string, unknown>>, group = {}, beside: JudgedBeside = {}) {
  return told(judged(jobOf([jobGroup([jobService("web", fields)], group)]), beside));
}

const WEB = "group app, service web";

test("a job without fault has its route, and nothing is said", () => {
  const { findings, services } = judged(jobOf());
  expect(findings).toEqual([]);
  expect(services.map(({ routes }) => routes)).toEqual([
    [{ key: "http/routers/web", rule: "Host(`web.lab.local`)", entryPoints: [] }],
  ]);
});

describe("the port that is registered", () => {
  const network = (port: object) => ({ Networks: [{ DynamicPorts: [port] }] });

  test.each<[string, Readonly<Record<string, unknown>>, object, readonly string[]]>([
    ["a label", {}, {}, SOUND],
    [
      "a label of the task's resources",
      { PortLabel: "old" },
      {
        Tasks: [{ Name: "server", Resources: { Networks: [{ DynamicPorts: [{ Label: "old" }] }] } }],
      },
      SOUND,
    ],
    ["a label that is not there", { PortLabel: "htpp" }, {}, [`error JOB_PORT_UNKNOWN ${WEB}`]],
    [
      "no label at all",
      { PortLabel: "" },
      {},
      [`error INSTANCE_NO_PORT ${WEB}`, `error JOB_CHECK_INVALID ${WEB}, check 1`],
    ],
    ["a number that is dynamic", { PortLabel: "24000" }, {}, SOUND],
    ["a number that is not", { PortLabel: "8080" }, {}, [`error PORT_OUTSIDE_WINDOW ${WEB}`]],
    ["a static port", {}, staticPort(8080), [`error PORT_OUTSIDE_WINDOW ${WEB}`]],
    ["the node's, though the container has another", {}, network({ Label: "http", To: 8080 }), SOUND],
    ["of a host_network", {}, network({ Label: "http", HostNetwork: "storage" }), [`info JOB_HOST_NETWORK ${WEB}`]],
    ["of the default one", {}, network({ Label: "http", HostNetwork: "default" }), SOUND],
    [
      "the container's, by address_mode",
      { AddressMode: "alloc" },
      network({ Label: "http", To: 8080 }),
      [`warning JOB_CONTAINER_ADDRESS ${WEB}`, `error PORT_OUTSIDE_WINDOW ${WEB}`],
    ],
  ])("is %s", (_, fields, group, expected) => {
    expect(ofService(fields, group)).toEqual(expected);
  });

  test("a static port that the ledger declares for it is routed, on the node of the entry", () => {
    const ledger = {
      nodes: { "app-1": "10.0.0.1", "app-2": "10.0.0.2" },
      ports: [{ ports: 8080, owner: "web", exposure: "ingress", nodes: ["app-2"], purpose: "x" }],
    };
    const { services, findings } = judged(jobOf([jobGroup([jobService("web")], staticPort(8080))]), {
      ledger,
      policy: { networks: ["10.0.0.0/24"], rules: [{ protocols: ["http"] }] },
    });
    expect(services[0]?.instance).toMatchObject({ node: "app-2", address: "10.0.0.2", port: 8080 });
    expect(findings.map(({ code }) => code)).toEqual(["JOB_PORT_NODES"]);
  });
});

describe("tags and policy", () => {
  test("a misspelt tag is told as check tags tells it, with the tag", () => {
    const { findings } = judged(
      jobOf([jobGroup([jobService("web", { Tags: ["traefik.enable=true", "traefik.http.routers.web.ruel=x"] })])]),
    );
    expect(findings).toMatchObject([{ code: "TAG_UNKNOWN_KEY", place: WEB, tag: "traefik.http.routers.web.ruel=***" }]);
  });

  test("what the policy refuses is told, and the address of a service that has none is no fault", () => {
    const policy = { networks: ["10.0.0.0/24"], rules: [{ protocols: ["http"], hosts: ["*.lab.local"] }] };
    expect(ofService({}, {}, { policy })).toEqual(SOUND);
    expect(ofService({ Tags: ["traefik.enable=true", RULE("a.org")] }, {}, { policy })).toEqual([
      `error POLICY_REFUSED ${WEB}`,
    ]);
    expect(ofService({ Address: "192.168.1.1" }, {}, { policy })).toEqual([`error BACKEND_REFUSED ${WEB}`]);
    expect(ofService({ Address: filledBy("attr.unique.network.ip-address") }, {}, { policy })).toEqual(SOUND);
  });

  test("services of one job share a host, as Nomad's word of their allocation lets them", () => {
    const services = ["web", "api"].map((name) =>
      jobService(name, {
        Tags: [
          "traefik.enable=true",
          `traefik.http.routers.${name}.rule=Host(\`shop.lab.local\`) && PathPrefix(\`/${name}\`)`,
        ],
      }),
    );
    expect(told(judged(jobOf([jobGroup(services)])))).toEqual(SOUND);
  });

  test("a name is as Nomad makes it where the job has none", () => {
    const { services } = judged(
      jobOf([jobGroup([jobService("")], { Tasks: [{ Name: "server", Services: [jobService("")] }] })]),
    );
    expect(services.map(({ service }) => service.name)).toEqual(["shop-app", "shop-app-server"]);
  });

  test("canary tags are judged as a canary's, where the group has canaries", () => {
    const canary = { CanaryTags: ["traefik.enable=true", "traefik.http.routers.web.ruel=x"] };
    expect(ofService(canary)).toEqual(SOUND);
    expect(ofService(canary, { Update: { Canary: 1 } })).toEqual([`error TAG_UNKNOWN_KEY ${WEB}, canary_tags`]);
  });
});

describe("what Nomad fills in", () => {
  const tags = (...more: readonly string[]) => ({ Tags: ["traefik.enable=true", ...more] });

  test("is known of the job itself, and of its ports", () => {
    const { services, findings } = judged(
      jobOf(
        [
          jobGroup([
            jobService(
              filledBy("BASE"),
              tags(
                `traefik.http.routers.x.rule=Host(\`${filledBy("NOMAD_JOB_NAME")}-${filledBy("NOMAD_META_team")}.lab.local\`)`,
              ),
            ),
          ]),
        ],
        {
          Meta: { team: "red" },
        },
      ),
    );
    expect(findings).toEqual([]);
    expect(services).toMatchObject([
      { service: { name: "shop-app-app" }, routes: [{ rule: "Host(`shop-red.lab.local`)" }] },
    ]);
  });

  test("and else a word stands there, and that is said", () => {
    const { services, findings } = judged(
      jobOf([jobGroup([jobService("web", tags(RULE(`${filledBy("node.unique.name")}.lab.local`)))])]),
    );
    expect(findings).toMatchObject([
      { code: "JOB_FILLED_IN", severity: "info", message: expect.stringContaining(filledBy("node.unique.name")) },
    ]);
    expect(services[0]?.routes[0]?.rule).toBe("Host(`node-unique-name.lab.local`)");
  });

  test("a name of a reference is no key of an object", () => {
    expect(ofService(tags(`a=${filledBy("constructor")}`, `b=${filledBy("__proto__")}`, `c=${filledBy("")}`))).toEqual([
      `info JOB_FILLED_IN ${WEB}`,
    ]);
  });
});

describe("beside what is registered", () => {
  const other = instance({
    service: "old",
    id: "old-1",
    tags: ["traefik.enable=true", "traefik.http.routers.old.rule=Host(`web.lab.local`)"],
  });

  test("a host that another service has is not its", () => {
    const { findings, services } = judged(jobOf(), { live: [other] });
    expect(findings.map(({ code, severity, place }) => `${severity} ${code} ${place}`)).toEqual([
      expect.stringMatching(/^error HOST_\w+ group app, service web$/),
    ]);
    expect(findings[0]?.message).toContain("old");
    expect(services[0]?.routes).toEqual([]);
  });

  test("what is registered under its own name is replaced, and keeps its host", () => {
    const own = instance({
      service: "web",
      createIndex: 5,
      tags: ["traefik.enable=true", RULE("elsewhere.lab.local")],
    });
    const { services, findings } = judged(jobOf(), { live: [own, { ...other, createIndex: 10 }] });
    expect(findings).toMatchObject([{ code: "CLAIM_CONTESTED", severity: "info" }]);
    expect(services[0]?.routes).toHaveLength(1);
  });
});

describe("where it is registered", () => {
  const consul = [{ kind: "consul", namespaces: [] }] as const;
  const nomad = (...namespaces: readonly string[]) => [{ kind: "nomad", namespaces }] as const;
  const inNomad = { Provider: "nomad" };

  test.each<[string, Readonly<Record<string, unknown>>, JudgedBeside, readonly string[]]>([
    ["in the catalog that is charted", {}, { charted: consul }, SOUND],
    ["in Nomad, which is charted", inNomad, { charted: nomad("default") }, SOUND],
    ["in Nomad, and Consul alone is charted", inNomad, { charted: consul }, [`error JOB_CATALOG_UNREAD ${WEB}`]],
    ["in Consul, and Nomad alone is charted", {}, { charted: nomad("*") }, [`error JOB_CATALOG_UNREAD ${WEB}`]],
    ["in a namespace that is not read", inNomad, { charted: nomad("team") }, [`error JOB_CATALOG_UNREAD ${WEB}`]],
    ["without settings", inNomad, { charted: undefined }, SOUND],
    ["nowhere that matters, without a route", { ...inNomad, Tags: null }, { charted: consul }, SOUND],
  ])("%s", (_, fields, beside, expected) => {
    expect(ofService(fields, {}, beside)).toEqual(expected);
  });
});

describe("health", () => {
  const check = (fields: object) => ({ Checks: [{ Type: "http", Path: "/", Interval: 1e9, Timeout: 1e9, ...fields }] });
  const invalid = [`error JOB_CHECK_INVALID ${WEB}, check 1`];

  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["none", { Checks: null }, [`warning JOB_CHECK_MISSING ${WEB}`]],
    ["none in Nomad", { Checks: [], Provider: "nomad" }, [`warning JOB_CHECK_MISSING ${WEB}`]],
    ["none, without a route", { Checks: null, Tags: null }, SOUND],
    ["at another port of the group", check({ PortLabel: "http" }), SOUND],
    ["at a port that is not there", check({ PortLabel: "helth" }), invalid],
    ["at a number", check({ PortLabel: "8080" }), SOUND],
    ["by HTTP without a path", check({ Path: "" }), invalid],
    ["by HTTP in capitals, which Nomad reads in lower case", check({ Type: "HTTP" }), SOUND],
    ["by HTTP in capitals without a path", check({ Type: "HTTP", Path: "" }), invalid],
    ["by script in capitals", check({ Type: "Script", PortLabel: "nowhere" }), SOUND],
    ["by TCP", check({ Type: "tcp", Path: "" }), SOUND],
    ["by gRPC in Consul", check({ Type: "grpc", Path: "" }), SOUND],
    ["by gRPC in Nomad", { ...check({ Type: "grpc" }), Provider: "nomad" }, invalid],
    ["without an interval", check({ Interval: null }), invalid],
    ["with durations in words", check({ Interval: "10s", Timeout: "1500ms" }), SOUND],
  ])("checked %s", (_, fields, expected) => {
    expect(ofService(fields)).toEqual(expected);
  });
});

describe("deployments", () => {
  const gap = (severity: string) => `${severity} JOB_DEPLOY_GAP group app`;
  const delay = `warning JOB_SHUTDOWN_DELAY ${WEB}`;

  test.each<[string, object, readonly string[]]>([
    ["no delay", { ShutdownDelay: null }, [delay]],
    ["a short one", { ShutdownDelay: 5e8 }, [delay]],
    ["the job's one instance", { Count: 1 }, [gap("info")]],
    ["one instance, and a canary first", { Count: 1, Update: { Canary: 1 } }, SOUND],
    ["all at once", { Count: 3, Update: { MaxParallel: 3 } }, [gap("warning")]],
    ["none at the moment", { Count: 0 }, SOUND],
  ])("%s", (_, group, expected) => {
    expect(ofService({}, group)).toEqual(expected);
  });

  test.each<[string, object | null, object | null, readonly string[]]>([
    ["the job's canary, where the group says null", { Canary: 1 }, { Canary: null, MaxParallel: 1 }, SOUND],
    ["the job's canary, where the group says other things", { Canary: 1 }, { MaxParallel: 1 }, SOUND],
    ["the job's canary, where the group says nothing", { Canary: 1 }, null, SOUND],
    ["the group's own, over the job's", { Canary: 1 }, { Canary: 0 }, [gap("info")]],
    ["the group's own alone", null, { Canary: 1 }, SOUND],
  ])("update is merged field by field: %s", (_, ofJob, ofGroup, expected) => {
    const group = jobGroup([jobService("web")], { Count: 1, Update: ofGroup });
    expect(told(judged(jobOf([group], { Update: ofJob })))).toEqual(expected);
  });

  test("with the job's canary, and a group that states another field, canary_tags are judged", () => {
    const web = jobService("web", { CanaryTags: ["traefik.enable=true", "traefik.http.routers.web.rule=Host("] });
    const group = jobGroup([web], { Count: 1, Update: { MaxParallel: 1, Canary: null } });
    expect(told(judged(jobOf([group], { Update: { Canary: 1 } }))).join("\n")).toContain(`${WEB}, canary_tags`);
  });

  test("a service of a task leaves with the task's delay", () => {
    const task = (ShutdownDelay: number) =>
      jobGroup([], { ShutdownDelay: 0, Tasks: [{ Name: "server", ShutdownDelay, Services: [jobService("web")] }] });
    expect(told(judged(jobOf([task(0)])))).toEqual(["warning JOB_SHUTDOWN_DELAY group app, task server, service web"]);
    expect(told(judged(jobOf([task(5e9)])))).toEqual(SOUND);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["that ends", { Type: "batch" }],
    ["that ends on each node", { Type: "sysbatch" }],
    ["that is dispatched", { Type: "batch", ParameterizedJob: { Payload: "optional" } }],
    ["that runs at times", { Type: "batch", Periodic: { Spec: "@daily" } }],
    ["that is stopped", { Stop: true }],
  ])("a job %s is no place for a route", (_, fields) => {
    expect(told(judged(jobOf(undefined, fields)))).toEqual([`warning JOB_SHORT_LIVED ${WEB}`]);
    expect(told(judged(jobOf([jobGroup([jobService("web", { Tags: null })])], fields)))).toEqual(SOUND);
  });

  test("a system job runs once on each node, so that none of it is replaced by another", () => {
    expect(told(judged(jobOf([jobGroup([jobService("web")], { Count: 1 })], { Type: "system" })))).toEqual(SOUND);
  });
});

describe("Consul's mesh", () => {
  test("is noted, and a port inside of it is not reached", () => {
    const mesh = { Connect: { SidecarService: {} } };
    expect(ofService(mesh)).toEqual([`info JOB_MESH ${WEB}`]);
    expect(ofService({ ...mesh, PortLabel: "24000" })).toEqual([`warning JOB_MESH ${WEB}`]);
  });
});

describe("identities", () => {
  const identity = (Audience: readonly string[] | null) => ({ Identity: { Name: "consul_default", Audience } });
  const place = `${WEB}, identity`;

  test.each<[string, Readonly<Record<string, unknown>>, JudgedBeside, readonly string[]]>([
    ["for Consul, with a token in the settings", identity(["consul.io"]), {}, SOUND],
    ["for another", identity(["vault.io"]), {}, [`warning JOB_IDENTITY_AUDIENCE ${place}`]],
    ["for nobody", identity(null), {}, [`warning JOB_IDENTITY_AUDIENCE ${place}`]],
    [
      "where Consul was not asked",
      identity(["consul.io"]),
      { acls: "unknown" },
      [`info JOB_IDENTITY_NEEDS_ACLS ${place}`],
    ],
    ["where its ACLs are off", identity(["consul.io"]), { acls: "off" }, [`error JOB_IDENTITY_NEEDS_ACLS ${place}`]],
    ["of a service in Nomad, which needs none", { ...identity(null), Provider: "nomad" }, {}, SOUND],
  ])("%s", (_, fields, beside, expected) => {
    expect(ofService(fields, {}, beside)).toEqual(expected);
  });

  test("of a task are those for Consul, and no others", () => {
    const tasks = [
      {
        Name: "server",
        Identities: [
          { Name: "vault_default", Audience: ["vault.io"] },
          { Name: "consul_default", Audience: ["x"] },
        ],
      },
    ];
    expect(ofService({}, { Tasks: tasks })).toEqual([
      "warning JOB_IDENTITY_AUDIENCE group app, task server, identity consul_default",
    ]);
  });
});
