import { describe, expect, test } from "vitest";
import { instance, pass } from "../../builders/world.ts";

const HASH = "$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/";

/** A user with a hash that has landed in a tag's key, since something else stands where the `=` belongs. */
const IN_KEYS = [
  `traefik.http.middlewares.auth.basicauth.users:admin:${HASH}=`,
  `traefik.http.middlewares.auth.basicauth.users.admin:${HASH}=`,
  `traefik.http.middlewares.auth.basicauth.users$admin${HASH}=x`,
  `traefik.http.middlewares.auth.basicauth.user:admin:${HASH}]=x`,
  `traefik.http.middlewares.auth.basicauth:admin:${HASH}..=x`,
  `traefik.http.middlewares.auth.basicauth.users:admin:{SHA}${HASH}=`,
  `traefik.http.middlewares.auth.digestauth.users:admin:realm:${HASH}=`,
  `traefik.http.middlewares.auth:${HASH}@x.basicauth.users=x`,
  `traefik.http.routers.web.[admin:${HASH}]=x`,
];

/** The same as the value of a field that holds no secret, and cannot hold this. */
const IN_VALUES = [
  `traefik.http.middlewares.auth.basicauth.removeheader=admin:${HASH}`,
  `traefik.http.routers.web.priority=admin:${HASH}`,
  `traefik.http.middlewares.auth.headers.framedeny=admin:${HASH}`,
];

describe("no diagnostic shows a hash in the wrong place", () => {
  test.each([...IN_KEYS, ...IN_VALUES])("%s", (tag) => {
    const { diagnostics } = pass([instance({ tags: ["traefik.enable=true", tag] })]);
    expect(diagnostics.map(({ code }) => code)[0]).toMatch(/^(?:TAG_|TYPE_MISSING|VALUE_|NAME_OF_PROVIDER)/);
    expect(JSON.stringify(diagnostics)).not.toMatch(/apr1|H6uskkkW|IgXLP6ew/);
  });
});
