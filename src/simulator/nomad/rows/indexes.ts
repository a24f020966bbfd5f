/** The indexes of the writes that made a row and that changed it last. */
export interface Indexes {
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}
