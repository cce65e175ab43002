const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its directory is not there",
  ENOTDIR: "its directory is a file",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "its file system is read-only",
  EISDIR: "it is a directory",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EFBIG: "files may not be that large here",
  ENAMETOOLONG: "its name is too long",
};

/** Why something could not be written, as a clause. */
export function writeErrorReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
