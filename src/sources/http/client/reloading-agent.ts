import { Agent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import type { TlsMaterial, TlsOptions } from "../../credentials/tls-material.ts";
import { KEEP_ALIVE } from "./agent.ts";
import { prepareConnection } from "./prepare-connection.ts";

/**
 * Keeps connections for requests to come, as Node's own agent does, but only as long as the certificates that they were
 * opened with count: when those are replaced, connections at rest are closed at once, and busy ones after their answer.
 */
export class ReloadingAgent extends Agent {
  readonly #material: TlsMaterial;
  /** By the options of a connection: Node asks for the name of its pool again when it falls free or ends. */
  readonly #chosen = new WeakMap<RequestOptions, TlsOptions>();
  readonly #openedWith = new WeakMap<Duplex, TlsOptions>();
  #latest: TlsOptions;

  constructor(material: TlsMaterial) {
    super(KEEP_ALIVE);
    this.#material = material;
    this.#latest = material.current();
  }

  /** The pool that a request takes its connection from. Each material has its own, with its own TLS sessions. */
  override getName(options: RequestOptions = {}): string {
    return super.getName({ ...options, ...this.#choose(options) });
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const tls = this.#choose(options);
    const socket = prepareConnection(super.createConnection({ ...options, ...tls }, callback));
    if (socket != null) this.#openedWith.set(socket, tls);
    return socket;
  }

  /** Called after the answer. Node's documentation has it return false for a connection that is to be closed. */
  override keepSocketAlive(socket: Duplex): boolean {
    const isWanted: unknown = super.keepSocketAlive(socket);
    return isWanted !== false && this.#openedWith.get(socket) === this.#current();
  }

  #choose(options: RequestOptions): TlsOptions {
    const tls = this.#chosen.get(options) ?? this.#current();
    this.#chosen.set(options, tls);
    return tls;
  }

  #current(): TlsOptions {
    const tls = this.#material.current();
    if (tls !== this.#latest) {
      this.#latest = tls;
      for (const socket of Object.values(this.freeSockets).flat()) socket?.destroy();
    }
    return tls;
  }
}
