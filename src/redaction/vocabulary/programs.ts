/** Programs whose make detectors go by, where a user agent names them: anybody's, unless somebody in the log is called so. */
export const PROGRAMS: ReadonlySet<string> = new Set(
  `kubectl k9s curl wget python-requests python-urllib python-httpx postman postmanruntime insomnia httpie lens freelens mozilla
   go-http-client perl ruby php kali headlamp octant kubernetes-dashboard cilium calico flannel helm terraform argocd
   kube-hunter kubehunter kubeletctl peirates kdigger kubescape access_matrix rakkess trufflehog azurehound nmap masscan
   zgrab sqlmap nuclei nikto botb deepce`.split(/\s+/),
);
