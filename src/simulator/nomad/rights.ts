/** What a token may: nothing that is left out. */
export interface Rights {
  /** Namespaces in which it has `read-job`; `*` for all. */
  readonly readJob?: readonly string[] | "*";
  /** Namespaces in which it has another capability, as `list-jobs`: it knows that they exist. */
  readonly listJobs?: readonly string[];
  /** `node { policy = "read" }`. */
  readonly readNodes?: boolean;
  /** `agent { policy = "read" }`. */
  readonly readAgent?: boolean;
}

/** Every namespace, where a request names this one. */
export const ALL_NAMESPACES = "*";

/** By the token's secret; the anonymous one's is empty. */
export type Tokens = ReadonlyMap<string, Rights>;

/** Without ACLs every request may do everything. */
export const EVERYTHING: Rights = { readJob: "*", readNodes: true, readAgent: true };

/** The rights of a request; undefined for a token that does not exist, which Nomad refuses whatever is asked. */
export function rightsOf(tokens: Tokens | undefined, secret: string): Rights | undefined {
  if (tokens === undefined) return EVERYTHING;
  return tokens.get(secret) ?? (secret === "" ? {} : undefined);
}

export function mayReadJobs({ readJob = [] }: Rights, namespace: string): boolean {
  return readJob === "*" || readJob.includes(namespace);
}

/** Has it any right there? */
export function knowsNamespace(rights: Rights, namespace: string): boolean {
  return mayReadJobs(rights, namespace) || (rights.listJobs ?? []).includes(namespace);
}

/** Has it the right in any namespace? Nomad asks that of a request for all of them. */
export function mayReadSomeJobs({ readJob = [] }: Rights): boolean {
  return readJob.length > 0;
}

/** May a request that names this namespace see what lies in that one? With all namespaces, what it may not is left out. */
export function isAsked(namespace: string, asked: string, rights: Rights): boolean {
  return asked === ALL_NAMESPACES ? mayReadJobs(rights, namespace) : asked === namespace;
}
