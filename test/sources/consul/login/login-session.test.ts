import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CatalogError } from "../../../../src/sources/catalog/catalog-error.ts";
import type { LoginApi } from "../../../../src/sources/consul/login/login-api.ts";
import { createLoginSession, type LoginSession } from "../../../../src/sources/consul/login/login-session.ts";
import { createFakeClock, type FakeClock } from "../../../fakes/fake-clock.ts";
import { type RecordingCredentials, recordCredentials } from "../../../fakes/recording-credentials.ts";

const HOUR_MS = 3_600_000;

/** An auth method that numbers its tokens; it refuses what the test names. */
interface FakeLogins extends LoginApi {
  lifeMs: number | undefined;
  error: CatalogError | undefined;
  /** Answers of `isKnown` before the token has spread. */
  unknownFor: number;
  readonly jwts: string[];
  readonly loggedOut: string[];
  readonly checks: string[];
}

function createFakeLogins(): FakeLogins {
  const fake: FakeLogins = {
    lifeMs: HOUR_MS,
    error: undefined,
    unknownFor: 0,
    jwts: [],
    loggedOut: [],
    checks: [],
    async login(jwt) {
      fake.jwts.push(jwt);
      if (fake.error !== undefined) throw fake.error;
      const number = fake.jwts.length;
      return { token: `token-${number}`, accessor: `accessor-${number}`, lifeMs: fake.lifeMs };
    },
    async isKnown(token) {
      fake.checks.push(token);
      return fake.checks.length > fake.unknownFor;
    },
    async logout(token) {
      fake.loggedOut.push(token);
    },
  };
  return fake;
}

let dir: string;
let jwtFile: string;
let clock: FakeClock;
let reported: RecordingCredentials;
let logins: FakeLogins;
let session: LoginSession;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-login-"));
  jwtFile = join(dir, "nomad_portolan.jwt");
  writeFileSync(jwtFile, "jwt-1\n");
  clock = createFakeClock();
  reported = recordCredentials();
  logins = createFakeLogins();
  session = createLoginSession({ api: logins, jwtFile, clock, reporter: reported, random: () => 0 });
});
afterEach(async () => {
  await session.close();
  rmSync(dir, { recursive: true, force: true });
});

const REFUSAL = new CatalogError("E_CATALOG_LOGIN", "/v1/acl/login: status 403: Permission denied");

describe("logging in", () => {
  test("happens once, when the first token is needed, however many requests need it", async () => {
    expect(logins.jwts).toEqual([]);
    expect(await Promise.all([session.readToken(), session.readToken()])).toEqual(["token-1", "token-1"]);
    expect(await session.readToken()).toBe("token-1");
    expect(logins.jwts).toEqual(["jwt-1"]);
    expect(reported.renewed).toEqual(["consul.login: Consul gave a token for 3600 s (accessor accessor-1)"]);
  });

  test("ends when stale reads know the token, since an agent remembers for 30 s that it asked too early", async () => {
    logins.unknownFor = 3;
    const token = session.readToken();
    await clock.advance(300);
    expect(await token).toBe("token-1");
    expect(logins.checks).toHaveLength(4);
  });

  test("does not wait longer than two seconds for that", async () => {
    logins.unknownFor = Infinity;
    const token = session.readToken();
    await clock.advance(2_000);
    expect(await token).toBe("token-1");
  });
});

