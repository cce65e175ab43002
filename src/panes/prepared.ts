/**
 * What is dear to make of an answer, made when it comes and not with every key press: kept as long as the answer is, for the
 * latest of what else it is made from. `by`: what of that makes a difference, compared by identity; by default all of it.
 */
export function prepared<Of extends object, Rest extends readonly unknown[], Made>(
  prepare: (of: Of, ...rest: Rest) => Made,
  by: (...rest: Rest) => readonly unknown[] = (...rest) => rest,
): (of: Of, ...rest: Rest) => Made {
  const made = new WeakMap<Of, { readonly key: readonly unknown[]; readonly value: Made }>();
  return (of, ...rest) => {
    const key = by(...rest);
    const known = made.get(of);
    if (known !== undefined && known.key.every((part, at) => Object.is(part, key[at]))) return known.value;
    const value = prepare(of, ...rest);
    made.set(of, { key, value });
    return value;
  };
}
