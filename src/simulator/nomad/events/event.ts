/** One change of one thing, in the shape in which Nomad's event stream shows it, but for the index of the write. */
export interface NomadEvent {
  readonly FilterKeys: readonly string[] | null;
  readonly Key: string;
  /** Empty for what lies in no namespace, as clients do. */
  readonly Namespace: string;
  readonly Payload: Readonly<Record<string, unknown>>;
  readonly Topic: Topic;
  readonly Type: string;
}

export type Topic = "Allocation" | "Deployment" | "Job" | "Node" | "Service";
