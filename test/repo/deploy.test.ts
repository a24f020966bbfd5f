import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { Settings } from "../../src/config/files/schema.ts";
import { DEFAULT_SETTINGS_FILE } from "../../src/config/files/settings-file.ts";
import { loadSettings } from "../../src/config/load.ts";
import { resolveSettings } from "../../src/config/resolve/resolve.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Ours, which stay stable from the first version on; and two of Node's. */
const FLAGS = new Set([
  ...["--settings", "--consul-addr", "--nomad-addr", "--output", "--state-dir", "--listen"],
  ...["--log-level", "--log-format", "--max-semi-space-size", "--max-old-space-size-percentage"],
]);

interface Compose {
  readonly services: Readonly<Record<string, ComposeService | undefined>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string } | undefined>>;
}

interface ComposeService {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly user?: string;
  readonly security_opt?: readonly string[];
  readonly ulimits?: Readonly<Record<string, unknown>>;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly configs?: ReadonlyArray<{ readonly source: string; readonly target: string }>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function readYaml<T>(path: string): T {
  return load(read(path)) as T;
}

function uncommented(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n");
}

function unknownFlagsIn(text: string): readonly string[] {
  return (text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []).filter((flag) => !FLAGS.has(flag));
}

describe("deploy/compose.yml", () => {
  const compose = readYaml<Compose>("deploy/compose.yml");
  const settings = resolved("portolan-settings", compose.configs["portolan-settings"]?.content ?? "");

  it("has settings that portolan takes, at the path where every command in the container looks", () => {
    expect(settings).toMatchObject({ consul: { address: "http://consul:8500" }, stateDir: "/var/lib/portolan" });
    expect(compose.services["portolan"]?.configs).toEqual([
      { source: "portolan-settings", target: DEFAULT_SETTINGS_FILE },
    ]);
    expect(compose.services["portolan"]).not.toHaveProperty("command");
  });

  it("shares the chart's directory as a volume that Traefik can only read", () => {
    expect(settings.output.file).toBe("/chart/portolan.yml");
    expect(compose.services["portolan"]?.volumes).toContain("chart:/chart");
    expect(compose.services["traefik"]?.volumes).toContain("chart:/etc/traefik/dynamic:ro");
    expect(Object.keys(compose.volumes)).toEqual(["chart", "state"]);
    for (const mount of Object.values(compose.services).flatMap((service) => service?.volumes ?? [])) {
      const isSingleFile = /\.\w+$/.test(target(mount));
      expect(isSingleFile && mount.endsWith(":ro") === false, mount).toBe(false);
    }
  });

  it("watches with Traefik the directory that the volume is mounted on", () => {
    const traefik = readYaml<{ providers: { file: unknown } }>("deploy/traefik.yml");
    expect(traefik.providers.file).toEqual({ directory: "/etc/traefik/dynamic", watch: true });
  });

  it("has Traefik's API on loopback, where the settings ask it, on no port that a service's backend may have", async () => {
    const traefik = readYaml<{ entryPoints: { traefik: { address: string } }; api: unknown }>("deploy/traefik.yml");
    expect(traefik.api).toEqual({ insecure: true, dashboard: false });
    expect(traefik.entryPoints.traefik.address).toBe("127.0.0.1:8080");
    const settings = await loadSettings({ settings: join(ROOT, "deploy/portolan.yml") }, {});
    expect(settings.traefik.api?.address).toBe("http://127.0.0.1:8080");
    expect(settings.ports.dynamic?.first).toBeGreaterThan(8_080);
  });

  it("registers the sample service on the dynamic port that it listens on", () => {
    const { service } = JSON.parse(compose.configs["whoami-registration"]?.content ?? "") as {
      service: { port: number; tags: readonly string[] };
    };
    expect(String(service.port)).toBe(argumentOf(compose.services["whoami"]?.command ?? [], "--port"));
    expect(service.port).toBeGreaterThanOrEqual(20_000);
    expect(service.port).toBeLessThanOrEqual(32_000);
    expect(service.tags).toContain("traefik.enable=true");
  });

  it("publishes on loopback only", () => {
    const ports = Object.values(compose.services).flatMap((service) => service?.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});

describe("deploy/portolan.yml", () => {
  it("loads as it stands", async () => {
    const settings = await loadSettings({ settings: join(ROOT, "deploy/portolan.yml") }, {});
    expect(settings).toMatchObject({
      output: { file: "/etc/traefik/dynamic/portolan.yml", mode: 0o640 },
      ports: { dynamic: { first: 20_000, last: 32_000 } },
    });
  });

  it("loads with every example in comments switched on", async () => {
    // "#key" and "#  key" are settings, "# Text" is prose.
    const everything = read("deploy/portolan.yml").replaceAll(/^( *)#(?! \S)/gm, "$1");
    const file = { name: "deploy/portolan.yml", content: load(everything) };
    expect(resolveSettings({ file, environment: {}, flags: {} })).toMatchObject({
      kind: "resolved",
      settings: {
        consul: { tokenFile: "/etc/portolan/consul-token", tls: { serverName: "server.dc1.consul" } },
        ports: { exceptions: [{ service: "powerdns-api", ports: { first: 8_081, last: 8_081 } }] },
      },
    });
  });
});

describe("deploy/portolan.service", () => {
  const unit = uncommented(read("deploy/portolan.service"));

  it("may write where the example settings put the chart and the state", () => {
    const settings = readYaml<{ output: { file: string }; stateDir: string }>("deploy/portolan.yml");
    const writable = /^ReadWritePaths=(.*)$/m.exec(unit)?.[1] ?? "";
    expect(settings.output.file).toBe(`${writable}/portolan.yml`);
    expect(settings.stateDir).toBe(`/var/lib/${/^StateDirectory=(.*)$/m.exec(unit)?.[1]}`);
  });

  it("does not restart for wrong settings or a wrong command line", () => {
    expect(unit).toMatch(/^Restart=on-failure$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=64 78$/m);
  });
});

describe("what is deployed", () => {
  it("uses flags that exist", () => {
    expect(unknownFlagsIn(read("deploy/portolan.service"))).toEqual([]);
    expect(unknownFlagsIn("--output x --outptu y")).toEqual(["--outptu"]);
  });

  it("pins every image to a version", () => {
    const files = ["Dockerfile", "deploy/compose.yml"];
    const images = files.flatMap((file) =>
      [...uncommented(read(file)).matchAll(/(?:^FROM |^\s*image: )([^\s"]+)/gm)].map(([, image]) => image),
    );
    expect(images).toHaveLength(5);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:(?!latest)[\w.-]+$/);
  });

  it("has settings in the image for its two volumes, at the path where every command looks", () => {
    expect(read("Dockerfile")).toMatch(new RegExp(`^COPY deploy/container.yml ${DEFAULT_SETTINGS_FILE}$`, "m"));
    expect(resolved("container.yml", read("deploy/container.yml"))).toMatchObject({
      output: { file: "/chart/portolan.yml" },
      stateDir: "/var/lib/portolan",
      // On loopback, as everywhere that nothing else is said.
      listen: { host: "127.0.0.1", port: 9_532 },
    });
  });

  it("has the unit's settings where every command looks", () => {
    expect(read("deploy/portolan.service")).toContain(` run --settings ${DEFAULT_SETTINGS_FILE} `);
  });

  it("starts the program that the build makes", () => {
    const manifest = JSON.parse(read("package.json")) as { bin: { portolan: string } };
    expect(read("Dockerfile")).toContain(`ln -s /app/${manifest.bin.portolan} /usr/local/bin/portolan `);
    expect(read("Dockerfile")).toMatch(/^ENTRYPOINT \["portolan"\]$/m);
    expect(read("deploy/portolan.service")).toContain(`ExecStart=/opt/portolan/${manifest.bin.portolan} run`);
  });

  it("names the program, whose first line has Node's flags: no start may forget them", () => {
    const flags = ["--max-semi-space-size=4", "--max-old-space-size-percentage=50"];
    const [line = ""] = read("src/main.ts").split("\n", 1);
    expect(line).toBe(`#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=0 node ${flags.join(" ")}`);
    // Before Linux 5.1 the kernel cuts a longer one without a word (BINPRM_BUF_SIZE); Node.js itself needs 4.18.
    expect(line.length).toBeLessThanOrEqual(127);
    // An executable reads no first line.
    expect(read("deploy/executable/build.ts")).toContain(
      `const FLAGS = [${flags.map((flag) => JSON.stringify(flag)).join(", ")}];`,
    );
    for (const file of ["Dockerfile", "deploy/portolan.service", "deploy/compose.yml", "README.md"]) {
      expect(read(file), file).not.toContain("semi-space");
    }
  });

  it("is built from what .dockerignore lets in", () => {
    const letIn = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    const copied = [...read("Dockerfile").matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = ""]) =>
      paths.split(" "),
    );
    expect(letIn).toEqual(expect.arrayContaining(copied.filter((path) => path !== ".")));
    // What the build's script reads besides.
    expect(letIn).toEqual(expect.arrayContaining(["src", "tsconfig.json", "LICENSE", "deploy/sbom"]));
    for (const path of letIn) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});

describe("portolan is deployed with the rights that it needs, and no others", () => {
  it("by Compose", () => {
    const { portolan } = readYaml<Compose>("deploy/compose.yml").services;
    expect(portolan).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      ulimits: { core: 0 },
    });
    for (const right of ["cap_add", "privileged", "user"]) expect(portolan).not.toHaveProperty(right);
    const writable = (portolan?.volumes ?? []).filter((mount) => !mount.endsWith(":ro")).map(target);
    expect(writable).toEqual(["/chart", "/var/lib/portolan"]);
  });

  it("by the image, whose user is not root", () => {
    const lines = uncommented(read("Dockerfile")).split("\n");
    const last = lines.findLastIndex((line) => line.startsWith("USER "));
    expect(lines[last]).toBe("USER portolan");
    expect(last).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith("FROM ")));
    expect(lines.slice(last).filter((line) => line.startsWith("RUN ") || line.startsWith("COPY "))).toEqual([]);
    expect(lines.join("\n")).toMatch(
      /-m 2750 \/chart \\\n {2}&& install -d -o portolan -g portolan -m 0700 \/var\/lib\/portolan/,
    );
  });

  it("by systemd", () => {
    const unit = new Map(
      uncommented(read("deploy/portolan.service"))
        .split("\n")
        .filter((line) => line.includes("="))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    expect(unit.get("User")).toBe("portolan");
    for (const empty of ["CapabilityBoundingSet", "AmbientCapabilities"]) expect(unit.get(empty), empty).toBe("");
    for (const yes of ["NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictSUIDSGID"]) {
      expect(unit.get(yes), yes).toBe("yes");
    }
    expect(unit.get("ProtectSystem")).toBe("strict");
    expect(unit.get("ReadWritePaths")).toBe("/etc/traefik/dynamic");
    expect([unit.get("UMask"), unit.get("StateDirectoryMode"), unit.get("LimitCORE")]).toEqual(["0077", "0700", "0"]);
  });

  it("listens for everybody in containers only, which publish on loopback", () => {
    for (const file of ["deploy/portolan.service", "deploy/portolan.yml"]) {
      expect(uncommented(read(file)), file).not.toMatch(/0\.0\.0\.0|\[::\]/);
    }
  });
});

function resolved(name: string, text: string): Settings {
  const answer = resolveSettings({ file: { name, content: load(text) }, environment: {}, flags: {} });
  if (answer.kind === "refused") throw new Error(answer.errors.join("\n"));
  return answer.settings;
}

/** The container's side of `SOURCE:TARGET[:ro]`. */
function target(mount: string): string {
  return mount.split(":")[1] ?? "";
}

function argumentOf(command: readonly string[], flag: string): string {
  return command[command.indexOf(flag) + 1] ?? "";
}
