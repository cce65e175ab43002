/** Where the code of a thread is: `src/engine/NAME.ts`, or `NAME.js` beside the bundle's entry. */
export function workerUrl(name: string): URL {
  // Bundled chunks live in dist/chunks, the workers beside the entry in dist.
  const folder = import.meta.url.includes("/chunks/") ? "../" : "./";
  // Beside the bundle a worker is JavaScript; run from the sources it is TypeScript.
  return new URL(`${folder}${name}.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
}
