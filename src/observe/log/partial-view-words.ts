import type { PartialViewReason } from "../../core/catalog/snapshot.ts";

/** Each reason why a catalog may not show everything, for people. */
export const PARTIAL_VIEW_WORDS: Readonly<Record<PartialViewReason, string>> = {
  filtered: "the token may not see everything (X-Consul-Results-Filtered-By-ACLs); what is missing may still be there",
  "default-deny":
    "nothing is listed and ACLs deny by default: the token is anonymous or has no policy; what is missing may still be there",
  "no-servers":
    "not even Consul's own servers are listed: the token lacks a policy; what is missing may still be there",
  "denied-namespace":
    "Nomad denies the token a namespace that it could read, or that the settings name (status 403); its services may still be there",
  "no-leader": "the server that answers knows of no leader; what is missing may still be there",
};

/** What is so again once the reason has gone. */
export const FULL_VIEW_WORDS: Readonly<Record<PartialViewReason, string>> = {
  filtered: "no answer is filtered by ACLs any more",
  "default-deny": "services are listed again, or ACLs no longer deny by default",
  "no-servers": "Consul's own servers are listed again",
  "denied-namespace": "every namespace that was denied can be read again, or has no service",
  "no-leader": "the server that answers knows a leader again",
};
