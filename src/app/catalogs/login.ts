import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import { createLoginApi } from "../../sources/consul/login/login-api.ts";
import { createLoginSession, type LoginSession } from "../../sources/consul/login/login-session.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import type { HttpConnections } from "../../sources/http/client/connections.ts";

type ConsulSettings = Settings["consul"];

/** Logs in with a JWT as soon as a token is needed, over the same connections as every other request. */
export function openLogin(
  { login, datacenter }: ConsulSettings & { readonly login: NonNullable<ConsulSettings["login"]> },
  connections: HttpConnections,
  reporter: CredentialReporter,
): LoginSession {
  const { authMethod, jwtFile, meta } = login;
  return createLoginSession({
    api: createLoginApi({
      connections,
      authMethod,
      meta,
      ...(datacenter === undefined ? {} : { datacenter }),
    }),
    jwtFile,
    clock: systemClock,
    random: Math.random,
    reporter,
  });
}
