import { textAnswer } from "../api/answer.ts";
import type { Route } from "./route.ts";

const PATHS: Readonly<Record<string, readonly Route["method"][]>> = {
  "/v1/acl/policy": ["PUT"],
  "/v1/acl/role": ["PUT"],
  "/v1/acl/token": ["PUT"],
  "/v1/acl/token/": ["PUT", "DELETE"],
  "/v1/acl/auth-method": ["PUT"],
  "/v1/acl/binding-rule": ["PUT"],
  "/v1/acl/token/self": ["GET"],
  "/v1/acl/login": ["POST"],
  "/v1/acl/logout": ["POST"],
};

/** The ACL API of an agent without ACLs. */
export const ACL_DISABLED: readonly Route[] = Object.entries(PATHS).flatMap(([path, methods]) =>
  methods.map((method) => ({ method, path, answer: async () => textAnswer(401, "ACL support disabled") })),
);
