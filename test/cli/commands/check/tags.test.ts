import { Readable } from "node:stream";
import { beforeEach, expect, test, vi } from "vitest";
import { checkTagsCommand } from "../../../../src/cli/words/check/tags.ts";
import { printed } from "./printed.ts";

const SOUND = ["traefik.enable=true", "traefik.http.routers.x.rule=Host(`a`)"];
const BROKEN = "traefik.http.routers.x.ruel=c0ffee-secret";

beforeEach(() => void vi.stubEnv("PORTOLAN_SETTINGS", ""));

function standardInput(text: string): void {
  const stream = Readable.from([Buffer.from(text)]);
  vi.spyOn(process, "stdin", "get").mockReturnValue(
    Object.assign(stream, { fd: 0 }) as unknown as typeof process.stdin,
  );
}

test("tags may come a line each on standard input, and mean the same", async () => {
  const words = await printed(checkTagsCommand, SOUND);
  standardInput(`${SOUND.join("\r\n")}\n\n`);
  expect(await printed(checkTagsCommand, ["-"])).toEqual(words);
  expect(words.code).toBe(0);
});

test("--json has the problems, without the tag that may hold a secret", async () => {
  const { code, stdout } = await printed(checkTagsCommand, [...SOUND, BROKEN], { json: "true" });
  const json: unknown = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(json).toMatchObject({
    subject: "tags",
    isSound: false,
    problems: [{ code: "TAG_UNKNOWN_KEY", severity: "error" }],
  });
  expect(stdout).not.toContain("c0ffee");
});

test("what is no text is refused in one line", async () => {
  standardInput("");
  expect((await printed(checkTagsCommand, ["-"])).stdout).toMatch(/^nothing: without the tag traefik\.enable=true/);
});
