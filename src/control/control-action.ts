import { AppError } from "../base/errors.ts";
import type { Order } from "./orders.ts";
import type { Sender } from "./sender.ts";

/** What a portolan does on an order. */
export interface ControlAction {
  /** Method and path, `POST /v1/release`. */
  readonly route: string;
  /** Gets what was sent, undefined where that was nothing; answers with plain data. Throws AppError to refuse. */
  run(body: unknown, sender: Sender): Promise<unknown>;
}

/** Joins an order to what is done for it; parameters of another form are refused before `act` is called. */
export function actionFor<Parameters, Answer>(
  { route, parameters, malformed }: Order<Parameters, Answer>,
  act: (parameters: Parameters, sender: Sender) => Answer | Promise<Answer>,
): ControlAction {
  return {
    route,
    async run(body, sender) {
      const parsed = parameters.safeParse(body);
      if (parsed.success) return await act(parsed.data, sender);
      const { code, message } = malformed ?? {
        code: "E_CONTROL_BODY",
        message: `${route} takes other parameters: ${parsed.error.issues.map((issue) => issue.message).join("; ")}`,
      };
      throw new AppError(message, { code, retryable: false });
    },
  };
}
