package io.egressgateway.load.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of the control plane's binaries; flags as of Kubernetes 1.20 and etcd 3.4. */
final class KubeProcesses {
  private final Path assets;
  private final Path home;
  private final RealKubeApi.Extent extent;

  /**
   * @param assets the binaries
   * @param home certificates, data and logs
   * @param extent how much of a cluster there is
   */
  KubeProcesses(Path assets, Path home, RealKubeApi.Extent extent) {
    this.assets = assets;
    this.home = home;
    this.extent = extent;
  }

  ChildProcess etcd(int clientPort, int peerPort) throws IOException {
    String client = "http://127.0.0.1:" + clientPort;
    String peer = "http://127.0.0.1:" + peerPort;
    return ChildProcess.start(
        List.of(
            binary("etcd"),
            "--name=lab",
            "--data-dir=" + home.resolve("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=lab=" + peer,
            "--logger=zap",
            "--log-level=warn"),
        home.resolve("etcd.log"));
  }

  ChildProcess apiServer(int etcdPort, int securePort) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            binary("kube-apiserver"),
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + securePort,
            "--tls-cert-file=" + home.resolve("apiserver.crt"),
            "--tls-private-key-file=" + home.resolve("apiserver.key"),
            "--client-ca-file=" + home.resolve("ca.crt"),
            "--service-account-key-file=" + home.resolve("sa.pub"),
            "--service-account-signing-key-file=" + home.resolve("sa.key"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.96.0.0/16",
            // No controller makes the tokens that it would ask for.
            "--disable-admission-plugins=ServiceAccount",
            "--endpoint-reconciler-type=none",
            "--cert-dir=" + home,
            "--allow-privileged=true"));
    if (extent instanceof RealKubeApi.Extent.Workloads(Path proxy)) {
      command.add("--egress-selector-config-file=" + writeEgressSelector(proxy));
    }
    return ChildProcess.start(command, home.resolve("kube-apiserver.log"));
  }

  /** The server reaches pods through a proxy: it is not on their network. */
  private Path writeEgressSelector(Path proxy) throws IOException {
    return Files.writeString(
        home.resolve("egress-selector.yaml"),
        """
        apiVersion: apiserver.k8s.io/v1beta1
        kind: EgressSelectorConfiguration
        egressSelections:
        - name: cluster
          connection:
            proxyProtocol: HTTPConnect
            transport:
              uds:
                udsName: %s
        """
            .formatted(proxy));
  }

  boolean hasControllerManager() {
    return Files.isExecutable(assets.resolve("kube-controller-manager"));
  }

  ChildProcess controllerManager(Path kubeconfig) throws IOException {
    return ChildProcess.start(
        List.of(
            binary("kube-controller-manager"),
            "--kubeconfig=" + kubeconfig,
            "--controllers=" + String.join(",", extent.controllers()),
            "--leader-elect=false",
            // 0 serves nothing: health is not asked for.
            "--port=0",
            "--secure-port=0",
            "--service-account-private-key-file=" + home.resolve("sa.key"),
            "--use-service-account-credentials=false"),
        home.resolve("kube-controller-manager.log"));
  }

  private String binary(String name) {
    return assets.resolve(name).toString();
  }
}
