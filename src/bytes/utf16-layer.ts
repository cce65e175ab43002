/** UTF-16 as UTF-8: what PowerShell's `>` writes. The byte order mark goes; characters may be cut anywhere. */
export async function* fromUtf16(input: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  try {
    for (;;) {
      const next = await input.next();
      if (next.done === true) break;
      decoder ??= new TextDecoder(isBigEndian(next.value) ? "utf-16be" : "utf-16le");
      const text = decoder.decode(next.value, { stream: true });
      if (text !== "") yield Buffer.from(text);
    }
    const rest = decoder?.decode() ?? "";
    if (rest !== "") yield Buffer.from(rest);
  } finally {
    await input.return?.();
  }
}

function isBigEndian(head: Uint8Array): boolean {
  return head[0] === 0xfe || head[0] === 0;
}
