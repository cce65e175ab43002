declare module "unbzip2-stream/lib/bit_iterator.js" {
  /** Reads `n` bits of the buffers it is given; `null` goes to the next byte's start. */
  type BitReader = ((n: number | null) => number) & { readonly bytesRead: number };
  export default function bitIterator(nextBuffer: () => Uint8Array): BitReader;
}

declare module "unbzip2-stream/lib/bzip2.js" {
  type Bits = (n: number | null) => number;
  const bzip2: {
    /** Size of the stream's blocks in 100 kB. Throws when it is no stream. */
    header(bits: Bits): number;
    /** One block into `write`, byte by byte; the checksum so far, null at the stream's end. Throws for damaged data. */
    decompress(
      bits: Bits,
      write: (byte: number) => void,
      work: Int32Array,
      workSize: number,
      crc: number,
    ): number | null;
  };
  export default bzip2;
}
