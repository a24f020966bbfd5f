import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../../base/clock.ts";
import { type Access, denied, FULL_ACCESS } from "../consul/access.ts";
import { refused } from "../state/definition.ts";
import { boundRoles } from "./binding.ts";
import { verifyJwt } from "./jwt.ts";
import type { AuthMethod, BindingRule, Link, Policy, Role, Token, TokenDefinition } from "./records.ts";
import { accessFrom } from "./rights.ts";
import { parseRules } from "./rules.ts";
import { isoTime, tokenTimes } from "./token-times.ts";
import { unknownToken } from "./unknown-token.ts";

const MANAGEMENT: Link = { ID: "00000000-0000-0000-0000-000000000001", Name: "global-management" };
export const ANONYMOUS_ACCESSOR = "00000000-0000-0000-0000-000000000002";

/** Consul's: no token may be made to live for less, so that its replication has time. */
const TTL_MIN_MS = 60_000;

/** A real log begins with an election and the settings of the cluster. */
const INDEX_BEFORE_FIRST_WRITE = 4;

export interface AclOptions {
  /** What a token may do about which its policies say nothing. Default: deny. */
  readonly defaultPolicy?: "allow" | "deny";
  /** The secret of a token that may do everything. */
  readonly managementToken: string;
  /** The shortest life that a token may be given. Default: Consul's minute. */
  readonly ttlMinMs?: number;
  /** By which tokens expire. Default: the system's. */
  readonly clock?: Clock;
}

/**
 * Consul's tokens and what they may do. All writes throw E_SIMULATOR_REFUSED, in Consul's words, where it answers 500.
 * Nothing here wakes a blocked query or moves an index of the catalog: a right that is taken away shows at the next look.
 */
export interface AclStore {
  readonly defaultPolicy: "allow" | "deny";
  /** The index of the last write to any of this. */
  readonly index: number;
  /** The rights of a secret, "" the anonymous one. Throws E_SIMULATOR_TOKEN where there is no such token (any more). */
  access(secret: string): Access;
  /** The token of a secret, where it exists and has not expired. */
  token(secret: string): Token | undefined;
  /** Writes a policy under its name, over the one of that name. */
  writePolicy(policy: { readonly Name: string; readonly Description?: string; readonly Rules: string }): Policy;
  writeRole(role: { readonly Name: string; readonly Policies: readonly string[] }): Role;
  createToken(definition: TokenDefinition): Token;
  /** Gives a token other policies and roles; its secret and its end stay. */
  updateToken(accessor: string, definition: TokenDefinition): Token;
  /** Also of one that is not there. */
  deleteToken(accessor: string): void;
  writeAuthMethod(method: AuthMethod): void;
  writeBindingRule(rule: BindingRule): void;
  /** A token for a JWT. Throws E_SIMULATOR_TOKEN for an unknown method, E_SIMULATOR_DENIED where no rule gives a role. */
  login(login: {
    readonly method: string;
    readonly jwt: string;
    readonly meta?: Readonly<Record<string, string>>;
  }): Token;
  /** Ends the token of a login; E_SIMULATOR_DENIED for another kind. */
  logout(secret: string): void;
}

