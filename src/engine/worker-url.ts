/** Where a thread begins: `src/engine/NAME.ts`, or beside the bundles. */
export function workerUrl(name: string): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL(`./${name}.ts`, here);
  if (here.endsWith(".cjs")) return new URL(`./threads/${name}.cjs`, here);
  // A bundle of ES modules may be split into chunks, in a folder of their own.
  return new URL(`${here.includes("/chunks/") ? "../" : "./"}${name}.js`, here);
}
