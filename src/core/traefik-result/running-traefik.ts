import type { ConfigObject } from "../traefik/chart/dynamic-config.ts";

/** An entry point of a running Traefik. */
export interface TraefikEntryPoint {
  readonly name: string;
  /** As in its static configuration: `:443`, `:53/udp`. */
  readonly address: string;
  /** It is one of those that routers get that name none (`asDefault`). */
  readonly isDefault: boolean;
  /** What it adds to each router of HTTP that listens there; absent where it adds nothing. */
  readonly options?: EntryPointOptions;
}

/** `http.middlewares`, `http.tls` and `observability` of an entry point. */
export interface EntryPointOptions {
  readonly middlewares?: readonly string[];
  readonly tls?: ConfigObject;
  readonly observability?: ConfigObject;
}

/** What a running Traefik says of itself. All texts are short printable lines. */
export interface RunningTraefik {
  /** `3.6.12`; `dev` where it was built without one. */
  readonly version: string;
  /** Its start as Traefik writes it: another text is another process. */
  readonly startedAt: string;
  readonly entryPoints: readonly TraefikEntryPoint[];
  /** As Traefik calls them there: `File`, `ConsulCatalog`. */
  readonly providers: readonly string[];
  /** What its static configuration says; undefined where the API does not show it (`/api/support-dump`). */
  readonly configuration: TraefikConfiguration | undefined;
}

/** Parts of the static configuration of a running Traefik. */
export interface TraefikConfiguration {
  /** Names of the certificate resolvers. */
  readonly certResolvers: readonly string[];
  /** The smallest time between two configurations of one provider, in milliseconds. */
  readonly throttleMs: number | undefined;
  /** How often it asks for a chart that `serve` gives it, in milliseconds, where it has such a provider. */
  readonly pollMs: number | undefined;
  /** The file provider, where there is one. */
  readonly file: TraefikFileProvider | undefined;
}

export interface TraefikFileProvider {
  /** As Traefik sees it: in a container another path than ours. */
  readonly directory: string | undefined;
  readonly filename: string | undefined;
  readonly isWatched: boolean;
}

/** How many resources Traefik has of a kind, and how many of them it found something wrong with. */
export interface TraefikCount {
  readonly total: number;
  readonly warnings: number;
  readonly errors: number;
}
