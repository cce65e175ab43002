import { isOpaque } from "./values.ts";

/** What stands under a key that names a secret and only says where one is, or how one is made: `secret: {secretName: …}`. */

const FIELDS = new Set(
  `name namespace kind apiVersion apiGroup group version key optional secretName uid defaultMode mode items path audience
   audiences expirationSeconds fieldPath resourceVersion type subPath mountPath readOnly property signerName
   maxExpirationSeconds keyType secretRef secretKeyRef passwordSecretRef configMapKeyRef valueFrom create existingSecret
   enabled secretNamespace required algorithm size encoding rotationPolicy format curve length alias profile`.split(
    /\s+/,
  ),
);
const NAME = /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/;
const VALUE = /^[a-z\d](?:[\w./:-]{0,251}\w)?$/i;

/** Whether a field and its scalar value are part of such a reference. */
export function isReferenceField(key: string, value: string): boolean {
  return FIELDS.has(key) && (value === "" || ((key === "name" ? NAME : VALUE).test(value) && !isOpaque(value)));
}

/** An object of such fields, or a list of such objects. */
export function isReference(value: unknown): boolean {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => typeof item === "object" && isReference(item));
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).every(([key, item]: [string, unknown]) => {
    if (typeof item === "string") return isReferenceField(key, item);
    return FIELDS.has(key) && (item === null || typeof item !== "object" || isReference(item) || isNameList(item));
  });
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && VALUE.test(item) && !isOpaque(item));
}
