import { z } from "zod";
import { name, oneOf, PAGE, PAGED } from "../parameters.ts";
import { defineResource } from "../resource.ts";
import { INSTANCE_LABEL } from "./instance-label.ts";
import { PORT_CLASSES, PORT_STATUSES } from "./words.ts";

const RANGE = {
  ports: z.string().describe("`53`, or `20160-20169`"),
  first: z.number(),
  last: z.number(),
};

const protocol = z.enum(["tcp", "udp"]);
const scope = z.enum(["node", "cluster"]).describe("where a port is its owner's alone");

/** Who is registered at a port. */
const instance = z.object({
  ...INSTANCE_LABEL,
  service: z.string(),
  links: z.object({ consul: z.string().exactOptional(), nomad: z.string().exactOptional() }).exactOptional(),
});

const port = z.object({
  id: z.string().describe("first port, protocol and node, for `after`"),
  ...RANGE,
  protocol,
  isGuess: z.boolean().describe("neither the ledger nor a tag says the protocol"),
  node: z.string().nullable().describe("null: every node for which no other row has these ports"),
  class: z.enum(PORT_CLASSES),
  status: z.enum(PORT_STATUSES).describe("as docs/ports.md says"),
  registrations: z.number().describe("how many instances are registered there"),
  holders: z.array(z.string()).describe("their services, the first ten"),
  instances: z.array(instance).describe("the first ten of them"),
  declaredFor: z.array(z.string()).describe("the owners by the ledger"),
  entries: z.array(z.string()).describe("the `origin` of each entry of the ledger that has them"),
  statics: z.array(z.string()).describe("what of the operator's files points there by a fixed address"),
});

const entry = z.object({
  origin: z.string().describe("where it is written: `ledger.yml: ports.3`"),
  ...RANGE,
  protocols: z.array(protocol).readonly(),
  owner: z.string(),
  exposure: z.enum(["public", "ingress", "restricted", "internal", "never"]),
  nodes: z.array(z.string()).readonly().nullable().describe("null: on every node"),
  scope,
  purpose: z.string(),
  expected: z.enum(["reserved", "active"]).nullable().describe("what the ledger's keeper holds for true"),
  status: z.enum(PORT_STATUSES).describe("the worst of its ports'"),
  others: z.array(z.string()).describe("services and owners other than its own that have its ports, the first ten"),
  accessUrls: z.array(z.string()).describe("where users reach it, the first ten"),
  remarks: z.array(z.string()).readonly().describe("what its keeper should look at"),
});

const group = z.object({
  name: z.string(),
  ...RANGE,
  spacing: z.number().describe("the least distance between two of its ports"),
  scope,
  purpose: z.string(),
  nextFree: z.number().nullable().describe("null where none is free"),
  isCrowded: z.boolean().describe("the next free one is nearer to a neighbour than `spacing`"),
});

const undeclared = z.object({
  port: z.number(),
  protocol,
  service: z.string(),
  nodes: z.array(z.string()).describe("where it holds the port, the first ten"),
  declaration: z
    .string()
    .nullable()
    .describe("an item of the ledger's `ports` that declares it; null where none would do"),
  instead: z.string().nullable().describe("what to do first, where none would do"),
});

const reserved = z.object({
  nodes: z.string().describe("whose configuration it is for: `node-1`, `every node but node-1`"),
  config: z.string().describe("what the configuration of these Nomad clients must say"),
});

/** The ports that are registered or declared. */
export const PORTS = defineResource({
  path: "/v1/ports",
  summary: "the ports that are registered or declared, as `portolan ports` lists them, and the ledger",
  query: z.strictObject({
    service: name.exactOptional().describe("those that this service has, or that are declared for it"),
    node: name.exactOptional().describe("those of this node, and those of every node"),
    class: oneOf(PORT_CLASSES).exactOptional().describe("those of this class"),
    status: oneOf(PORT_STATUSES).exactOptional().describe("those that stand so"),
    ...PAGE,
  }),
  answer: z.object({
    covers: z
      .enum(["everything", "watched"])
      .describe(
        "`everything` that is registered, by the last survey; `watched`: what asks for routes, by the last pass, since there is no survey yet (without a ledger none is made)",
      ),
    surveyedAt: z.string().nullable().describe("when the survey was made; one is made every few minutes"),
    dynamicPorts: z.object({ ports: z.string(), first: z.number(), last: z.number(), origin: z.string() }),
    ports: z.array(port).describe("in the order of port, protocol and node"),
    ...PAGED,
    ledger: z
      .object({
        file: z.string().nullable(),
        scope,
        range: z.object(RANGE).nullable().describe("what entries and groups lie within; null: any port"),
        entries: z.array(entry),
        groups: z.array(group),
        undeclared: z.array(undeclared).describe("ports that services hold without a word of it, the first 200"),
        reserved: z.array(reserved).describe("what Nomad must be told, which does not read it"),
      })
      .nullable()
      .describe("null where nothing is declared"),
  }),
});

export type PortsQuery = z.output<typeof PORTS.query>;
export type PortsAnswer = z.infer<typeof PORTS.answer>;
export type PortTableRow = z.infer<typeof port>;
