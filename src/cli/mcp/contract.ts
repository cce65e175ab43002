import type { Invocation } from "../contract.ts";

export interface Property {
  readonly type: "string" | "boolean" | "integer";
  readonly description: string;
  readonly enum?: string[];
  readonly maximum?: number;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: "object";
    readonly properties: Record<string, Property>;
    readonly required: string[];
    readonly additionalProperties: false;
  };
  readonly annotations: { readonly readOnlyHint: true; readonly idempotentHint: true; readonly openWorldHint: false };
}

/** What the tables of the command line say about tools. */
export interface ToolBox {
  tools(): Tool[];
  /** What is asked, understood as a command line is, of the inputs of `asked`. Throws KT100. */
  invocationOf(name: string, given: Readonly<Record<string, unknown>>, asked: Invocation): Invocation;
}
