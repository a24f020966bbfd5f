import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createChartFile } from "../../../src/output/chart/chart-file.ts";
import { createScratch, isRoot, stagingFilesIn } from "../scratch.ts";

const HEADER = "# written by portolan";
const TEXT = `${HEADER}\n{}\n`;

let scratch: ReturnType<typeof createScratch>;
let path: string;
let stagingDir: string;

beforeEach(() => {
  scratch = createScratch();
  stagingDir = join(scratch.dir, "state");
  mkdirSync(stagingDir);
  mkdirSync(join(scratch.dir, "chart"));
  path = join(scratch.dir, "chart", "portolan.yml");
});

afterEach(() => scratch.remove());

function identity(): readonly bigint[] {
  const { ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, mtimeNs, ctimeNs];
}

describe("read", () => {
  it("distinguishes an absent, an empty, an own and a foreign file", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    expect(await chart.read()).toEqual({ kind: "absent" });
    writeFileSync(path, "\n");
    expect(await chart.read()).toEqual({ kind: "empty" });
    writeFileSync(path, TEXT);
    expect(await chart.read()).toEqual({ kind: "ours", text: TEXT });
    for (const foreign of [`${HEADER}, not\n`, `\n${HEADER}\n`, "http: {}\n"]) {
      writeFileSync(path, foreign);
      expect(await chart.read()).toEqual({ kind: "foreign" });
    }
  });

  it("does not read what is larger than any chart", async () => {
    writeFileSync(path, TEXT);
    truncateSync(path, 257 * 1024 * 1024);
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    expect(await chart.read()).toEqual({ kind: "foreign" });
  });

  it("throws for a file that is there and cannot be read", async () => {
    mkdirSync(path);
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    await expect(chart.read()).rejects.toMatchObject({
      code: "E_OUTPUT_FAILED",
      message: `cannot read ${path}: EISDIR; name a file inside that directory`,
    });
  });
});

describe("publish", () => {
  it("writes a new text once, and leaves identical bytes alone, after a restart too", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    expect(await chart.publish(TEXT)).toEqual({ didWrite: true });
    const written = identity();
    expect(await chart.publish(TEXT)).toEqual({ didWrite: false });
    const restarted = createChartFile({ path, stagingDir, header: HEADER });
    expect(await restarted.publish(TEXT)).toEqual({ didWrite: false });
    expect(identity()).toEqual(written);

    expect(await restarted.publish(`${TEXT}#\n`)).toEqual({ didWrite: true });
    expect(readFileSync(path, "utf8")).toBe(`${TEXT}#\n`);
  });

  it("writes another text of the same length, and leaves alone one that another process has written already", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    for (const letter of ["a", "b", "a"]) {
      expect(await chart.publish(`${HEADER}\n${letter}\n`)).toEqual({ didWrite: true });
      expect(readFileSync(path, "utf8")).toBe(`${HEADER}\n${letter}\n`);
    }
    writeFileSync(path, `${HEADER}\nc\n`);
    const before = identity();
    expect(await chart.publish(`${HEADER}\nc\n`)).toMatchObject({ didWrite: false, externalChange: "edited" });
    expect(identity()).toEqual(before);
  });

  it("gives 0640 by default, and a changed mode even to identical bytes", async () => {
    await createChartFile({ path, stagingDir, header: HEADER }).publish(TEXT);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    const reopened = createChartFile({ path, stagingDir, header: HEADER, mode: 0o644 });
    expect(await reopened.publish(TEXT)).toEqual({ didWrite: true });
    expect(statSync(path).mode & 0o7777).toBe(0o644);
  });

  it.skipIf(!isRoot)("takes the group of the directory, or the owner that is asked for", async () => {
    chownSync(join(scratch.dir, "chart"), 0, 23_456);
    await createChartFile({ path, stagingDir, header: HEADER }).publish(TEXT);
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 23_456 });
    const owned = createChartFile({ path, stagingDir, header: HEADER, owner: { uid: 12_345, gid: 34_567 } });
    expect(await owned.publish(TEXT)).toEqual({ didWrite: true });
    expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 34_567 });
  });

  it("throws and writes nothing when the directory is gone", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    rmSync(join(scratch.dir, "chart"), { recursive: true });
    await expect(chart.publish(TEXT)).rejects.toMatchObject({ code: "E_OUTPUT_MISSING_DIR", retryable: true });
  });
});

