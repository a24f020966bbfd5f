import { isIP } from "node:net";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { IngressNode } from "../../core/ports/ledger/ingress-nodes.ts";

/** What an operator named in place of the ledger: `192.168.11.11,2001:db8::1`. Throws AppError (exit code 64) for anything else. */
export function parseIngress(text: string, command: string): readonly IngressNode[] {
  const addresses = text.split(",").map((one) => one.trim());
  const wrong = addresses.find((address) => isIP(address) === 0);
  if (wrong === undefined) return addresses.map((address) => ({ node: address, address }));
  throw new AppError(
    `${command}: --ingress: found ${JSON.stringify(wrong)}; addresses are allowed, with commas between them: --ingress 192.168.11.11,192.168.11.12`,
    { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage },
  );
}

/** Those whose address is an IP address: the ledger may have names. Throws AppError (exit code 78) where none is. */
export function withAddresses(nodes: readonly IngressNode[], command: string): readonly IngressNode[] {
  const known = nodes.filter(({ address }) => isIP(address) !== 0);
  if (known.length > 0) return known;
  const found =
    nodes.length === 0
      ? "the ledger names no ingress node"
      : `the ledger has no IP address of ${nodes.map(({ node }) => node).join(", ")}`;
  throw new AppError(
    `${command}: where the load balancer listens is not known: ${found}; add it to the ledger (setting ports.ledger), for example nodes: { lb-1: 192.168.11.11 } and ingress: [lb-1], or name it here with --ingress ADDRESS,…`,
    { code: "E_INGRESS_UNKNOWN", retryable: false, exitCode: EXIT_CODES.badSettings },
  );
}
