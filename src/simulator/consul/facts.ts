import { jsonAnswer } from "../api/answer.ts";
import { denied } from "./access.ts";
import type { Route } from "./route.ts";

/** What an agent says of itself and its cluster, without waiting. */
export const FACTS: readonly Route[] = [
  { method: "GET", path: "/v1/status/leader", answer: async () => jsonAnswer("127.0.0.1:8300") },
  {
    method: "GET",
    path: "/v1/agent/self",
    async answer({ agent: { catalog, acl }, secret }) {
      const { datacenter, server } = catalog;
      if (acl?.access(secret).can("read", "agent", server) === false) throw denied();
      return jsonAnswer({
        Config: { Datacenter: datacenter, NodeName: server, Revision: "", Server: true, Version: "1.8.7" },
        DebugConfig: {},
        Member: { Name: server, Addr: "127.0.0.1", Port: 8301, Status: 1 },
        Meta: { "consul-network-segment": "" },
      });
    },
  },
];
