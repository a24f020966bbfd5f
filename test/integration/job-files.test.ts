import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../../src/cli/words/run.ts";
import type { Settings } from "../../src/config/files/schema.ts";
import { findSettingsFile } from "../../src/config/files/settings-file.ts";
import { loadSettings } from "../../src/config/load.ts";
import {
  JOBS,
  type Job,
  listJobFiles,
  type RenderedWhere,
  readJob,
  renderTemplate,
  type Service,
  type Task,
  type TaskGroup,
} from "../support/job-files.ts";
import { findTool } from "../support/real-binaries.ts";

const run = promisify(execFile);
const ROOT = join(JOBS, "..");
const tool = await findTool("jobspec");
const hasNomad = await run("nomad", ["version"]).then(
  () => true,
  () => false,
);

type Variables = Readonly<Record<string, string>>;

const ENTRY_POINTS = '{ redis = ":6379", dns = ":1053/udp" }';

/** Every file with each of its variables' values; a file that is missing here is read with an image alone. */
const VARIANTS: Readonly<Record<string, readonly Variables[]>> = {
  "portolan.nomad.hcl": ["docker", "exec", "raw_exec"].flatMap((driver) =>
    ["consul", "nomad", "both"].flatMap((catalog) =>
      [{}, { identities: "true" }, { identities: "true", login: "portolan" }].map((login) => ({
        ...(driver === "docker" ? {} : { driver, executable: "https://dl.test/portolan" }),
        ...(catalog === "consul" ? {} : { catalog }),
        ...login,
      })),
    ),
  ),
  "portolan-nomad.nomad.hcl": [{}, { namespace: "*" }],
  "traefik.nomad.hcl": [{}, { identities: "true" }, { provider: "nomad" }, { entry_points: ENTRY_POINTS }],
  "netdata.nomad.hcl": [{}, { identities: "true" }, { provider: "nomad" }],
  "edge.nomad.hcl": [{}, { identities: "true" }, { catalog: "nomad" }, { entry_points: ENTRY_POINTS }],
  ...Object.fromEntries(
    ["web", "tcp", "udp", "canary", "zero"].map((name) => [`demo/${name}.nomad.hcl`, [{}, { provider: "nomad" }]]),
  ),
  "demo/microservice.nomad.hcl": [{ image: "orders:1" }, { image: "orders:1", provider: "nomad" }],
  "demo/windmill.nomad.hcl": [{ image: "windmill:1" }],
};

/** What each driver takes in `config`, as far as jobs here may ask for it, and what it must have. */
const DRIVERS: Readonly<Record<string, { readonly may: readonly string[]; readonly must: string }>> = {
  docker: {
    must: "image",
    may: [
      ...["image", "args", "entrypoint", "ports", "network_mode"],
      ...["readonly_rootfs", "cap_drop", "cap_add", "security_opt", "ulimit", "pid_mode", "volumes"],
    ],
  },
  exec: { must: "command", may: ["command", "args"] },
  raw_exec: { must: "command", may: ["command", "args"] },
};

