import { expect, test } from "vitest";
import { saysGrpc } from "../../../src/core/translate/grpc.ts";

const TASK = "_nomad-task-0a1b2c3d-0000-0000-0000-000000000000-group";

test.each<[string, string, boolean]>([
  ["grpc", "a", true],
  ["orders-grpc", "a", true],
  ["orders.gRPC.v1", "a", true],
  ["orders_grpc", "a", true],
  ["grpcui", "a", false],
  ["mygrpc", "a", false],
  ["orders", `${TASK}-api-orders-grpc`, true],
  ["orders", `${TASK}-api-orders-internal_grpc`, true],
  ["orders", `${TASK}-api-orders-http`, false],
  ["orders", `${TASK}-grpc-orders-http`, false],
  ["orders", `${TASK}-orders-orders-grpc`, true],
  ["orders", "my-orders-grpc", false],
  ["orders", `${TASK}-renamed-grpc`, false],
])("service %s with the id %s: %s", (service, id, says) => {
  expect(saysGrpc({ service, id })).toBe(says);
});
