/** Who a policy is asked about: the authenticated user, never the impersonated one. */
export interface PolicyUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * The user as the API server's audit saw it. Null after a failed authentication, which is logged with an empty user: rules
 * with users or groups never match it.
 */
export function policyUser(username: string, groups: readonly string[]): PolicyUser | null {
  return username === "" && groups.length === 0 ? null : { name: username, groups };
}
