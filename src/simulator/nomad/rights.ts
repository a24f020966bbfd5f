/** What a token may: nothing that is left out. */
export interface Rights {
  /** Namespaces in which it has `read-job`; `*` for all. */
  readonly readJob?: readonly string[] | "*";
  /** `node { policy = "read" }`. */
  readonly readNodes?: boolean;
}

/** By the token's secret; the anonymous one's is empty. */
export type Tokens = ReadonlyMap<string, Rights>;

/** Without ACLs every request may do everything. */
export const EVERYTHING: Rights = { readJob: "*", readNodes: true };

/** The rights of a request; undefined for a token that does not exist, which Nomad refuses whatever is asked. */
export function rightsOf(tokens: Tokens | undefined, secret: string): Rights | undefined {
  if (tokens === undefined) return EVERYTHING;
  return tokens.get(secret) ?? (secret === "" ? {} : undefined);
}

export function mayReadJobs({ readJob = [] }: Rights, namespace: string): boolean {
  return readJob === "*" || readJob.includes(namespace);
}

/** Has it the right in any namespace? Nomad asks that of a request for all of them. */
export function mayReadSomeJobs({ readJob = [] }: Rights): boolean {
  return readJob.length > 0;
}
