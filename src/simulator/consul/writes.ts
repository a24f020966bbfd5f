import { jsonAnswer } from "../api/answer.ts";
import { denied, FULL_ACCESS } from "./access.ts";
import { decodeDeregistration, decodeRegistration } from "./decode.ts";
import type { Route } from "./route.ts";

/** What changes the catalog. A service is written by the right on it, a node and its checks by that on the node. */
export const WRITES: readonly Route[] = [
  {
    method: "PUT",
    path: "/v1/catalog/register",
    async answer({ agent: { catalog, acl }, secret, body }) {
      const registration = decodeRegistration(await body());
      const { Node, Service, SkipNodeUpdate } = registration;
      const access = acl?.access(secret) ?? FULL_ACCESS;
      if (SkipNodeUpdate !== true && !access.can("write", "node", Node)) throw denied();
      if (Service !== undefined && !access.can("write", "service", Service.Service)) throw denied();
      if (Service === undefined && !access.can("write", "node", Node)) throw denied();
      catalog.register(registration);
      return jsonAnswer(true);
    },
  },
  {
    method: "PUT",
    path: "/v1/catalog/deregister",
    async answer({ agent: { catalog, acl }, secret, body }) {
      const deregistration = decodeDeregistration(await body());
      const { Node, ServiceID = "" } = deregistration;
      const access = acl?.access(secret) ?? FULL_ACCESS;
      const service = catalog.state.tables.instance(Node, ServiceID)?.service.Service;
      const [kind, name] = service === undefined ? (["node", Node] as const) : (["service", service] as const);
      if (!access.can("write", kind, name)) throw denied();
      catalog.deregister(deregistration);
      return jsonAnswer(true);
    },
  },
];
