import type { Server } from "node:net";
import { writtenAddress } from "../api/daemon-address.ts";
import { AppError, EXIT_CODES } from "../base/errors.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Lets the server listen there; answers with host and port as they stand in a URL, the port being the real one where 0 was
 * asked for. Throws AppError where the address cannot be listened on.
 *
 * @param setting the one that names the address, for messages
 * @param otherwise how an operator names another one
 */
export async function listenAt(
  server: Server,
  { host, port }: ListenAddress,
  setting: string,
  otherwise: string,
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code = "unknown reason" }: NodeJS.ErrnoException) =>
      reject(cannotListen(`${setting}: cannot listen on ${host}:${port} (${code})`, code, otherwise)),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const real = typeof address === "object" && address !== null ? address.port : port;
  return writtenAddress({ host, port: real });
}

function cannotListen(trouble: string, code: string, otherwise: string): AppError {
  const isTaken = code === "EADDRINUSE";
  const reason = isTaken ? "another process listens there" : "the address cannot be used";
  return new AppError(`${trouble}: ${reason}; choose another with ${otherwise}`, {
    code: "E_LISTEN",
    // Who listens there may end at any time, an earlier portolan that is just stopping first of all.
    retryable: isTaken,
    exitCode: isTaken ? EXIT_CODES.unavailable : EXIT_CODES.badSettings,
  });
}
