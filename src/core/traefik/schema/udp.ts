import { int, list, map, object, string } from "./schema.ts";

const FILE_ONLY = { fileOnly: true } as const;
const serviceName = string({ refers: "service" });

/** Everything below `udp`. */
export const udp = object({
  routers: map(object({ entryPoints: list(string()), service: serviceName }), { defines: "router" }),
  services: map(
    object({
      loadBalancer: object({
        servers: list(
          object({
            address: string({ ...FILE_ONLY, connects: "endpoint" }),
            port: string({ labelOnly: true, connects: "server" }),
          }),
          { tagName: "server" },
        ),
      }),
      weighted: object(
        { services: list(object({ name: serviceName, weight: int({ optional: true, default: 1 }) })) },
        FILE_ONLY,
      ),
    }),
    { defines: "service" },
  ),
});
