{{/* What a controller reads at its start: the ancestor's keys, then our own */}}
{{- define "egressgateway.conf" -}}
{{- $f := .Values.feature -}}
enableIPv4: {{ $f.enableIPv4 }}
enableIPv6: {{ $f.enableIPv6 }}
datapathMode: {{ $f.datapathMode | quote }}
tunnelIpv4Subnet: {{ $f.tunnelIpv4Subnet | quote }}
tunnelIpv6Subnet: {{ $f.tunnelIpv6Subnet | quote }}
{{- with $f.tunnelDetectCustomInterface }}
tunnelDetectCustomInterface:
{{ toYaml . }}
{{- end }}
announcedInterfacesToExclude: {{ toJson $f.announcedInterfacesToExclude }}
enableGatewayReplyRoute: {{ $f.enableGatewayReplyRoute }}
maxNumberEndpointPerSlice: {{ $f.maxNumberEndpointPerSlice }}
vxlan:
  name: {{ $f.vxlan.name | quote }}
  id: {{ $f.vxlan.id }}
  port: {{ $f.vxlan.port }}
gatewayFailover:
  enable: {{ $f.gatewayFailover.enable }}
  tunnelMonitorPeriod: {{ $f.gatewayFailover.tunnelMonitorPeriod }}
  tunnelUpdatePeriod: {{ $f.gatewayFailover.tunnelUpdatePeriod }}
  eipEvictionTimeout: {{ $f.gatewayFailover.eipEvictionTimeout }}
egressgateway:
  controller:
    artery-port: {{ .Values.controller.clusterPort }}
    management-port: {{ .Values.controller.healthServer.port }}
    agent-port: {{ .Values.controller.agentPort }}
    monitor-port: {{ .Values.controller.prometheus.port }}
    monitor-host: "0.0.0.0"
    data-dir: /var/lib/egressgateway
    tls-dir: /etc/egressgateway/tls
    {{- $root := . }}
    {{- $replicas := int (include "egressgateway.controller.replicas" .) }}
    seeds:
    {{- range $i := until $replicas }}
    - {{ printf "%s:%v" (include "egressgateway.pod-name" (list $root $root.Values.controller.name $i)) $root.Values.controller.clusterPort | quote }}
    {{- end }}
  witnesses:
  {{- range splitList "," (include "egressgateway.witnesses" .) }}
  - {{ . | quote }}
  {{- end }}
  lease-profile: {{ $f.leaseProfile | quote }}
  control-stale-timeout: {{ printf "%d s" (int $f.controlStaleTimeout) | quote }}
  database:
    url: {{ .Values.database.url | quote }}
    user: {{ .Values.database.user | quote }}
    password-file: {{ ternary "/etc/egressgateway/database/password" "" (and (not (empty .Values.database.url)) (not (empty .Values.database.passwordSecret.name))) | quote }}
  network:
    mark: {{ ternary $f.mark (printf "%d" (int64 $f.mark)) (kindIs "string" $f.mark) | quote }}
    mark-mask: {{ ternary $f.markMask (printf "%d" (int64 $f.markMask)) (kindIs "string" $f.markMask) | quote }}
    routing-tables: {{ int64 $f.routingTables }}
    routing-rule-priority: {{ int $f.routingRulePriority }}
  admission:
    certificates: {{ ternary "auto" "off" .Values.controller.webhook.install | quote }}
    port: {{ .Values.controller.webhookPort }}
    namespace: {{ .Release.Namespace | quote }}
    service: {{ .Values.controller.name | quote }}
    configurations: {{ .Values.controller.name | quote }}
akka:
  management:
    http:
      hostname: "0.0.0.0"
{{- end }}