/** Root may do everything, so what happens to an ordinary user is seen in a process that is one. */
describe.skipIf(!isRoot)("publish as an ordinary user", () => {
  const USER = 34_500;
  const STRANGE_GROUP = 34_501;

  beforeEach(() => {
    chmodSync(scratch.dir, 0o755);
    chownSync(stagingDir, USER, USER);
    chownSync(join(scratch.dir, "chart"), USER, STRANGE_GROUP);
  });

  function publishAsUser(mode: number, umask = "0022"): readonly unknown[] {
    const script = `
      process.umask(${JSON.stringify(umask)});
      import { createChartFile } from ${JSON.stringify(new URL("../../../src/output/chart/chart-file.ts", import.meta.url).href)};
      const chart = createChartFile(${JSON.stringify({ path, stagingDir, header: HEADER, mode })});
      const results = [];
      for (let turn = 0; turn < 2; turn += 1) {
        results.push(await chart.publish(${JSON.stringify(TEXT)}).catch(({ code, message }) => ({ code, message })));
      }
      console.log(JSON.stringify(results));`;
    const args = ["--no-warnings", "--input-type=module", "--eval", script];
    const options = { uid: USER, gid: USER, encoding: "utf8", cwd: "/" } as const;
    const results: unknown = JSON.parse(execFileSync(process.execPath, args, options));
    return results as readonly unknown[];
  }

  it("publishes with its own group and says so, when the directory's is refused", () => {
    const warning = expect.stringContaining(
      `let the directory hand its group down (chmod g+s ${join(scratch.dir, "chart")}), add portolan's user to group ${STRANGE_GROUP}, or set output.mode to 0644`,
    );
    expect(publishAsUser(0o640)).toEqual([
      { didWrite: true, warning },
      { didWrite: false, warning },
    ]);
    expect(statSync(path)).toMatchObject({ uid: USER, gid: USER });
  });

  it.each([
    ["by the usual umask", "0022", undefined],
    ["by a umask that makes it take the bit from its own directory", "0077", undefined],
    ["where a hidden directory from an earlier time does not hand it down", "0022", 0o755],
  ])("takes the group of a directory that hands it down, as no member of it: %s", (_, umask, earlierMode) => {
    const directory = join(scratch.dir, "chart");
    chmodSync(directory, 0o2750);
    const hidden = join(directory, ".portolan-staging");
    if (earlierMode !== undefined) {
      mkdirSync(hidden);
      chownSync(hidden, USER, STRANGE_GROUP);
      chmodSync(hidden, earlierMode);
    }
    expect(publishAsUser(0o640, umask)).toEqual([{ didWrite: true }, { didWrite: false }]);
    expect(statSync(path)).toMatchObject({ uid: USER, gid: STRANGE_GROUP, mode: 0o100640 });
    expect(statSync(hidden).mode & 0o755).toBe(0o755);
    expect(readdirSync(directory).sort()).toEqual([".portolan-staging", "portolan.yml"]);
    expect([...stagingFilesIn(hidden), ...stagingFilesIn(stagingDir)]).toEqual([]);
  });

  it("does what its warning says: once the directory hands its group down, there is none", () => {
    const warned = publishAsUser(0o640)[0] as { readonly warning: string };
    const remedy = /\((chmod g\+s [^)]*)\)/.exec(warned.warning)?.[1] ?? "";
    execFileSync("sh", ["-c", remedy]);
    expect(publishAsUser(0o640)).toEqual([{ didWrite: true }, { didWrite: false }]);
    expect(statSync(path)).toMatchObject({ uid: USER, gid: STRANGE_GROUP });
  });

  it("has nothing to warn of when every user, or the owner alone, may read the file", () => {
    expect(publishAsUser(0o644)).toEqual([{ didWrite: true }, { didWrite: false }]);
    expect(publishAsUser(0o600)).toEqual([{ didWrite: true }, { didWrite: false }]);
  });

  it("keeps the old file when the directory may not be written", () => {
    writeFileSync(path, "old\n", { mode: 0o644 });
    chownSync(join(scratch.dir, "chart"), 0, USER);
    chmodSync(join(scratch.dir, "chart"), 0o750);
    const denied = {
      code: "E_OUTPUT_DENIED",
      message: expect.stringMatching(/^cannot write .*portolan\.yml: EACCES; give portolan's user/),
    };
    expect(publishAsUser(0o640)).toEqual([denied, denied]);
    expect(readFileSync(path, "utf8")).toBe("old\n");
  });
});

