import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../../src/base/errors.ts";
import { actionFor } from "../../src/control/control-action.ts";
import { giveOrder } from "../../src/control/control-client.ts";
import { type ControlServer, startControlServer } from "../../src/control/control-server.ts";

const ANYTHING = z.unknown();
const ECHO = { route: "POST /v1/echo", parameters: ANYTHING, answer: ANYTHING };
const SENDER = { route: "POST /v1/sender", parameters: ANYTHING, answer: ANYTHING };
const WORD = { route: "GET /v1/word", parameters: ANYTHING, answer: ANYTHING };
const REFUSED = { route: "POST /v1/refused", parameters: ANYTHING, answer: ANYTHING };
const NUMBER = {
  route: "POST /v1/number",
  parameters: z.strictObject({ number: z.number() }),
  malformed: { code: "E_NUMBER", message: 'a number is {"number": N}' },
  answer: z.number(),
};
const DIGIT = { route: "POST /v1/digit", parameters: NUMBER.parameters, answer: NUMBER.answer };

describe("the control socket", () => {
  let root: string;
  let stateDir: string;
  let server: ControlServer | undefined;
  const path = () => join(stateDir, "control.sock");
  const start = async () => {
    server = await startControlServer(stateDir, [
      actionFor(ECHO, (body) => ({ body })),
      actionFor(SENDER, (_, sender) => ({ ...sender })),
      actionFor(WORD, () => "a word"),
      actionFor(REFUSED, () => {
        throw new AppError("not today", { code: "E_TODAY", retryable: false });
      }),
      actionFor(NUMBER, ({ number }) => number),
      actionFor(DIGIT, ({ number }) => number),
    ]);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "portolan-control-"));
    stateDir = join(root, "state");
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await rm(root, { recursive: true });
  });

  test("is its owner's alone, and is removed with the server", async () => {
    await start();
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    await server?.close();
    await expect(stat(path())).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("takes the place of one that a killed process left", async () => {
    await mkdir(stateDir);
    await writeFile(path(), "left behind");
    await start();
    expect(await giveOrder(stateDir, WORD)).toBe("a word");
  });

  test("works below a directory whose path is longer than a socket's address", async () => {
    stateDir = join(root, "allocation".repeat(10), "state".repeat(10));
    await start();
    expect(await giveOrder(stateDir, ECHO, { number: 7 })).toEqual({ body: { number: 7 } });
  });

  test("an order says whose it is, and what is no name is cut and made harmless", async () => {
    await start();
    expect(await giveOrder(stateDir, SENDER)).toEqual({ user: process.env["SUDO_USER"] ?? userInfo().username });
    const headers = ["x-portolan-user: %1b%5B31mroot", `x-portolan-terminal: ${"y".repeat(99)}`].join("\r\n");
    const socket = connect({ path: path() });
    socket.end(`POST /v1/sender HTTP/1.1\r\nhost: x\r\n${headers}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    let text = "";
    for await (const part of socket) text += String(part);
    expect(text).not.toContain("\u001b");
    expect(text).toContain(`"terminal":"${"y".repeat(64)}"`);
  });

  test("refuses what it does not know, what is too long, and what an action refuses", async () => {
    await start();
    await expect(giveOrder(stateDir, { ...ECHO, route: "GET /v1/echo" })).rejects.toMatchObject({
      code: "E_CONTROL_UNKNOWN",
      message: expect.stringContaining("POST /v1/echo, POST /v1/sender, GET /v1/word"),
    });
    await expect(giveOrder(stateDir, ECHO, "x".repeat(70_000))).rejects.toMatchObject({
      code: "E_CONTROL_BODY",
    });
    await expect(giveOrder(stateDir, REFUSED)).rejects.toMatchObject({ code: "E_TODAY", exitCode: 1 });
  });

  test("refuses parameters of another form before the action, in the words of the order", async () => {
    await start();
    expect(await giveOrder(stateDir, NUMBER, { number: 7 })).toBe(7);
    await expect(giveOrder<unknown, number>(stateDir, NUMBER, { number: "7" })).rejects.toMatchObject({
      code: "E_NUMBER",
      message: 'a number is {"number": N}',
      exitCode: 1,
    });
    await expect(giveOrder<unknown, number>(stateDir, DIGIT, { number: "7" })).rejects.toMatchObject({
      code: "E_CONTROL_BODY",
      message: expect.stringContaining("POST /v1/digit takes other parameters"),
    });
  });

  test("an answer of another form counts as no answer of portolan", async () => {
    await start();
    const asked = giveOrder(stateDir, { ...WORD, answer: z.number() });
    await expect(asked).rejects.toMatchObject({ code: "E_CONTROL_AWAY", exitCode: 69 });
  });

  test("a body that is not JSON is answered with 400", async () => {
    await start();
    const socket = connect({ path: path() });
    socket.end("POST /v1/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\n{{{");
    let text = "";
    for await (const part of socket) text += String(part);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each([
    ["silence", ""],
    ["headers without an end", "POST /v1/echo HTTP/1.1\r\nhost: x\r\n"],
    ["a body without an end", "POST /v1/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"],
    ["headers of 64 KB", `GET /v1/word HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(65_536)}\r\n\r\n`],
  ])("%s ends, and the order of another client is taken", async (_, text) => {
    server = await startControlServer(stateDir, [actionFor(WORD, () => "a word"), actionFor(ECHO, () => 1)], 400);
    const idle = Array.from({ length: 20 }, () => connect({ path: path() }));
    const ended = idle.map(
      (socket) =>
        new Promise((resolve) =>
          socket
            .on("error", () => {})
            .resume()
            .once("close", resolve),
        ),
    );
    for (const socket of idle) socket.write(text);
    await Promise.all(ended);
    expect(await giveOrder(stateDir, WORD)).toBe("a word");
  });

  test("without a portolan an order ends with 69 and names the socket", async () => {
    await expect(giveOrder(stateDir, WORD)).rejects.toMatchObject({
      code: "E_CONTROL_AWAY",
      exitCode: 69,
    });
    await mkdir(stateDir);
    await expect(giveOrder(stateDir, WORD)).rejects.toMatchObject({
      message: expect.stringMatching(/control\.sock \(ENOENT\).*--state-dir/),
    });
  });
});
