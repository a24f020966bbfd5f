import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import type { Trial } from "../../trials/trial.ts";

/** So soon readiness must be told, also on a machine that plays several trials. */
const ANSWER_WITHIN_MS = 2_000;

const sockets = new Map<Stage, Socket[]>();

/** A connection to the listener that sends this and reads nothing. */
function open(stage: Stage, text: string): void {
  const own = sockets.get(stage) ?? [];
  sockets.set(stage, own);
  const socket = connect({ port: Number(new URL(stage.portolan.url).port), host: "127.0.0.1" });
  own.push(socket);
  socket.on("error", () => {});
  socket.pause();
  if (text !== "") socket.write(text);
}

function openMany(stage: Stage, count: number, text: string): void {
  for (let number = 0; number < count; number += 1) open(stage, text);
}

async function expectReadiness({ portolan }: Stage): Promise<void> {
  for (let time = 0; time < 5; time += 1) {
    for (const path of ["/readyz", "/healthz", "/metrics", "/v1/status"]) {
      const answer = await fetch(`${portolan.url}${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      await answer.text();
      if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
    }
    await sleep(100);
  }
}

async function closeAll(stage: Stage): Promise<void> {
  for (const socket of sockets.get(stage) ?? []) socket.destroy();
  sockets.delete(stage);
  await expectReadiness(stage);
}

const STREAM = "GET /v1/events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n";

/** What clients of the listener may do, beside whom routes are kept up to date and readiness is told. */
function listenerRow(name: string, attack: (stage: Stage) => void): Trial {
  return {
    name: `listener: ${name}`,
    portolanOnly: true,
    async begin(stage) {
      const { url } = stage.portolan;
      await until(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 10_000, what: "readiness" });
      attack(stage);
      await expectReadiness(stage);
    },
    end: closeAll,
    tells: [],
  };
}

export const LISTENER_ROWS: readonly Trial[] = [
  listenerRow("a thousand streams that no client reads", (stage) => openMany(stage, 1_000, STREAM)),
  listenerRow("thousands of connections that say nothing", (stage) => openMany(stage, 3_000, "")),
  listenerRow("headers that are half sent", (stage) => openMany(stage, 1_000, "GET /readyz HTTP/1.1\r\nhost: x\r\n")),
  listenerRow("filters of 8,000 characters, and of more than is read", (stage) => {
    for (const length of [8_000, 100_000]) {
      openMany(stage, 200, `GET /v1/routes?host=${"x".repeat(length)} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    }
  }),
];
