import { inspect } from "node:util";
import axios from "axios";
import { describe, expect, test } from "vitest";
import { BAD_ANSWERS, connect, serve, useBadServers, viewsOf, WIRES } from "./bad-servers.ts";

useBadServers();

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0003";
const { signal } = new AbortController();

describe("what axios hands out", () => {
  const headers = { "x-consul-token": TOKEN };

  test("holds the token, in errors and answers: the reason for what follows", async () => {
    const { address } = await serve("HTTP/1.1", (_request, response) => void response.end("ok"));
    const answer = await axios.get(address, { headers, proxy: false });
    expect(inspect(answer, { depth: Infinity })).toContain(TOKEN);
    const error: unknown = await axios
      .get("http://127.0.0.1:1", { headers, proxy: false })
      .catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: Infinity })).toContain(TOKEN);
  });

  test.each(WIRES)("does not leave the client: no view of an answer over %s shows the token", async (wire) => {
    const { address } = await serve(wire, (_request, response) => void response.end("ok"));
    const connections = connect(address);
    const answer = await connections.send({ path: "/", headers, maxBytes: 1_000, signal });
    connections.close();
    expect(answer.text).toBe("ok");
    expect(new Set(Object.keys(answer))).toEqual(new Set(["header", "isNewConnection", "status", "text"]));
    for (const view of viewsOf(answer)) expect(view).not.toContain(TOKEN);
  });

  test.each(WIRES)("nor does an error over %s, whatever went wrong", async (wire) => {
    for (const [, handler] of BAD_ANSWERS) {
      const { address } = await serve(wire, handler);
      const connections = connect(address);
      const end: unknown = await connections
        .send({ path: "/", headers, maxBytes: 1024 * 1024, signal })
        .catch((thrown: unknown) => thrown);
      connections.close();
      if (end instanceof Error) {
        expect(Object.keys(end).filter((key) => key !== "code")).toEqual([]);
        expect(end.cause).toBeUndefined();
        for (const view of viewsOf(end)) expect(view).not.toContain(TOKEN);
      }
    }
  });
});
