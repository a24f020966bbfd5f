import { type Answer, jsonAnswer, textAnswer } from "../api/answer.ts";
import { type Found, list, member, table, text } from "../api/body.ts";
import { denied } from "../consul/access.ts";
import type { Route, RouteRequest } from "../consul/route.ts";
import type { Policy, TokenDefinition } from "./records.ts";
import type { AclStore } from "./store.ts";
import { unknownToken } from "./unknown-token.ts";

type AclRequest = Pick<RouteRequest, "secret" | "name" | "body"> & { readonly acl: AclStore };
type AnswerAcl = (request: AclRequest) => Promise<Answer>;

/** Consul's ACL API, as far as a watcher of a catalog and its tests meet it. */
export function aclRoutes(acl: AclStore): readonly Route[] {
  function open(method: Route["method"], path: string, answer: AnswerAcl): Route {
    return { method, path, answer: ({ secret, name, body }) => answer({ acl, secret, name, body }) };
  }

  /** For the token of the management alone. */
  function managed(method: Route["method"], path: string, answer: AnswerAcl): Route {
    return open(method, path, async (request) => {
      if (!acl.access(request.secret).isFull) throw denied();
      return answer(request);
    });
  }

  return [
    managed("PUT", "/v1/acl/policy", writePolicy),
    managed("PUT", "/v1/acl/role", writeRole),
    managed("PUT", "/v1/acl/token", createToken),
    managed("PUT", "/v1/acl/token/", updateToken),
    managed("DELETE", "/v1/acl/token/", deleteToken),
    managed("PUT", "/v1/acl/auth-method", writeAuthMethod),
    managed("PUT", "/v1/acl/binding-rule", writeBindingRule),
    open("GET", "/v1/acl/token/self", readOwnToken),
    open("POST", "/v1/acl/login", login),
    open("POST", "/v1/acl/logout", logout),
  ];
}

async function writePolicy({ acl, body }: AclRequest): Promise<Answer> {
  const root = await body();
  const Description = textOf(root, "Description");
  const { parsed: _parsed, ...policy }: Policy = acl.writePolicy({
    Name: textOf(root, "Name"),
    Description,
    Rules: textOf(root, "Rules"),
  });
  return jsonAnswer(policy);
}

async function writeRole({ acl, body }: AclRequest): Promise<Answer> {
  const root = await body();
  return jsonAnswer(acl.writeRole({ Name: textOf(root, "Name"), Policies: namesIn(member(root, "Policies")) }));
}

async function createToken({ acl, body }: AclRequest): Promise<Answer> {
  return jsonAnswer(acl.createToken(tokenIn(await body())));
}

async function updateToken({ acl, name, body }: AclRequest): Promise<Answer> {
  return jsonAnswer(acl.updateToken(name, tokenIn(await body())));
}

function tokenIn(root: Found): TokenDefinition {
  return {
    SecretID: text(member(root, "SecretID")),
    Description: text(member(root, "Description")),
    Policies: namesIn(member(root, "Policies")),
    Roles: namesIn(member(root, "Roles")),
    ExpirationTTL: text(member(root, "ExpirationTTL")),
  };
}

async function readOwnToken({ acl, secret }: AclRequest): Promise<Answer> {
  const headers = {
    "X-Consul-Index": String(acl.index),
    "X-Consul-Knownleader": "true",
    "X-Consul-Lastcontact": "0",
  };
  const token = acl.token(secret);
  return token === undefined ? textAnswer(403, unknownToken().message, headers) : jsonAnswer(token, headers);
}

async function deleteToken({ acl, name }: AclRequest): Promise<Answer> {
  acl.deleteToken(name);
  return jsonAnswer(true);
}

async function writeAuthMethod({ acl, body }: AclRequest): Promise<Answer> {
  const root = await body();
  const config = member(root, "Config");
  const method = {
    Name: textOf(root, "Name"),
    MaxTokenTTL: textOf(root, "MaxTokenTTL"),
    JWTValidationPubKeys: list(member(config, "JWTValidationPubKeys"), text) ?? [],
    BoundAudiences: list(member(config, "BoundAudiences"), text) ?? [],
    BoundIssuer: textOf(config, "BoundIssuer"),
    JWTSupportedAlgs: list(member(config, "JWTSupportedAlgs"), text) ?? [],
    ClaimMappings: table(member(config, "ClaimMappings"), text) ?? {},
  };
  if (textOf(root, "Type") !== "jwt")
    return textAnswer(500, "the embedded catalog knows auth methods of type jwt only");
  acl.writeAuthMethod(method);
  return jsonAnswer({ Name: method.Name, Type: "jwt", MaxTokenTTL: method.MaxTokenTTL });
}

async function writeBindingRule({ acl, body }: AclRequest): Promise<Answer> {
  const root = await body();
  const rule = { AuthMethod: textOf(root, "AuthMethod"), BindName: textOf(root, "BindName") };
  if (textOf(root, "BindType") !== "role" || textOf(root, "Selector") !== "") {
    return textAnswer(500, "the embedded catalog binds roles only, without a selector");
  }
  acl.writeBindingRule(rule);
  return jsonAnswer({ BindType: "role", ...rule });
}

async function login({ acl, body }: AclRequest): Promise<Answer> {
  const root = await body();
  const meta = table(member(root, "Meta"), text) ?? {};
  return jsonAnswer(acl.login({ method: textOf(root, "AuthMethod"), jwt: textOf(root, "BearerToken"), meta }));
}

async function logout({ acl, secret }: AclRequest): Promise<Answer> {
  acl.logout(secret);
  return jsonAnswer(true);
}

function textOf(found: Found, key: string): string {
  return text(member(found, key)) ?? "";
}

/** `[{"Name": "…"}, …]`. */
function namesIn(found: Found): readonly string[] {
  return list(found, (link) => text(member(link, "Name"))) ?? [];
}
