import type { Command } from "./command-line/command-line.ts";
import { checkLedgerCommand } from "./commands/check-ledger.ts";
import { checkPolicyCommand } from "./commands/check-policy.ts";
import { checkTagsCommand } from "./commands/check-tags.ts";
import { demoCommand } from "./commands/demo.ts";
import { onceCommand } from "./commands/once.ts";
import { releaseCommand } from "./commands/orders/release.ts";
import { rollbackCommand } from "./commands/orders/rollback.ts";
import { firewallCommand } from "./commands/ports/firewall.ts";
import { ledgerCommand } from "./commands/ports/ledger.ts";
import { portsCommand } from "./commands/ports/ports.ts";
import { portsAskCommand } from "./commands/ports/ports-ask.ts";
import { runCommand } from "./commands/run.ts";
import { versionCommand } from "./commands/version.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  onceCommand,
  releaseCommand,
  rollbackCommand,
  checkTagsCommand,
  checkPolicyCommand,
  checkLedgerCommand,
  portsCommand,
  portsAskCommand,
  ledgerCommand,
  firewallCommand,
  demoCommand,
  versionCommand,
];
