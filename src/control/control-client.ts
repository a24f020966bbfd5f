import { z } from "zod";
import { AppError, EXIT_CODES } from "../base/errors.ts";
import { request } from "../base/http-request.ts";
import { parseJson } from "../base/parse-json.ts";
import { withSocketPath } from "../base/socket-path.ts";
import { controlSocketPath, PATIENCE_MS } from "./control-socket.ts";
import type { Order } from "./orders.ts";
import { senderHeaders } from "./sender.ts";

const refusal = z.object({ code: z.string(), message: z.string() });

/**
 * Gives an order to the daemon that uses this state directory; resolves to its answer. Throws AppError: E_CONTROL_AWAY
 * (exit code 69) where no portolan listens or answers there, else the code with which the daemon refuses the order.
 */
export async function giveOrder<Parameters, Answer>(
  stateDir: string,
  order: Pick<Order<Parameters, Answer>, "route" | "answer">,
  parameters?: Parameters,
): Promise<Answer> {
  const path = controlSocketPath(stateDir);
  const { status, text } = await withSocketPath(path, (socketPath) =>
    exchange(socketPath, order.route, parameters),
  ).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    throw away(path, "code" in error ? String(error.code) : error.message);
  });
  const found = parseJson(text);
  const answer = status === 200 ? order.answer.safeParse(found) : undefined;
  if (answer?.success === true) return answer.data;
  const refused = refusal.safeParse(found);
  if (!refused.success) throw away(path, `status ${status}, which is no answer of portolan`);
  throw new AppError(refused.data.message, { code: refused.data.code, retryable: false });
}

function exchange(socketPath: string, route: string, body: unknown): Promise<{ status: number; text: string }> {
  const [method, path] = route.split(" ", 2);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const outgoing = request(
      { socketPath, method, path, headers: senderHeaders(), signal, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body === undefined ? "" : JSON.stringify(body));
  });
}

function away(path: string, reason: string): AppError {
  const message =
    reason === "EACCES" || reason === "EPERM"
      ? `this user may not use ${path} (${reason}): orders are taken of portolan's user and of root; run the command as one of them, as with sudo`
      : `no portolan that writes a chart answers at ${path} (${reason}); name the state directory of the one that runs with --state-dir, and be its user or root`;
  return new AppError(message, { code: "E_CONTROL_AWAY", retryable: true, exitCode: EXIT_CODES.unavailable });
}
