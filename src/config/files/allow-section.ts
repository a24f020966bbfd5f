import { z } from "zod";
import { WHO } from "../../core/policy/who.ts";
import { text } from "./field-kinds.ts";
import { who } from "./who.ts";

/** What an allowance may open. */
const opened = {
  healthCheckMethods: z
    .array(
      z
        .string()
        .toUpperCase()
        .regex(/^[A-Z]+$/, { message: 'a method such as "POST" is allowed' })
        .meta({ pattern: "^[A-Za-z]+$" }),
    )
    .exactOptional()
    .describe("methods of HTTP health checks besides GET and HEAD"),
  redirects: z
    .boolean()
    .exactOptional()
    .describe(
      "answers may lead Traefik to any address: HTTP health checks follow redirects, and the Redis of a rate limit may be a cluster (several `endpoints`)",
    ),
  healthCheckSend: z
    .boolean()
    .exactOptional()
    .describe("TCP health checks may send bytes (`loadbalancer.healthcheck.send`)"),
  entryPoints: z.array(text).exactOptional().describe("entry points that its routers may take as a whole"),
  withoutDefaultMiddlewares: z
    .boolean()
    .exactOptional()
    .describe(
      "its routers of HTTP may ask to be without `traefik.defaultMiddlewares`, and its TCP routers may listen where those stand",
    ),
  uses: z
    .array(text)
    .exactOptional()
    .describe("services, transports and TLS options outside its own, as its tags name them, such as `secret@docker`"),
};

const allowance = z
  .strictObject({
    service: who.service.describe("whom the entry is about, as in the policy: exact, or with `*` for any characters"),
    job: who.job.describe("the same"),
    namespace: who.namespace.describe("the same"),
    node: who.node.describe("the same"),
    datacenter: who.datacenter.describe("the same"),
    ...opened,
  })
  .superRefine((found, context) => {
    if (Object.keys(opened).some((key) => Object.hasOwn(found, key))) return;
    context.issues.push({
      code: "custom",
      input: found,
      message: `at least one key that opens something is allowed beside ${WHO.join(", ")}: ${Object.keys(opened).join(", ")}`,
    });
  });

/** The section `allow` of the settings: what is open to some services and closed to all others. */
export const allowList = z
  .array(allowance)
  .default([])
  .describe(
    "what is open to some services and closed to all others; every entry that is about a service counts, and a policy may still refuse",
  );
