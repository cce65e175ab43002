/** Made-up audit events that the formats' samples are cut from. */

/** v1 as the API server writes it, one line each. */
export const V1_LIST =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"4b6c2f0e-0000-4000-8000-000000000001","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods?limit=500","verb":"list","user":{"username":"ada","groups":["dev","system:authenticated"]},"sourceIPs":["192.0.2.7"],"userAgent":"kubectl/v1.36.2","objectRef":{"resource":"pods","namespace":"shop","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-20T14:02:11.000001Z","stageTimestamp":"2026-11-20T14:02:11.004001Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}';
export const V1_CREATE =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"4b6c2f0e-0000-4000-8000-000000000002","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/configmaps","verb":"create","user":{"username":"ada","groups":["dev"]},"sourceIPs":["192.0.2.7"],"userAgent":"kubectl/v1.36.2","objectRef":{"resource":"configmaps","namespace":"shop","name":"prices","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"prices"},"data":{"a.json":"{\\"items\\":[{\\"kind\\":\\"Event\\"}]}\\n","path":"C:\\\\"}},"requestReceivedTimestamp":"2026-11-20T14:02:12.000001Z","stageTimestamp":"2026-11-20T14:02:12.007001Z","annotations":{"authorization.k8s.io/decision":"allow"}}';
export const V1BETA1 =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","metadata":{"creationTimestamp":"2017-09-05T10:04:55Z"},"level":"Metadata","timestamp":"2017-09-05T10:04:55Z","auditID":"4b6c2f0e-0000-4000-8000-000000000003","stage":"RequestReceived","requestURI":"/apis/rbac.authorization.k8s.io/v1/roles","verb":"list","user":{"username":"grace"},"sourceIPs":["192.0.2.8"],"objectRef":{"resource":"roles","apiGroup":"rbac.authorization.k8s.io","apiVersion":"v1"},"requestReceivedTimestamp":"2017-09-05T10:04:55.100000Z","stageTimestamp":"2017-09-05T10:04:55.100000Z"}';
export const V1ALPHA1 =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1alpha1","metadata":{"creationTimestamp":"2017-09-05T10:04:55Z"},"level":"Metadata","timestamp":"2017-09-05T10:04:55Z","auditID":"4b6c2f0e-0000-4000-8000-000000000004","stage":"ResponseComplete","requestURI":"/apis/apps/v1beta1/deployments","verb":"list","user":{"username":"grace"},"sourceIPs":["192.0.2.8"],"objectRef":{"resource":"deployments","apiVersion":"apps/v1beta1"},"responseStatus":{"metadata":{},"code":200}}';

/** The same events without kind and apiVersion, as the items of an EventList have them. */
export const LIST_ITEM = V1_LIST.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', "");
export const CREATE_ITEM = V1_CREATE.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', "");

/** Pretty-printed as `jq .` does. */
export function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
