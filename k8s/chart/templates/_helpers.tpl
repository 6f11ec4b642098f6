{{- define "egressgateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ .Values.global.name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.global.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Of a pod and whoever selects it; (list $ "controller") */}}
{{- define "egressgateway.selector" -}}
{{- $root := index . 0 }}{{- $component := index . 1 -}}
app.kubernetes.io/name: {{ $root.Values.global.name | quote }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ $component }}
{{- end }}

{{/* Metadata of an object; (list $ "name" extra-annotations), perhaps with the component that it is of */}}
{{- define "egressgateway.metadata" -}}
{{- $root := index . 0 }}{{- $name := index . 1 -}}
name: {{ $name }}
labels:
  {{- include "egressgateway.labels" $root | nindent 2 }}
  {{- if gt (len .) 3 }}
  app.kubernetes.io/component: {{ index . 3 }}
  {{- end }}
{{- $annotations := merge (dict) (index . 2) ($root.Values.global.commonAnnotations) }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* (list $ image) */}}
{{- define "egressgateway.image" -}}
{{- $root := index . 0 }}{{- $image := index . 1 }}
{{- $registry := default $image.registry $root.Values.global.imageRegistryOverride }}
{{- $name := $image.repository }}
{{- if $registry }}{{- $name = printf "%s/%s" $registry $image.repository }}{{- end }}
{{- if $image.digest }}
{{- printf "%s@%s" $name $image.digest }}
{{- else }}
{{- printf "%s:%s" $name (default $image.tag $root.Values.global.imageTagOverride) }}
{{- end }}
{{- end }}

{{- define "egressgateway.controller.replicas" -}}
{{- $database := .Values.database.url }}
{{- $replicas := .Values.controller.replicas }}
{{- if kindIs "invalid" $replicas }}{{- $replicas = ternary 3 1 (not (empty $database)) }}{{- end }}
{{- if and (gt (int $replicas) 1) (empty $database) }}
{{- fail (printf "controller.replicas is %d, but database.url is empty: the embedded database belongs to one controller. Set database.url to a PostgreSQL that all controllers share, or controller.replicas to 1" (int $replicas)) }}
{{- end }}
{{- $replicas }}
{{- end }}

{{/* The name under which pod N of a StatefulSet is known; (list $ "statefulset" N) */}}
{{- define "egressgateway.pod-name" -}}
{{- $root := index . 0 -}}
{{- printf "%s-%v.%s-headless.%s.svc.%s" (index . 1) (index . 2) (index . 1) $root.Release.Namespace $root.Values.global.clusterDnsDomain }}
{{- end }}

{{/* Where each witness is, separated by commas */}}
{{- define "egressgateway.witnesses" -}}
{{- $root := . }}{{- $names := list }}
{{- range $i := until (int .Values.witness.replicas) }}
{{- $names = append $names (printf "%s:%v" (include "egressgateway.pod-name" (list $root $root.Values.witness.name $i)) $root.Values.witness.port) }}
{{- end }}
{{- join "," $names }}
{{- end }}

{{/* The image has no shell: Java reads the options of a role from a file. */}}
{{- define "egressgateway.command" -}}
command:
- /opt/java/bin/java
- "@/opt/egressgateway/{{ . }}.args"
{{- end }}

