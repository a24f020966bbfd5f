import type { PolicyRule } from "./rules.ts";

export interface Link {
  readonly ID: string;
  readonly Name: string;
}

export interface Policy extends Link {
  readonly Description: string;
  /** As given, for showing. */
  readonly Rules: string;
  readonly parsed: readonly PolicyRule[];
}

export interface Role extends Link {
  readonly Policies: readonly Link[];
}

/** As the API shows it. What a token does not have is left out. */
export interface Token {
  readonly AccessorID: string;
  readonly SecretID: string;
  readonly Description: string;
  readonly Policies?: readonly Link[];
  readonly Roles?: readonly Link[];
  readonly Local: boolean;
  readonly AuthMethod?: string;
  readonly ExpirationTime?: string;
  readonly CreateTime: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** An auth method of type jwt that knows the keys itself: Consul's own names for its settings. */
export interface AuthMethod {
  readonly Name: string;
  /** How long a token of a login lives, as one of Go's durations; "" for ever. */
  readonly MaxTokenTTL: string;
  readonly JWTValidationPubKeys: readonly string[];
  readonly BoundAudiences: readonly string[];
  /** "" for any. */
  readonly BoundIssuer: string;
  /** Default: RS256 alone. */
  readonly JWTSupportedAlgs: readonly string[];
  /** Claim → the name under which a binding rule knows it. */
  readonly ClaimMappings: Readonly<Record<string, string>>;
}

/** Gives the role of this name to every login of the method; `${value.NAME}` in it stands for a mapped claim. */
export interface BindingRule {
  readonly AuthMethod: string;
  readonly BindName: string;
}

/** What a token is made of, by the names of its policies and roles. Without a secret it gets one. */
export interface TokenDefinition {
  readonly SecretID?: string | undefined;
  readonly Description?: string | undefined;
  readonly Policies?: readonly string[] | undefined;
  readonly Roles?: readonly string[] | undefined;
  /** One of Go's durations. */
  readonly ExpirationTTL?: string | undefined;
}
