import { bool, list, map, object, string, struct } from "./schema.ts";

const FILE_ONLY = { fileOnly: true } as const;
const keyFile = string({ secret: true });

/** Everything below `tls`. */
export const tls = object({
  certificates: list(object({ certFile: string(), keyFile, stores: list(string()) }), FILE_ONLY),
  options: map(
    object({
      minVersion: string(),
      maxVersion: string(),
      // Without it Traefik offers every suite that Go counts as secure.
      cipherSuites: list(string()),
      curvePreferences: list(string()),
      clientAuth: struct({ caFiles: list(string()), clientAuthType: string() }),
      sniStrict: bool(),
      alpnProtocols: list(string(), { default: ["h2", "http/1.1", "acme-tls/1"] }),
      disableSessionTickets: bool(),
      preferServerCipherSuites: bool({ optional: true, deprecated: true }),
    }),
    { fileOnly: true, defines: "tlsOptions" },
  ),
  stores: map(
    object({
      defaultCertificate: object({ certFile: string(), keyFile }, FILE_ONLY),
      defaultGeneratedCert: object({ resolver: string(), domain: object({ main: string(), sans: list(string()) }) }),
    }),
    { defines: "tlsStore" },
  ),
});