{{/* (list own restricted) */}}
{{- define "egressgateway.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
  - ALL
{{- end }}

{{/* (list probe path port) */}}
{{- define "egressgateway.probe" -}}
httpGet:
  path: {{ index . 1 }}
  port: {{ index . 2 }}
timeoutSeconds: 5
{{ toYaml (index . 0) }}
{{- end }}

{{/* A service account's annotations, or none */}}
{{- define "egressgateway.account" -}}
{{- $root := index . 0 }}{{- $of := index . 1 -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "egressgateway.metadata" (list $root $of.name $of.serviceAccount.annotations) | nindent 2 }}
  namespace: {{ $root.Release.Namespace }}
automountServiceAccountToken: false
{{- end }}

{{/* Refuses what cannot be; renders nothing */}}
{{- define "egressgateway.check" -}}
{{- if not (has .Values.controller.tls.method (list "auto" "certmanager" "provided")) }}
{{- fail (printf "controller.tls.method is %q: it must be auto, certmanager or provided" .Values.controller.tls.method) }}
{{- end }}
{{- if not (has (int .Values.witness.replicas) (list 1 3 5)) }}
{{- fail (printf "witness.replicas is %v: it must be 3 or 5, or 1 to try it out" .Values.witness.replicas) }}
{{- end }}
{{- if .Values.controller.hostNetwork }}
{{- fail "controller.hostNetwork is true: controllers find each other by the names of their pods. Set it to false" }}
{{- end }}
{{- if not .Values.agent.hostNetwork }}
{{- fail "agent.hostNetwork is false: an agent works on its node's network. Set it to true" }}
{{- end }}
{{- if ne .Values.agent.kind "DaemonSet" }}
{{- fail (printf "agent.kind is %q: an agent runs on every node. Set it to DaemonSet" .Values.agent.kind) }}
{{- end }}
{{- $method := .Values.feature.tunnelDetectMethod }}
{{- if not (or (eq $method "defaultRouteInterface") (hasPrefix "interface=" $method)) }}
{{- fail (printf "feature.tunnelDetectMethod is %q: it must be defaultRouteInterface or interface=NAME" $method) }}
{{- end }}
{{- end }}

{{/* Pods of a component prefer different nodes; (list $ "component") */}}
{{- define "egressgateway.apart" -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
  - weight: 100
    podAffinityTerm:
      topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels:
          {{- include "egressgateway.selector" . | nindent 10 }}
{{- end }}

{{/* A secret of type kubernetes.io/tls under the names that a role reads; (list secret role) */}}
{{- define "egressgateway.certificate" -}}
secret:
  secretName: {{ index . 0 }}
  defaultMode: 0440
  items:
  - key: ca.crt
    path: ca.crt
  - key: tls.crt
    path: {{ index . 1 }}.crt
  - key: tls.key
    path: {{ index . 1 }}.key
{{- end }}

{{/* A Service that gives each pod of a StatefulSet its name; (list $ "statefulset" "component" port), perhaps with the port of its metrics */}}
{{- define "egressgateway.headless" -}}
{{- $root := index . 0 -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "egressgateway.metadata" (list $root (printf "%s-headless" (index . 1)) dict (index . 2)) | nindent 2 }}
  namespace: {{ $root.Release.Namespace }}
spec:
  clusterIP: None
  # They have to find each other to become ready.
  publishNotReadyAddresses: true
  selector:
    {{- include "egressgateway.selector" (list $root (index . 2)) | nindent 4 }}
  ports:
  - name: {{ index . 2 }}
    port: {{ index . 3 }}
    protocol: TCP
  {{- if gt (len .) 4 }}
  - name: metrics
    port: {{ index . 4 }}
    protocol: TCP
  {{- end }}
{{- end }}

{{/* (list $ "name" data) */}}
{{- define "egressgateway.tls-secret" -}}
{{- $root := index . 0 -}}
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata:
  {{- include "egressgateway.metadata" (list $root (index . 1) dict) | nindent 2 }}
  namespace: {{ $root.Release.Namespace }}
data:
  {{- toYaml (index . 2) | nindent 2 }}
{{- end }}

{{/* How the API server calls a webhook of the controllers; (list $ "/path") */}}
{{- define "egressgateway.webhook" -}}
{{- $root := index . 0 }}{{- $c := $root.Values.controller -}}
clientConfig:
  service:
    name: {{ $c.name }}
    namespace: {{ $root.Release.Namespace }}
    path: {{ index . 1 }}
    port: {{ $c.webhookPort }}
failurePolicy: {{ $c.webhook.failurePolicy }}
timeoutSeconds: {{ $c.webhook.timeoutSeconds }}
sideEffects: None
admissionReviewVersions:
- v1
{{- end }}

{{/* (list operations resources) */}}
{{- define "egressgateway.webhook-rule" -}}
apiGroups: [egressgateway.spidernet.io]
apiVersions: [v1beta1]
operations: {{ toJson (index . 0) }}
resources: {{ toJson (index . 1) }}
{{- end }}

{{/* What the controllers may do in one namespace besides; (list $ "name" "namespace" rules) */}}
{{- define "egressgateway.controller.role" -}}
{{- $root := index . 0 }}{{- $name := index . 1 }}{{- $namespace := index . 2 -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "egressgateway.metadata" (list $root $name dict) | nindent 2 }}
  namespace: {{ $namespace }}
rules:
{{ index . 3 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "egressgateway.metadata" (list $root $name dict) | nindent 2 }}
  namespace: {{ $namespace }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $name }}
subjects:
- kind: ServiceAccount
  name: {{ $root.Values.controller.name }}
  namespace: {{ $root.Release.Namespace }}
{{- end }}

{{/* Kubernetes 1.20 has budgets in an older version only. */}}
{{- define "egressgateway.disruption-api" -}}
{{ ternary "policy/v1" "policy/v1beta1" (semverCompare ">=1.21.0-0" .Capabilities.KubeVersion.Version) }}
{{- end }}
