import type { CatalogSnapshot, ServiceInstance } from "./catalog/snapshot.ts";
import type { Diagnostic } from "./diagnostics/diagnostics.ts";
import type { Steps } from "./incremental/steps.ts";
import { namesTwiceOperators } from "./neighbours/neighbour-conflicts.ts";
import type { Neighbours } from "./neighbours/neighbours.ts";
import type { OperatorConfig } from "./operator-config/operator-config.ts";
import { withheldPorts } from "./operator-config/withheld-ports.ts";
import type { CoreSettings } from "./settings.ts";

/** What every stage of a pass may know. */
export interface Pass {
  /** One for each catalog, in the order of their names. */
  readonly snapshots: readonly CatalogSnapshot[];
  /** There is one catalog, and the settings give it no name: no other catalog can define the same names. */
  readonly isSingleCatalog: boolean;
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** What the operator defines beside the catalog. */
  readonly operatorConfig: OperatorConfig;
  /** The other files that Traefik reads beside the chart. */
  readonly neighbours: Neighbours;
  /** All that is registered on the hosts of held servers, as last read; undefined before that, and while nothing is held. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
  /** The same of the machines on which health checks ask ports that their service does not register. */
  readonly checkedHostRegistrations: readonly ServiceInstance[] | undefined;
  /** The same of the machines that fixed addresses in the operator's files point at. */
  readonly staticHostRegistrations: readonly ServiceInstance[] | undefined;
}

/** What a stage comes to. */
export interface StageResult<Value, Carry> {
  /** For the stages after it. */
  readonly value: Value;
  /** For the same stage of the next pass. */
  readonly carry: Carry;
  readonly diagnostics: readonly Diagnostic[];
  /** When time alone will change what the stage comes to, in milliseconds since the epoch. */
  readonly dueAtMs: readonly number[];
}

/**
 * One stage of a pass: a pure function of the pass, of what it needs of the stages before it and of what it left to itself
 * in the last pass. It never sees what another stage left to itself.
 */
export type Stage<Input, Value, Carry> = (pass: Pass, input: Input, carry: Carry) => Steps<StageResult<Value, Carry>>;

/** A result with nothing to say and nothing to wait for. */
export function stageResult<Value, Carry>(value: Value, carry: Carry): StageResult<Value, Carry> {
  return { value, carry, diagnostics: [], dueAtMs: [] };
}

/** Runs the stages of one pass, and is the one place that gathers what they report and what they wait for. */
export interface StageRunner {
  run<Input, Value, Carry>(
    stage: Stage<Input, Value, Carry>,
    input: Input,
    carry: Carry,
  ): Steps<{ readonly value: Value; readonly carry: Carry }>;
  /** What is wrong with the operator's files and those beside the chart, then what each stage reported, in the order of the stages. */
  diagnostics(): readonly Diagnostic[];
  /** The earliest time after now that a stage waits for. */
  lookAgainAtMs(): number | undefined;
}

export function createStageRunner(pass: Pass): StageRunner {
  const { operatorConfig, neighbours, settings } = pass;
  const reported: (readonly Diagnostic[])[] = [
    operatorConfig.diagnostics,
    neighbours.diagnostics,
    namesTwiceOperators(operatorConfig, neighbours),
    withheldPorts(operatorConfig, settings.ports.ledger),
  ];
  let earliestMs: number | undefined;
  return {
    *run(stage, input, carry) {
      const result = yield* stage(pass, input, carry);
      reported.push(result.diagnostics);
      for (const timeMs of result.dueAtMs) {
        // A time that is over has been considered by this very pass; waiting for it again would be a busy loop.
        if (timeMs > pass.nowMs && timeMs < (earliestMs ?? Number.POSITIVE_INFINITY)) earliestMs = timeMs;
      }
      yield;
      return result;
    },
    diagnostics: () => reported.flat(),
    lookAgainAtMs: () => earliestMs,
  };
}