/** ACLs with the anonymous token, which has no policies, and one token for the management. */
export function createAclStore(options: AclOptions): AclStore {
  const { defaultPolicy = "deny", managementToken, ttlMinMs = TTL_MIN_MS, clock = systemClock } = options;
  const management = { ...MANAGEMENT, Description: "", Rules: "", parsed: [] };
  const policies = new Map<string, Policy>([[MANAGEMENT.Name, management]]);
  const roles = new Map<string, Role>();
  const tokens = new Map<string, Token>();
  const methods = new Map<string, AuthMethod>();
  const bindings: BindingRule[] = [];
  let index = INDEX_BEFORE_FIRST_WRITE;

  function find(secret: string): Token | undefined {
    const now = isoTime(clock.nowMs());
    return [...tokens.values()].find(
      ({ SecretID, ExpirationTime }) => SecretID === secret && (ExpirationTime === undefined || ExpirationTime > now),
    );
  }

  function links(kind: "policy" | "role", known: ReadonlyMap<string, Link>, names: readonly string[]): readonly Link[] {
    return names.map((name) => {
      const found = known.get(name);
      if (found === undefined) throw refused(`No such ACL ${kind} with name "${name}"`);
      return { ID: found.ID, Name: name };
    });
  }

  function put(token: Omit<Token, "CreateIndex" | "ModifyIndex">): Token {
    index += 1;
    const CreateIndex = tokens.get(token.AccessorID)?.CreateIndex ?? index;
    const row = { ...token, CreateIndex, ModifyIndex: index };
    tokens.set(row.AccessorID, row);
    return row;
  }

  function rights({ Policies = [], Roles = [] }: TokenDefinition): Pick<Token, "Policies" | "Roles"> {
    return {
      ...(Policies.length === 0 ? {} : { Policies: links("policy", policies, Policies) }),
      ...(Roles.length === 0 ? {} : { Roles: links("role", roles, Roles) }),
    };
  }

  function create(definition: TokenDefinition, login: Pick<Token, "AuthMethod"> = {}): Token {
    return put({
      AccessorID: randomUUID(),
      SecretID: definition.SecretID ?? randomUUID(),
      Description: definition.Description ?? "",
      ...rights(definition),
      Local: login.AuthMethod !== undefined,
      ...login,
      ...tokenTimes(definition.ExpirationTTL ?? "", clock.nowMs(), ttlMinMs),
    });
  }

  function policiesOf({ Policies = [], Roles = [] }: Token): readonly Link[] {
    return [...Policies, ...Roles.flatMap(({ Name }) => roles.get(Name)?.Policies ?? [])];
  }

  create({ SecretID: managementToken, Description: "Master Token", Policies: [MANAGEMENT.Name] });
  const anonymous = { AccessorID: ANONYMOUS_ACCESSOR, SecretID: "anonymous", Description: "Anonymous Token" };
  put({ ...anonymous, Local: false, CreateTime: isoTime(clock.nowMs()) });

  return {
    defaultPolicy,
    get index() {
      return index;
    },
    access(secret) {
      const token = find(secret === "" ? "anonymous" : secret);
      if (token === undefined) throw unknownToken();
      const held = policiesOf(token);
      if (held.some(({ ID }) => ID === MANAGEMENT.ID)) return FULL_ACCESS;
      return accessFrom(
        held.flatMap(({ Name }) => policies.get(Name)?.parsed ?? []),
        defaultPolicy,
      );
    },
    token: find,
    writePolicy({ Name, Description = "", Rules }) {
      index += 1;
      const policy = {
        ID: policies.get(Name)?.ID ?? randomUUID(),
        Name,
        Description,
        Rules,
        parsed: parseRules(Rules),
      };
      policies.set(Name, policy);
      return policy;
    },
    writeRole({ Name, Policies }) {
      index += 1;
      const role = { ID: roles.get(Name)?.ID ?? randomUUID(), Name, Policies: links("policy", policies, Policies) };
      roles.set(Name, role);
      return role;
    },
    createToken: (definition) => create(definition),
    updateToken(accessor, definition) {
      const old = tokens.get(accessor);
      if (old === undefined) throw refused(`Cannot find token "${accessor}"`);
      const { Policies: _policies, Roles: _roles, ...kept } = old;
      return put({ ...kept, Description: definition.Description ?? old.Description, ...rights(definition) });
    },
    deleteToken(accessor) {
      index += 1;
      tokens.delete(accessor);
    },
    writeAuthMethod(method) {
      index += 1;
      methods.set(method.Name, method);
    },
    writeBindingRule(rule) {
      index += 1;
      bindings.push(rule);
    },
    login({ method: name, jwt, meta = {} }) {
      const method = methods.get(name);
      if (method === undefined) throw unknownToken();
      const claims = verifyJwt(jwt, method, clock.nowMs());
      const Roles = boundRoles(method, bindings, claims).filter((role) => roles.has(role));
      if (Roles.length === 0) throw denied();
      const suffix = Object.keys(meta).length === 0 ? "" : `: ${JSON.stringify(meta)}`;
      const Description = `token created via login${suffix}`;
      return create({ Description, Roles, ExpirationTTL: method.MaxTokenTTL }, { AuthMethod: name });
    },
    logout(secret) {
      const token = secret === "" ? undefined : find(secret);
      if (token === undefined) throw unknownToken();
      if (token.AuthMethod === undefined) throw denied();
      tokens.delete(token.AccessorID);
    },
  };
}
