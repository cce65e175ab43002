import type { AskKind, EngineOptions, EngineStatus } from "./contract.ts";

/** Messages between the screen's thread and the engine's. Everything is structured-clone plain. */
export type ToEngine =
  | { readonly type: "open"; readonly options: EngineOptions }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly kind: AskKind;
      readonly ask: unknown;
      readonly wantsPartial: boolean;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

export type FromEngine =
  | { readonly type: "status"; readonly status: EngineStatus }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "partial"; readonly id: number; readonly value: unknown }
  | {
      readonly type: "failed";
      readonly id: number;
      readonly name: string;
      readonly message: string;
      readonly code?: string;
    }
  | { readonly type: "loaded" }
  | { readonly type: "closed" };
