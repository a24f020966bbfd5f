import type { View } from "../../api/blocking.ts";
import type { NomadState } from "../state/state.ts";

/** What an endpoint shows at a look, and what it waits for. */
export type NomadQuery = (state: NomadState) => NomadView;

export interface NomadView extends View {
  /** In place of a body: that there is no such thing, in Nomad's words, with 404. */
  readonly missing?: string;
}
