import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");

/** Keys of one section, in the order of the file; a key may come several times, and an empty value is one, too. */
function parseUnit(text: string): ReadonlyMap<string, readonly (readonly [string, string])[]> {
  const sections = new Map<string, [string, string][]>();
  let current: [string, string][] = [];
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const header = /^\[(\w+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      current = [];
      sections.set(header, current);
      continue;
    }
    const at = line.indexOf("=");
    if (at < 1) throw new Error(`no assignment: ${line}`);
    current.push([line.slice(0, at), line.slice(at + 1)]);
  }
  return sections;
}

const UNIT = await readFile(join(ROOT, "deploy/portolan.service"), "utf8");
const PAGE = await readFile(join(ROOT, "deploy/README.md"), "utf8");

describe("deploy/portolan.service", () => {
  const unit = parseUnit(UNIT);
  const service = unit.get("Service") ?? [];
  const values = (key: string) => service.filter(([name]) => name === key).map(([, value]) => value);

  it("has the sections of a unit, and each key once", () => {
    expect([...unit.keys()]).toEqual(["Unit", "Service", "Install"]);
    const keys = service.map(([key]) => key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("starts one program, and reads its settings again by the signal that portolan takes for that", () => {
    expect(values("Type")).toEqual(["exec"]);
    expect(values("ExecStart")).toHaveLength(1);
    expect(values("ExecReload")).toEqual(["/bin/kill -HUP $MAINPID"]);
    expect(service.filter(([key]) => /^Exec(?!Start$|Reload$)/.test(key))).toEqual([]);
  });

  it.skipIf(!hasProgram("systemd-analyze"))("is sound to systemd", async () => {
    const directory = await mkdtemp(join(tmpdir(), "portolan-unit-"));
    try {
      const path = join(directory, "portolan.service");
      await writeFile(path, UNIT.replace("/opt/portolan/dist/main.js", process.execPath));
      const { stderr } = await run("systemd-analyze", ["verify", "--man=no", path]);
      expect(stderr).not.toContain("portolan.service");
      await writeFile(
        path,
        UNIT.replace("/opt/portolan/dist/main.js", process.execPath).replace("ExecReload=", "ExecRelaod="),
      );
      expect((await run("systemd-analyze", ["verify", "--man=no", path])).stderr).toContain("ExecRelaod");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("deploy/README.md installs the unit", () => {
  const [, section = ""] = PAGE.split("## With systemd\n");
  const blocks = [...section.split("\n## ")[0]!.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  let machine: string;
  beforeEach(async () => {
    machine = await mkdtemp(join(tmpdir(), "portolan-machine-"));
    for (const directory of [
      "checkout/deploy",
      "checkout/dist",
      "bin",
      "etc/systemd/system",
      "etc/traefik",
      "opt",
      "usr/local/bin",
    ]) {
      await mkdir(join(machine, directory), { recursive: true });
    }
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      await copyFile(join(ROOT, file), join(machine, "checkout", file));
    }
    await writeFile(join(machine, "checkout/dist/main.js"), "");
    await cp(join(ROOT, "deploy"), join(machine, "checkout/deploy"), { recursive: true });
    // Programs that would change the machine that tests: they only say how they were called.
    for (const program of ["npm", "groupadd", "useradd", "systemctl", "curl"]) {
      const path = join(machine, "bin", program);
      await writeFile(path, `#!/bin/sh\necho ${program} "$@" >> ${machine}/calls\n`);
      await chmod(path, 0o755);
    }
    await writeFile(join(machine, "bin/getent"), "#!/bin/sh\nexit 2\n", { mode: 0o755 });
  });
  afterEach(() => rm(machine, { recursive: true }));

  /** The page's commands, on a machine below a directory and with its own user in place of portolan's. */
  async function play(block: string): Promise<void> {
    const here = block
      .replaceAll(/(?<=[\s'])\/(?=(?:etc|opt|usr\/local)\/)/g, `${machine}/`)
      .replaceAll("-o portolan -g traefik", `-o ${process.getuid?.()} -g ${process.getgid?.()}`);
    const env = { ...process.env, PATH: `${join(machine, "bin")}:${process.env.PATH}` };
    await run("sh", ["-eu", "-c", here], { cwd: join(machine, "checkout"), env });
  }

  it("with what its ExecStart names, a directory that hands its group down, and settings that are kept", async () => {
    expect(blocks).toHaveLength(3);
    const settings = join(machine, "etc/portolan/portolan.yml");
    for (const block of blocks) await play(block);
    const installed = await readFile(join(machine, "etc/systemd/system/portolan.service"), "utf8");
    const paths = /^ExecStart=.*$/m.exec(installed)?.[0].match(/\/(?:opt|etc)\/[^ ]+/g) ?? [];
    expect(paths).toEqual(["/opt/portolan/dist/main.js", "/etc/portolan/portolan.yml"]);
    for (const path of paths) expect(existsSync(join(machine, path)), path).toBe(true);
    // On the PATH of everybody who is to type a command.
    expect(await readlink(join(machine, "usr/local/bin/portolan"))).toBe(join(machine, "opt/portolan/dist/main.js"));
    expect((await stat(join(machine, "etc/traefik/dynamic"))).mode & 0o7777).toBe(0o2750);
    expect(await readdir(join(machine, "opt/portolan"))).toEqual(["dist", "package.json"]);
    expect((await readFile(join(machine, "calls"), "utf8")).split("\n")).toEqual([
      ...["npm ci", "npm run build"],
      ...["groupadd --system traefik", "useradd --system --shell /usr/sbin/nologin portolan"],
      ...["systemctl daemon-reload", "systemctl enable --now portolan", "curl -s http://127.0.0.1:9532/readyz", ""],
    ]);
    // A newer version comes by the same block, and leaves the operator's settings alone.
    await writeFile(settings, "listen: 127.0.0.1:9999\n");
    await play(blocks[0] ?? "");
    expect(await readFile(settings, "utf8")).toBe("listen: 127.0.0.1:9999\n");
  });

  it("with the token's lines where there is a token, and without them where there is none", async () => {
    const lines = async () =>
      (await readFile(join(machine, "etc/systemd/system/portolan.service"), "utf8")).split("\n");
    await play(blocks[0] ?? "");
    await writeFile(join(machine, "etc/portolan/consul-token"), "secret\n");
    await play(blocks[1] ?? "");
    expect(await lines()).toEqual(UNIT.split("\n"));
    await rm(join(machine, "etc/portolan/consul-token"));
    await play(blocks[1] ?? "");
    const gone = UNIT.split("\n").filter((line) => /^(?:LoadCredential|Environment)=/.test(line));
    expect(gone).toHaveLength(2);
    expect(await lines()).toEqual(UNIT.split("\n").filter((line) => !gone.includes(line)));
  });
});

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
