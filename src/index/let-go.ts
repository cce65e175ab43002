/** Gives the memory of an array back at once, which nobody else may hold: where little is allocated a collection comes minutes later. */
export function letGo({ buffer }: { readonly buffer: ArrayBufferLike }): void {
  (buffer as ArrayBuffer).transfer(0);
}