describe("a change of the file by others", () => {
  const EDITED = `${HEADER}\n{"http":{}}\n`;

  it("is reported once, with the publication that restores the file", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    await chart.publish(TEXT);
    const deeds: readonly (readonly [string, () => void])[] = [
      ["edited", () => writeFileSync(path, EDITED)],
      ["edited", () => writeFileSync(path, "")],
      ["deleted", () => rmSync(path)],
    ];
    for (const [externalChange, deed] of deeds) {
      deed();
      expect(await chart.isAsPublished()).toBe(false);
      expect(await chart.publish(TEXT)).toEqual({ didWrite: true, externalChange });
      expect(readFileSync(path, "utf8")).toBe(TEXT);
      expect(await chart.isAsPublished()).toBe(true);
      expect(await chart.publish(TEXT)).toEqual({ didWrite: false });
    }
  });

  it("is reported with a new text, too", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    await chart.publish(TEXT);
    rmSync(path);
    expect(await chart.publish(EDITED)).toEqual({ didWrite: true, externalChange: "deleted" });
  });

  it("is no external change while the text stays, and nothing is known of one before the first publication", async () => {
    writeFileSync(path, EDITED);
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    expect(await chart.isAsPublished()).toBe(true);
    expect(await chart.publish(TEXT)).toEqual({ didWrite: true });
    utimesSync(path, 0, 0);
    expect(await chart.isAsPublished()).toBe(false);
    expect(await chart.publish(TEXT)).toEqual({ didWrite: false });
    expect(await chart.isAsPublished()).toBe(true);
  });

  it("waits for a publication that is under way before it judges", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    await chart.publish(TEXT);
    const publishing = chart.publish(EDITED);
    expect(await chart.isAsPublished()).toBe(true);
    await publishing;
  });

  it.each(["state", "chart/.portolan-staging"])(
    "is reported when the directory is another one, in which Traefik sees nothing; staged in %s",
    async (staging) => {
      mkdirSync(join(scratch.dir, staging), { recursive: true });
      const chart = createChartFile({ path, stagingDir: join(scratch.dir, staging), header: HEADER });
      await chart.publish(TEXT);
      rmSync(join(scratch.dir, "chart"), { recursive: true });
      await expect(chart.publish(TEXT)).rejects.toMatchObject({ code: "E_OUTPUT_MISSING_DIR" });
      mkdirSync(join(scratch.dir, "chart"));
      expect(await chart.publish(TEXT)).toEqual({ didWrite: true, isUnwatched: true });
      expect(await chart.publish(TEXT)).toEqual({ didWrite: false });
    },
  );

  it("is none when the directory was moved away and back", async () => {
    const chart = createChartFile({ path, stagingDir, header: HEADER });
    await chart.publish(TEXT);
    renameSync(join(scratch.dir, "chart"), join(scratch.dir, "aside"));
    renameSync(join(scratch.dir, "aside"), join(scratch.dir, "chart"));
    expect(await chart.publish(TEXT)).toEqual({ didWrite: false });
  });
});