describe.skipIf(tool === undefined)("nomad-jobs/", () => {
  const read = (file: string, variables?: Variables) => {
    if (tool === undefined) throw new Error("skipped without jobspec");
    return readJob(tool, file, variables);
  };
  const render = (task: Task, destination: string, where: RenderedWhere) => {
    const template = task.Templates?.find(({ DestPath }) => DestPath === destination);
    if (tool === undefined || template === undefined) throw new Error(`no template ${destination}`);
    return renderTemplate(tool, template, where);
  };

  test("has no file that is not tried here", async () => {
    expect(new Set(await listJobFiles())).toEqual(new Set(Object.keys(VARIANTS)));
  });

  describe.each(Object.keys(VARIANTS))("%s", (file) => {
    const variants = VARIANTS[file] ?? [];

    test.each(variants)("is a job to Nomad's parser, with what its drivers take: %j", async (variables) => {
      const job = await read(file, variables);
      expect(job.TaskGroups).not.toEqual([]);
      for (const { Driver, Config, Name } of job.TaskGroups.flatMap(({ Tasks }) => Tasks)) {
        const driver = DRIVERS[Driver];
        expect(driver, `${Name} has driver ${Driver}`).toBeDefined();
        expect(driver?.may, Name).toEqual(expect.arrayContaining(Object.keys(Config)));
        expect(Object.keys(Config), Name).toContain(driver?.must);
        // A version, so that a restart brings no other program.
        if (Driver === "docker") expect(Config["image"], Name).toMatch(/^[\w./-]+:(?!latest)[\w.-]+$/);
      }
    });

    test.each(variants)(
      "has no identity for a Consul that has no ACLs, unless it is asked for: %j",
      async (variables) => {
        const audiences = (await read(file, variables)).TaskGroups.flatMap(identitiesOf).flatMap(
          ({ Audience }) => Audience ?? [],
        );
        const isConsulAsked = (variables["catalog"] ?? variables["provider"]) !== "nomad";
        const isWanted = variables["identities"] === "true" && isConsulAsked;
        expect(new Set(audiences)).toEqual(new Set(isWanted ? ["consul.io"] : []));
      },
    );

    test.each(variants)("needs no Consul where all is in Nomad: %j", async (variables) => {
      if ((variables["catalog"] ?? variables["provider"]) !== "nomad" && file !== "portolan-nomad.nomad.hcl") return;
      const groups = (await read(file, variables)).TaskGroups;
      expect(groups.flatMap(({ Services }) => Services ?? []).map(({ Provider }) => Provider)).not.toContain("consul");
      expect(groups.flatMap(({ Tasks }) => Tasks).filter(({ Consul }) => Consul !== null)).toEqual([]);
    });

    test.each(variants)("lets its services leave the catalog before they end: %j", async (variables) => {
      for (const { Services, ShutdownDelay, Name } of (await read(file, variables)).TaskGroups) {
        if ((Services ?? []).length > 0) expect(ShutdownDelay ?? 0, Name).toBeGreaterThanOrEqual(2e9);
      }
    });
  });

  test.skipIf(!hasNomad)("is valid to Nomad itself", async () => {
    for (const [file, variants] of Object.entries(VARIANTS)) {
      for (const variables of variants) {
        const assignments = Object.entries(variables).flatMap(([name, value]) => ["-var", `${name}=${value}`]);
        await run("nomad", ["job", "validate", ...assignments, join(JOBS, file)]);
      }
    }
  });

  test("a misspelt key, a bad value and a misspelt variable are refused by the parser", async () => {
    await expect(read("portolan.nomad.hcl", { driver: "dokcer" })).rejects.toThrow("docker, exec or raw_exec");
    await expect(read("portolan.nomad.hcl", { catalogue: "nomad" })).rejects.toThrow("catalogue");
    await expect(read("demo/windmill.nomad.hcl")).rejects.toThrow('variable "image" has no value');
    const directory = await mkdtemp(join(tmpdir(), "portolan-job-"));
    try {
      const path = join(directory, "bad.nomad.hcl");
      const web = await readFile(join(JOBS, "demo/web.nomad.hcl"), "utf8");
      const tried = async (text: string) => {
        await writeFile(path, text);
        return read(`../${"../".repeat(20)}${path}`);
      };
      await tried(web);
      await expect(tried(web.replace("shutdown_delay", "shutdown_dealy"))).rejects.toThrow("shutdown_dealy");
      await expect(tried(web.replace('"5s"', '"5 parsecs"'))).rejects.toThrow("5 parsecs");
      await expect(tried(web.replace("var.provider", "vra.provider"))).rejects.toThrow("vra");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  describe("a job of portolan's", () => {
    const FILES = ["portolan.nomad.hcl", "portolan-nomad.nomad.hcl", "edge.nomad.hcl"];
    const CASES = FILES.flatMap((file) => (VARIANTS[file] ?? []).map((variables) => ({ file, variables })));
    let machine: string;
    beforeAll(async () => {
      machine = await mkdtemp(join(tmpdir(), "portolan-job-"));
    });
    afterAll(() => rm(machine, { recursive: true }));

    /** What the image has at the default path of settings; jobs with other drivers name theirs. */
    const IN_IMAGE = join(JOBS, "../deploy/container.yml");

    /** The settings that the program comes to, from its flags, its environment and its rendered templates. */
    async function settingsOf(task: Task, where: RenderedWhere["variables"] = {}): Promise<Settings> {
      const client = {
        NOMAD_SECRETS_DIR: "/secrets",
        NOMAD_TASK_DIR: join(machine, "local"),
        NOMAD_ALLOC_DIR: "/alloc",
        NOMAD_PORT_http: "9532",
        NOMAD_PORT_portolan: "9532",
      };
      await mkdir(client.NOMAD_TASK_DIR, { recursive: true });
      for (const { DestPath } of task.Templates ?? []) {
        const text = await render(task, DestPath, { environment: client, variables: where });
        await writeFile(join(machine, DestPath), text);
      }
      const filled = (value: string) =>
        value.replaceAll(/\$\{(NOMAD_\w+)\}/g, (_, name: string) => {
          const known: string | undefined = Object.entries(client).find(([key]) => key === name)?.[1];
          if (known === undefined) throw new Error(`the client does not set ${name}`);
          return known;
        });
      const [command, ...flags] = (task.Config["args"] as readonly string[]).map(filled);
      expect(command).toBe("run");
      expect(runCommand.flags.map(({ name }) => `--${name}`)).toEqual(
        expect.arrayContaining(flags.filter((flag) => flag.startsWith("--"))),
      );
      const environment = Object.fromEntries(
        Object.entries(task.Env ?? {}).map(([key, value]) => [key, filled(value)]),
      );
      const pairs = flags.flatMap((flag, at) => (flag.startsWith("--") ? [[flag.slice(2), flags[at + 1]]] : []));
      const found = await findSettingsFile({}, environment, IN_IMAGE);
      return await loadSettings(Object.fromEntries(pairs), environment, found);
    }

    test.each(CASES)("has settings that portolan takes: $file $variables", async ({ file, variables }) => {
      const settings = await settingsOf(taskOf(await read(file, variables), "portolan"));
      expect(settings.output.file).toMatch(/^\/(?:chart|opt\/traefik\/dynamic|alloc\/data\/dynamic)\/portolan\.yml$/);
      expect(dirname(settings.output.file).startsWith(settings.stateDir)).toBe(false);
      expect(settings.stateDir.startsWith(dirname(settings.output.file))).toBe(false);
      const socket = { address: "unix:///secrets/api.sock", tokenFile: "/secrets/nomad_token" };
      const login = { authMethod: "portolan", jwtFile: "/secrets/nomad_portolan.jwt" };
      const given = variables["login"] === "portolan" ? { login } : { tokenFile: "/secrets/consul_token" };
      const token = variables["identities"] === "true" ? given : {};
      const agent = { address: "http://127.0.0.1:8500", ...(file === "edge.nomad.hcl" ? {} : token) };
      const catalog = file === "portolan-nomad.nomad.hcl" ? "nomad" : (variables["catalog"] ?? "consul");
      if (catalog === "consul") expect(settings).toMatchObject({ consul: agent, schedulers: [socket] });
      if (catalog === "nomad") expect(settings).toMatchObject({ nomad: socket });
      if (catalog === "both") {
        expect(settings.catalogs).toMatchObject([
          { name: "consul", consul: agent },
          { name: "nomad", nomad: socket },
        ]);
      }
    });

    test.each(CASES)("is checked where it listens, on loopback: $file $variables", async ({ file, variables }) => {
      const job = await read(file, variables);
      const [group] = job.TaskGroups;
      const service = group?.Services?.find(({ Name }) => Name === "portolan");
      expect(service).toMatchObject({ Address: "127.0.0.1", Checks: [{ Type: "http", Path: "/healthz" }] });
      expect(service?.Tags ?? []).toEqual([]);
      const port = group?.Networks?.[0]?.DynamicPorts?.find(({ Label }) => Label === service?.PortLabel);
      const { listen } = await settingsOf(taskOf(job, "portolan"));
      expect(listen).toEqual({ host: "127.0.0.1", port: port?.Value });
    });

    test.each(CASES)("ends, is replaced and stays as an edge must: $file $variables", async ({ file, variables }) => {
      const job = await read(file, variables);
      const [group] = job.TaskGroups;
      expect(group?.Update).toMatchObject({ AutoRevert: true, MaxParallel: 1 });
      expect(group?.Disconnect).toMatchObject({ LostAfter: 24 * 3_600e9, Replace: false, Reconcile: "keep_original" });
      const task = taskOf(job, "portolan");
      expect(task).toMatchObject({ KillSignal: "SIGTERM", KillTimeout: 15e9 });
      expect(task.Resources).toMatchObject({ MemoryMB: 192, MemoryMaxMB: 384 });
      for (const { ChangeMode, ChangeSignal, LeftDelim } of task.Templates ?? []) {
        expect({ ChangeMode, ChangeSignal, LeftDelim }).toEqual({
          ChangeMode: "signal",
          ChangeSignal: "SIGHUP",
          LeftDelim: "@{",
        });
      }
    });

    test.each(CASES)("has the rights that it needs, and no others: $file $variables", async ({ file, variables }) => {
      const { Driver, Config, VolumeMounts } = taskOf(await read(file, variables), "portolan");
      if (Driver === "docker") {
        expect(Config).toMatchObject({
          readonly_rootfs: true,
          cap_drop: ["all"],
          security_opt: ["no-new-privileges"],
          ulimit: [{ core: "0" }],
        });
      }
      const isMounted = Driver !== "raw_exec" && file !== "edge.nomad.hcl";
      const mounts = (VolumeMounts ?? []).map(({ Volume, Destination }) => `${Volume} at ${Destination}`);
      expect(mounts).toEqual(isMounted ? ["chart at /chart", "state at /var/lib/portolan"] : []);
    });

    test("takes settings, policy and ledger from Nomad's variable, and executes nothing of them", async () => {
      const task = taskOf(await read("portolan.nomad.hcl"), "portolan");
      const example = (name: string) => readFile(join(ROOT, "deploy/examples/homelab", name), "utf8");
      const variable = {
        settings: [
          "traefik: { defaultRule: 'Host(`{{ normalize .Name }}.lab.local`)' }",
          ...["policy: policy.yml", "ports: { ledger: ledger.yml }"],
        ].join("\n"),
        policy: await example("policy.yml"),
        ledger: await example("ledger.yml"),
      };
      const settings = await settingsOf(task, { "nomad/jobs/portolan": variable });
      const text = await render(task, "local/portolan.yml", { variables: { "nomad/jobs/portolan": variable } });
      expect(load(text)).toMatchObject({ traefik: { defaultRule: "Host(`{{ normalize .Name }}.lab.local`)" } });
      expect(settings.traefik.defaultEntryPoints).toEqual([]);
      expect(settings).toHaveProperty("loadedPolicy");
      expect(settings).toHaveProperty("loadedLedger");
      expect((await settingsOf(task)).traefik).toMatchObject({
        defaultEntryPoints: ["web", "websecure"],
        api: { address: "http://127.0.0.1:8080" },
      });
      expect((await settingsOf(task, { "nomad/jobs/portolan": { owner: "edge team" } })).traefik).toMatchObject({
        defaultEntryPoints: ["web", "websecure"],
      });
    });

    test("runs the executable where there is no image", async () => {
      for (const driver of ["exec", "raw_exec"]) {
        const job = await read("portolan.nomad.hcl", { driver, executable: "https://dl.test/portolan" });
        const { Artifacts, Config } = taskOf(job, "portolan");
        expect(Artifacts).toMatchObject([
          { GetterSource: "https://dl.test/portolan", RelativeDest: Config["command"] },
        ]);
      }
    });
  });

  describe("a job of Traefik's", () => {
    async function configOf(file: string, variables: Variables): Promise<Record<string, unknown>> {
      const task = taskOf(await read(file, variables), "traefik");
      expect(task.Config["args"]).toEqual([expect.stringMatching(/^--configfile=\$\{NOMAD_TASK_DIR\}\/traefik\.yml$/)]);
      return load(await render(task, "local/traefik.yml", { environment: { NOMAD_ALLOC_DIR: "/alloc" } })) as never;
    }

    test.each([
      ["traefik.nomad.hcl", "/etc/traefik/dynamic"],
      ["edge.nomad.hcl", "/alloc/data/dynamic"],
    ])("watches the directory as deploy/traefik.yml does: %s", async (file, directory) => {
      const shipped = load(await readFile(join(ROOT, "deploy/traefik.yml"), "utf8")) as Record<string, object>;
      const expected = { ...shipped["providers"], file: { directory, watch: true } };
      for (const variables of VARIANTS[file] ?? []) {
        const { entryPoints, providers, api } = await configOf(file, variables);
        expect(providers).toEqual(expected);
        const more = "entry_points" in variables ? { redis: { address: ":6379" }, dns: { address: ":1053/udp" } } : {};
        expect(entryPoints).toEqual({
          web: { address: ":80", asDefault: true },
          websecure: { address: ":443", asDefault: true, http: { tls: {} } },
          // Not to be reached from elsewhere, and no port that a service's backend may have.
          traefik: { address: "127.0.0.1:8080" },
          ...more,
        });
        expect(api).toEqual(shipped["api"]);
      }
    });

    test("reads the volume that portolan writes, and may not write there", async () => {
      const writer = (await read("portolan.nomad.hcl")).TaskGroups[0];
      const reader = (await read("traefik.nomad.hcl")).TaskGroups[0];
      expect(reader?.Volumes?.["chart"]).toMatchObject({ Source: writer?.Volumes?.["chart"]?.Source, ReadOnly: true });
      expect(taskOf(await read("traefik.nomad.hcl"), "traefik").VolumeMounts).toMatchObject([
        { Volume: "chart", Destination: "/etc/traefik/dynamic", ReadOnly: true },
      ]);
    });
  });
});

function taskOf(job: Job, name: string): Task {
  const task = job.TaskGroups.flatMap(({ Tasks }) => Tasks).find(({ Name }) => Name === name);
  if (task === undefined) throw new Error(`no task ${name} in ${job.ID}`);
  return task;
}

function identitiesOf({ Services, Tasks }: TaskGroup) {
  const ofServices = (Services ?? []).flatMap(({ Identity }: Service) => Identity ?? []);
  return [...ofServices, ...Tasks.flatMap(({ Identities }) => Identities ?? [])];
}