describe("a token", () => {
  test("is replaced before it ends, by the JWT that is in the file by then, and no request waits for it", async () => {
    await session.readToken();
    writeFileSync(jwtFile, "jwt-2");
    await clock.advance(0.8 * HOUR_MS - 1);
    expect(session.readToken()).toBe("token-1");
    expect(logins.jwts).toEqual(["jwt-1"]);

    await clock.advance(1);
    expect(session.readToken()).toBe("token-2");
    expect(logins).toMatchObject({ jwts: ["jwt-1", "jwt-2"], loggedOut: ["token-1"] });
  });

  test("is replaced at another moment on every node", async () => {
    const late = createLoginSession({ api: logins, jwtFile, clock, reporter: reported, random: () => 0.99 });
    await late.readToken();
    await clock.advance(0.89 * HOUR_MS);
    expect(logins.jwts).toHaveLength(1);
    await clock.advance(0.01 * HOUR_MS);
    expect(logins.jwts).toHaveLength(2);
    await late.close();
  });

  test("without an end is never replaced", async () => {
    logins.lifeMs = undefined;
    await session.readToken();
    await clock.advance(1_000 * HOUR_MS);
    expect(await session.readToken()).toBe("token-1");
    expect(reported.renewed).toEqual(["consul.login: Consul gave a token without an end (accessor accessor-1)"]);
  });

  test("stays in use while it cannot be replaced, which is reported once, until it ends", async () => {
    await session.readToken();
    logins.error = REFUSAL;
    await clock.advance(0.8 * HOUR_MS);
    for (let minute = 0; minute < 11; minute += 1) {
      expect(await session.readToken()).toBe("token-1");
      await clock.advance(60_000);
    }
    expect(reported.warned).toEqual([
      "consul.login: /v1/acl/login: status 403: Permission denied; the token in use stays until it ends, trying again",
    ]);
    await clock.advance(60_000);
    await expect(session.readToken()).rejects.toBe(REFUSAL);
  });

  test("that is refused is replaced at once", async () => {
    const token = await session.readToken();
    await clock.advance(10_000);
    expect(await session.readToken(token)).toBe("token-2");
    // A request that still carried the old one gets the new one without another login.
    expect(await session.readToken(token)).toBe("token-2");
    expect(logins.jwts).toHaveLength(2);
  });

  test("that is refused when it is younger than ten seconds is not: it may not be known everywhere", async () => {
    const token = await session.readToken();
    await clock.advance(9_999);
    expect(await session.readToken(token)).toBe(token);
    expect(logins.jwts).toHaveLength(1);
  });
});

describe("a login that fails", () => {
  test("is what every request is reported, and is tried again after a pause that grows to half a second", async () => {
    logins.error = REFUSAL;
    for (const pauseMs of [100, 200, 400, 500, 500]) {
      await expect(session.readToken()).rejects.toBe(REFUSAL);
      const tries = logins.jwts.length;
      await clock.advance(pauseMs - 1);
      await expect(session.readToken()).rejects.toBe(REFUSAL);
      expect(logins.jwts).toHaveLength(tries);
      await clock.advance(1);
    }
    logins.error = undefined;
    expect(await session.readToken()).toBe("token-6");
    expect(reported.warned).toEqual([]);
  });

  test("after an outage is tried again ten times as often", async () => {
    logins.error = new CatalogError("E_CATALOG_UNREACHABLE", "connection refused");
    await expect(session.readToken()).rejects.toThrow("connection refused");
    await clock.advance(20);
    logins.error = undefined;
    expect(await session.readToken()).toBe("token-2");
  });

  test("for want of a JWT says which file is missing", async () => {
    rmSync(jwtFile);
    await expect(session.readToken()).rejects.toMatchObject({
      code: "E_CATALOG_LOGIN",
      message: `consul.login.jwtFile: ${jwtFile} cannot be read (ENOENT); name the file into which the workload's identity is written`,
    });
  });
});

describe("the end", () => {
  test("logs out", async () => {
    await session.readToken();
    await session.close();
    expect(logins.loggedOut).toEqual(["token-1"]);
  });

  test("has nothing to log out of where there was no login", async () => {
    await session.close();
    expect(logins.loggedOut).toEqual([]);
  });

  test("names the accessor of a token that could not be given back, and not the token", async () => {
    await session.readToken();
    logins.logout = () => Promise.reject(new CatalogError("E_CATALOG_TIMEOUT", "no answer before the deadline"));
    await session.close();
    expect(reported.warned).toEqual([
      "consul.login: no answer before the deadline; the token with accessor accessor-1 is left over (consul acl token delete -id accessor-1)",
    ]);
  });
});
