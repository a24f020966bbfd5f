import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { whyUnreadable } from "../../../src/output/chart/check-reader.ts";
import { createScratch, isRoot } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let directory: string;

beforeEach(() => {
  scratch = createScratch();
  directory = join(scratch.dir, "dynamic");
  mkdirSync(directory);
});
afterEach(() => scratch.remove());

function judged(modes: { above: number; directory: number; file: number; gid?: number }): Promise<string | undefined> {
  chmodSync(scratch.dir, modes.above);
  chmodSync(directory, modes.directory);
  return whyUnreadable({ path: join(directory, "portolan.yml"), mode: modes.file, gid: modes.gid });
}

describe("whether a user other than the owner can read the chart", () => {
  test.each([
    ["its directory's group", { above: 0o755, directory: 0o2750, file: 0o640 }],
    ["its directory's group, which may pass above", { above: 0o710, directory: 0o750, file: 0o640 }],
    ["all others", { above: 0o711, directory: 0o705, file: 0o604 }],
    ["all others, though not the group", { above: 0o755, directory: 0o705, file: 0o644 }],
    ["another group, for whom the way is open", { above: 0o755, directory: 0o755, file: 0o640, gid: 4_711 }],
  ])("%s can", async (_, modes) => {
    expect(await judged(modes)).toBeUndefined();
  });

  test.each([
    ["the file's mode", { above: 0o755, directory: 0o755, file: 0o600 }, "output.mode 0600"],
    ["its directory, which cannot be entered", { above: 0o755, directory: 0o740, file: 0o640 }, "dynamic lets"],
    ["its directory, which cannot be listed", { above: 0o755, directory: 0o710, file: 0o640 }, "dynamic lets"],
    ["a directory above", { above: 0o700, directory: 0o755, file: 0o644 }, "portolan-output-"],
    ["the way, closed to another group", { above: 0o755, directory: 0o750, file: 0o640, gid: 4_711 }, "dynamic lets"],
  ])("%s closes it to all", async (_, modes, closed) => {
    const why = await judged(modes);
    expect(why).toContain(closed);
    expect(why).toContain("only its owner and root");
    expect(why).toMatch(/group \d+ in \(chmod g\+rx/);
  });

  test.skipIf(!isRoot)("a group above that is another one does not count", async () => {
    chownSync(scratch.dir, 0, 4_711);
    expect(await judged({ above: 0o710, directory: 0o750, file: 0o640 })).toContain("portolan-output-");
  });

  test("a missing directory is not reported here", async () => {
    expect(await whyUnreadable({ path: join(directory, "no", "portolan.yml"), mode: 0o640, gid: undefined })).toBe(
      undefined,
    );
  });
});
