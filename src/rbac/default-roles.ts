/**
 * What Kubernetes grants by itself: the roles and bindings an API server of version 1.36 makes at its start and repairs at
 * every other, without those that are bound to nobody. A head line is a role and its subjects; a line below it a rule, as
 * verbs | API groups | resources | names, or verbs | paths.
 */
export const DEFAULT_ROLES = `
ClusterRole cluster-admin to group:system:masters
  * | * | *
  * | *
ClusterRole system:basic-user to group:system:authenticated
  create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
  create | authentication.k8s.io | selfsubjectreviews
ClusterRole system:controller:attachdetach-controller to sa:kube-system/attachdetach-controller
  list watch | "" | persistentvolumeclaims persistentvolumes
  get list watch | "" | nodes
  patch update | "" | nodes/status
  list watch | "" | pods
  create patch update | "" events.k8s.io | events
  create delete get list watch | storage.k8s.io | volumeattachments
  get list watch | storage.k8s.io | csidrivers
  get list watch | storage.k8s.io | csinodes
ClusterRole system:controller:certificate-controller to sa:kube-system/certificate-controller
  delete get list watch | certificates.k8s.io | certificatesigningrequests
  update | certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status
  approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
  sign | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown
  create | authorization.k8s.io | subjectaccessreviews
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:clusterrole-aggregation-controller to sa:kube-system/clusterrole-aggregation-controller
  escalate get list patch update watch | rbac.authorization.k8s.io | clusterroles
ClusterRole system:controller:cronjob-controller to sa:kube-system/cronjob-controller
  get list update watch | batch | cronjobs
  create delete get list patch update watch | batch | jobs
  update | batch | cronjobs/status
  update | batch | cronjobs/finalizers
  delete list watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:daemon-set-controller to sa:kube-system/daemon-set-controller
  get list watch | apps extensions | daemonsets
  update | apps extensions | daemonsets/status
  update | apps extensions | daemonsets/finalizers
  list watch | "" | nodes
  create delete list patch watch | "" | pods
  create | "" | pods/binding
  create delete get list patch update watch | apps | controllerrevisions
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:deployment-controller to sa:kube-system/deployment-controller
  get list update watch | apps extensions | deployments
  update | apps extensions | deployments/status
  update | apps extensions | deployments/finalizers
  create delete get list patch update watch | apps extensions | replicasets
  get list update watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:device-taint-eviction-controller to sa:kube-system/device-taint-eviction-controller
  delete get list watch | "" | pods
  patch update | "" | pods/status
  get list watch | resource.k8s.io | resourceclaims
  get list watch | resource.k8s.io | resourceslices
  get list watch | resource.k8s.io | deviceclasses
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:disruption-controller to sa:kube-system/disruption-controller
  get list watch | apps extensions | deployments
  get list watch | apps extensions | replicasets
  get list watch | "" | replicationcontrollers
  get list watch | policy | poddisruptionbudgets
  get list watch | apps | statefulsets
  update | policy | poddisruptionbudgets/status
  patch update | "" | pods/status
  get | * | */scale
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:endpoint-controller to sa:kube-system/endpoint-controller
  get list watch | "" | pods services
  create delete get list update watch | "" | endpoints
  create | "" | endpoints/restricted
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:endpointslice-controller to sa:kube-system/endpointslice-controller
  get list watch | "" | nodes pods services
  update | "" | services/finalizers
  create delete get list update watch | discovery.k8s.io | endpointslices
  create | discovery.k8s.io | endpointslices/restricted
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:endpointslicemirroring-controller to sa:kube-system/endpointslicemirroring-controller
  get list watch | "" | endpoints services
  update | "" | services/finalizers
  update | "" | endpoints/finalizers
  create delete get list update watch | discovery.k8s.io | endpointslices
  create | discovery.k8s.io | endpointslices/restricted
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:ephemeral-volume-controller to sa:kube-system/ephemeral-volume-controller
  get list watch | "" | pods
  update | "" | pods/finalizers
  create get list watch | "" | persistentvolumeclaims
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:expand-controller to sa:kube-system/expand-controller
  get list patch update watch | "" | persistentvolumes
  patch update | "" | persistentvolumeclaims/status
  get list watch | "" | persistentvolumeclaims
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:generic-garbage-collector to sa:kube-system/generic-garbage-collector
  delete get list patch update watch | * | *
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:horizontal-pod-autoscaler to sa:kube-system/horizontal-pod-autoscaler
  get list watch | autoscaling | horizontalpodautoscalers
  update | autoscaling | horizontalpodautoscalers/status
  get update | * | */scale
  list watch | "" | pods
  list watch | metrics.k8s.io | pods
  get list watch | custom.metrics.k8s.io | *
  get list watch | external.metrics.k8s.io | *
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:job-controller to sa:kube-system/job-controller
  get list patch update watch | batch | jobs
  update | batch | jobs/status
  update | batch | jobs/finalizers
  create delete list patch watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:legacy-service-account-token-cleaner to sa:kube-system/legacy-service-account-token-cleaner
  get | "" | configmaps | kube-apiserver-legacy-service-account-token-tracking
  delete patch | "" | secrets
ClusterRole system:controller:namespace-controller to sa:kube-system/namespace-controller
  delete get list watch | "" | namespaces
  update | "" | namespaces/finalize namespaces/status
  delete deletecollection get list watch | * | *
ClusterRole system:controller:node-controller to sa:kube-system/node-controller
  delete get list patch update watch | "" | nodes
  patch update | "" | nodes/status
  patch update | "" | pods/status
  delete get list watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:persistent-volume-binder to sa:kube-system/persistent-volume-binder
  create delete get list update watch | "" | persistentvolumes
  update | "" | persistentvolumes/status
  get list update watch | "" | persistentvolumeclaims
  update | "" | persistentvolumeclaims/status
  create delete get list watch | "" | pods
  get list watch | storage.k8s.io | storageclasses
  list watch | "" | nodes
  create patch update | "" events.k8s.io | events
  watch | "" | events
ClusterRole system:controller:pod-garbage-collector to sa:kube-system/pod-garbage-collector
  delete list watch | "" | pods
  get list watch | "" | nodes
  patch | "" | pods/status
ClusterRole system:controller:pv-protection-controller to sa:kube-system/pv-protection-controller
  get list update watch | "" | persistentvolumes
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:pvc-protection-controller to sa:kube-system/pvc-protection-controller
  get list update watch | "" | persistentvolumeclaims
  update | "" | persistentvolumeclaims/status
  get list watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:replicaset-controller to sa:kube-system/replicaset-controller
  get list update watch | apps extensions | replicasets
  update | apps extensions | replicasets/status
  update | apps extensions | replicasets/finalizers
  create delete list patch watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:replication-controller to sa:kube-system/replication-controller
  get list update watch | "" | replicationcontrollers
  update | "" | replicationcontrollers/status
  update | "" | replicationcontrollers/finalizers
  create delete list patch watch | "" | pods
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:resource-claim-controller to sa:kube-system/resource-claim-controller
  get list watch | "" | pods
  update | "" | pods/finalizers
  create delete get list watch | resource.k8s.io | resourceclaims
  patch update | resource.k8s.io | resourceclaims resourceclaims/status
  patch update | "" | pods/status
  create patch update | "" events.k8s.io | events
  patch update | resource.k8s.io | resourceclaims/binding
ClusterRole system:controller:resourcequota-controller to sa:kube-system/resourcequota-controller
  list watch | * | *
  update | "" | resourcequotas/status
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:root-ca-cert-publisher to sa:kube-system/root-ca-cert-publisher
  create update | "" | configmaps
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:route-controller to sa:kube-system/route-controller
  list watch | "" | nodes
  patch | "" | nodes/status
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:selinux-warning-controller to sa:kube-system/selinux-warning-controller
  create patch update | "" events.k8s.io | events
  get list watch | "" | persistentvolumes
  get list watch | "" | persistentvolumeclaims
  get list watch | "" | pods
  get list watch | storage.k8s.io | csidrivers
ClusterRole system:controller:service-account-controller to sa:kube-system/service-account-controller
  create | "" | serviceaccounts
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:service-cidrs-controller to sa:kube-system/service-cidrs-controller
  get list patch update watch | networking.k8s.io | servicecidrs
  patch update | networking.k8s.io | servicecidrs/finalizers
  patch update | networking.k8s.io | servicecidrs/status
  get list watch | networking.k8s.io | ipaddresses
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:service-controller to sa:kube-system/service-controller
  get list watch | "" | services
  patch update | "" | services/status
  list watch | "" | nodes
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:statefulset-controller to sa:kube-system/statefulset-controller
  list watch | "" | pods
  get list watch | apps | statefulsets
  update | apps | statefulsets/status
  update | apps | statefulsets/finalizers
  create delete get patch update | "" | pods
  create delete get list patch update watch | apps | controllerrevisions
  create get list watch | "" | persistentvolumeclaims
  delete update | "" | persistentvolumeclaims
  update | "" | pods/finalizers
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:ttl-after-finished-controller to sa:kube-system/ttl-after-finished-controller
  delete get list watch | batch | jobs
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:ttl-controller to sa:kube-system/ttl-controller
  list patch update watch | "" | nodes
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:validatingadmissionpolicy-status-controller to sa:kube-system/validatingadmissionpolicy-status-controller
  get list watch | admissionregistration.k8s.io | validatingadmissionpolicies
  get patch update | admissionregistration.k8s.io | validatingadmissionpolicies/status
  create patch update | "" events.k8s.io | events
ClusterRole system:controller:volumeattributesclass-protection-controller to sa:kube-system/volumeattributesclass-protection-controller
  get list watch | "" | persistentvolumeclaims
  get list watch | "" | persistentvolumes
  get list update watch | storage.k8s.io | volumeattributesclasses
  create patch update | "" events.k8s.io | events
ClusterRole system:discovery to group:system:authenticated
  get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
ClusterRole system:kube-controller-manager to user:system:kube-controller-manager
  create patch update | "" events.k8s.io | events
  create | coordination.k8s.io | leases
  get update | coordination.k8s.io | leases | kube-controller-manager
  create | "" | secrets serviceaccounts
  delete | "" | secrets
  get | "" | configmaps namespaces secrets serviceaccounts
  update | "" | secrets serviceaccounts
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  list watch | * | *
  create | "" | serviceaccounts/token
ClusterRole system:kube-dns to sa:kube-system/kube-dns
  list watch | "" | endpoints services
ClusterRole system:kube-scheduler to user:system:kube-scheduler
  create patch update | "" events.k8s.io | events
  create | coordination.k8s.io | leases
  get list update watch | coordination.k8s.io | leases | kube-scheduler
  create delete deletecollection get list patch update watch | coordination.k8s.io | leasecandidates
  get list watch | "" | nodes
  delete get list watch | "" | pods
  create | "" | bindings pods/binding
  patch update | "" | pods/status
  get list watch | "" | replicationcontrollers services
  get list watch | apps extensions | replicasets
  get list watch | apps | statefulsets
  get list watch | policy | poddisruptionbudgets
  get list watch | "" | persistentvolumeclaims persistentvolumes
  create | authentication.k8s.io | tokenreviews
  create | authorization.k8s.io | subjectaccessreviews
  get list watch | storage.k8s.io | csinodes
  get list watch | storage.k8s.io | volumeattachments
  get list watch | "" | namespaces
  get list watch | storage.k8s.io | csidrivers
  get list watch | storage.k8s.io | csistoragecapacities
  get list watch | resource.k8s.io | deviceclasses
  get list patch update watch | resource.k8s.io | resourceclaims
  get list patch update watch | resource.k8s.io | resourceclaims/status
  update | "" | pods/finalizers
  get list watch | resource.k8s.io | resourceslices
  create delete | resource.k8s.io | resourceclaims
  patch update | resource.k8s.io | resourceclaims/binding
ClusterRole system:monitoring to group:system:monitoring
  get | /flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz
  get | "" | nodes/metrics
ClusterRole system:node-proxier to user:system:kube-proxy
  list watch | "" | endpoints services
  get list watch | "" | nodes
  create patch update | "" events.k8s.io | events
  list watch | networking.k8s.io | servicecidrs
  list watch | discovery.k8s.io | endpointslices
ClusterRole system:public-info-viewer to group:system:authenticated group:system:unauthenticated
  get | /healthz /livez /readyz /version /version/
ClusterRole system:service-account-issuer-discovery to group:system:serviceaccounts
  get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
ClusterRole system:volume-scheduler to user:system:kube-scheduler
  get list patch update watch | "" | persistentvolumes
  get list watch | storage.k8s.io | storageclasses
  get list patch update watch | "" | persistentvolumeclaims
Role system:controller:bootstrap-signer in kube-public to sa:kube-system/bootstrap-signer
  get list watch | "" | configmaps
  update | "" | configmaps | cluster-info
  create patch update | "" events.k8s.io | events
Role extension-apiserver-authentication-reader in kube-system to user:system:kube-controller-manager user:system:kube-scheduler
  get list watch | "" | configmaps | extension-apiserver-authentication
Role system::leader-locking-kube-controller-manager in kube-system to user:system:kube-controller-manager sa:kube-system/kube-controller-manager sa:kube-system/leader-election-controller
  create get list update watch | coordination.k8s.io | leases
  create get list update watch | coordination.k8s.io | leasecandidates
Role system::leader-locking-kube-scheduler in kube-system to user:system:kube-scheduler sa:kube-system/kube-scheduler
  create get list update watch | coordination.k8s.io | leases
  create get list update watch | coordination.k8s.io | leasecandidates
Role system:controller:bootstrap-signer in kube-system to sa:kube-system/bootstrap-signer
  get list watch | "" | secrets
Role system:controller:cloud-provider in kube-system to sa:kube-system/cloud-provider
  create get list watch | "" | configmaps
Role system:controller:token-cleaner in kube-system to sa:kube-system/token-cleaner
  delete get list watch | "" | secrets
  create patch update | "" events.k8s.io | events
`;
