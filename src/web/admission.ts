import type { ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import { clientOf } from "./client-of.ts";
import { createShares } from "./shares.ts";

export interface AdmissionLimits {
  /** Connections whose request has not come yet. */
  readonly waiting: number;
  /** Requests that are being answered, those included whose clients have not taken the answer. */
  readonly answering: number;
  /** Of answers that clients have not taken, all together. */
  readonly unreadBytes: number;
}

/**
 * Who gets in at the listener. One that says nothing, or takes nothing, gives way to one that does: the oldest of the client that
 * has the most. Where none is such, an answer that is still being made gives way to a client that has fewer. So a client that asks
 * at once is answered at once, however many others are there.
 */
export interface Admission {
  /** The request of this connection has come. It is no longer one of those that are waited for. */
  asked(socket: Socket): void;
  /**
   * Whether it may be answered; where there are too many answers already, one ends for it.
   *
   * @param isUrgent it is answered however few answers others have
   */
  admit(response: ServerResponse, isUrgent: boolean): boolean;
  /** The whole answer was handed to the system, as far as the client takes it. */
  handedOver(): void;
}

export function admitConnections(server: Server, { waiting, answering, unreadBytes }: AdmissionLimits): Admission {
  const silent = createShares<Socket>();
  const answers = createShares<ServerResponse>();

  server.prependListener("connection", (socket: Socket) => {
    const client = clientOf(socket.remoteAddress);
    silent.add(client, socket);
    socket.once("close", () => silent.delete(client, socket));
    if (silent.size > waiting) silent.takeOldest()?.destroy();
  });

  /** One whose client is all that it waits for; else one that is being made. @returns whether there was one */
  function endOneFor(client: string, isUrgent: boolean): boolean {
    const one =
      answers.takeOldest(isUntaken) ?? (isUrgent ? answers.takeOldest() : answers.takeOldestOfGreedierThan(client));
    one?.destroy();
    return one !== undefined;
  }

  function unread(): number {
    return [...answers].reduce((sum, { socket }) => sum + (socket?.writableLength ?? 0), 0);
  }

  return {
    asked: (socket) => silent.delete(clientOf(socket.remoteAddress), socket),
    admit(response, isUrgent) {
      const client = clientOf(response.socket?.remoteAddress);
      if (answers.size >= answering && !endOneFor(client, isUrgent)) return false;
      answers.add(client, response);
      response.once("close", () => answers.delete(client, response));
      return true;
    },
    handedOver() {
      if (unread() > unreadBytes) answers.takeOldest(isUntaken)?.destroy();
    },
  };
}

function isUntaken({ writableEnded }: ServerResponse): boolean {
  return writableEnded;
}
