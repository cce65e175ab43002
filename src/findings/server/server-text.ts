import { quote } from "../../queries/print-filter.ts";

/** An API server as the subject of a sentence; logs of one rarely name it. */
export function serverText(apiserver: string): string {
  return apiserver === "" ? "the API server" : `API server ${apiserver}`;
}

export function serverTerms(apiserver: string): string {
  return apiserver === "" ? "" : `apiserver:${quote(apiserver)}`;
}
