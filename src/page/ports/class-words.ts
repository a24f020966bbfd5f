import type { PortRow } from "./port-row.ts";

/** Who uses a class of ports and what the policy is, as the document of the ledger has it. */
export const CLASS_WORDS: Readonly<Record<PortRow["class"], { readonly who: string; readonly policy: string }>> = {
  system: {
    who: "what clients expect there: DNS, HTTP, HTTPS, SSH",
    policy: "static exceptions only, each declared; never a route otherwise",
  },
  infrastructure: { who: "Consul, Nomad, databases, exporters", policy: "never a route, unless declared" },
  dynamic: {
    who: "every service, on a port that the scheduler picks",
    policy: "a route by default; nothing to plan, ports change with every deployment",
  },
  high: { who: "the near ends of outgoing connections", policy: "never a route, unless declared" },
};
