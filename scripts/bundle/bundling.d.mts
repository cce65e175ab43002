import type { BuildOptions } from "esbuild";

export declare const bundling: BuildOptions & { readonly define: Record<string, string> };
