import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { until } from "../../support/await-until.ts";
import { type Certificate, makeAuthority } from "../../support/certificates.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { hostOf, register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";
import { examplePolicy } from "../example-policy.ts";
import { byNomad, overRestart, underPolicy } from "../variants.ts";

const EXPOSED = "traefik.enable=true";
const BANK = hostOf("bank");
const THIEF = hostOf("thief");

function registerBank({ catalog, ports }: Pick<Stage, "catalog" | "ports">): Promise<void> {
  const router = [`rule=Host(\`${BANK}\`)`, "entrypoints=secure", "tls.options=clients@file"];
  const tags = [EXPOSED, ...router.map((field) => `traefik.http.routers.bank.${field}`)];
  return register(catalog, { service: "bank", port: ports.first, tags });
}

/** A router whose rule names the bank's host and never matches it. */
function registerThief({ catalog, ports }: Pick<Stage, "catalog" | "ports">, rule: string): Promise<void> {
  const router = [`rule=${rule}`, "entrypoints=secure", "tls=true"];
  const tags = [EXPOSED, ...router.map((field) => `traefik.http.routers.thief.${field}`)];
  return register(catalog, { service: "thief", port: ports.second, tags });
}

/** Asks with this certificate or without one; a refused handshake is status 0. */
function askWithTls(stage: Stage, host: string, client?: Certificate): Promise<{ status: number; text: string }> {
  const port = stage.entryPoints.get("secure") ?? 0;
  const own = client && { cert: readFileSync(client.cert), key: readFileSync(client.key) };
  return new Promise((resolve) => {
    const asking = request(
      { host: "127.0.0.1", port, servername: host, headers: { host }, rejectUnauthorized: false, agent: false, ...own },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asking.setTimeout(3_000, () => asking.destroy());
    asking.once("error", ({ message }) => resolve({ status: 0, text: message })).end();
  });
}

const clientOf = ({ root }: Pick<Stage, "root">): Certificate => ({
  cert: join(root, "teller.pem"),
  key: join(root, "teller.key"),
});

async function expectDemand(stage: Stage): Promise<void> {
  const withCertificate = await askWithTls(stage, BANK, clientOf(stage));
  if (withCertificate.text !== String(stage.ports.first)) {
    throw new Error(`with a certificate the bank answers ${withCertificate.status} ${withCertificate.text}`);
  }
  const without = await askWithTls(stage, BANK);
  if (without.status !== 0) throw new Error(`the bank answers ${without.status} without a client's certificate`);
}

const STAGE = {
  entryPoints: ["secure"],
  settings: () => ({ allow: [{ service: "bank", uses: ["clients@file"] }] }),
  prepare: (root: string) => {
    makeAuthority(root, "authority").sign("teller", "extendedKeyUsage=clientAuth");
    return () => {};
  },
  files: ({ root }) => ({
    "dynamic/clients.yml": JSON.stringify({
      tls: {
        options: {
          clients: {
            clientAuth: { clientAuthType: "RequireAndVerifyClientCert", caFiles: [join(root, "authority.pem")] },
          },
        },
      },
    }),
  }),
} satisfies Trial["stage"];

function takesDemandAway(how: string, rule: string): Trial {
  return {
    name: `tls: the bank's demand for client certificates ${how}`,
    portolanOnly: true,
    stage: { ...STAGE, beforeStart: registerBank },
    begin: (stage) => registerThief(stage, rule),
    verify: expectDemand,
    tells: ["diagnostic.found"],
  };
}

const NEGATED = takesDemandAway("by a negation", `Host(\`${THIEF}\`) && !Host(\`${BANK}\`)`);

const ATTACKS: readonly Trial[] = [
  NEGATED,
  takesDemandAway("by a host out of reach, in capitals", `Host(\`${THIEF}\`) && Host(\`${BANK.toUpperCase()}\`)`),
  takesDemandAway("by the dot of a full name", `Host(\`${THIEF}\`) && !(Host(\`${BANK}.\`) || Path(\`/x\`))`),
];

const THIEF_FIRST: Trial = {
  ...NEGATED,
  name: `${NEGATED.name}, from before the bank came`,
  stage: { ...STAGE, beforeStart: (ground) => registerThief(ground, `Host(\`${THIEF}\`) && !Host(\`${BANK}\`)`) },
  begin: registerBank,
};

/** The thief has left when the bank comes; its router would answer 503 for minutes. */
const IN_GRACE: Trial = {
  ...THIEF_FIRST,
  name: `${NEGATED.name}, by a route that outlives its service`,
  async begin(stage) {
    await stage.catalog.deregister({ Node: "node-1", ServiceID: "thief" });
    const left = async () => (await askWithTls(stage, THIEF)).status === 503;
    await until(left, { timeoutMs: 20_000, what: "the thief's 503" });
    await registerBank(stage);
  },
  tells: ["route.removed"],
};

export const TLS_ATTACKS: readonly Trial[] = [
  ...ATTACKS,
  overRestart(NEGATED),
  underPolicy(NEGATED, examplePolicy()),
  THIEF_FIRST,
  IN_GRACE,
  ...[NEGATED, THIEF_FIRST, IN_GRACE].map(byNomad),
];
