package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds out which addresses services have. Kubernetes says so itself only since 1.33; before, one
 * has to look at how it was started, and where that is hidden provoke a refusal that names them.
 */
final class ServiceCidrProbe {

  private static final String COMPONENT = "kube-apiserver";
  private static final String CONTROLLERS = "kube-controller-manager";

  /** Addresses for documentation: in nobody's range of services. */
  private static final List<String> NOBODYS = List.of("192.0.2.1", "2001:db8::1");

  private final KubernetesClient client;

  ServiceCidrProbe(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What the first source says that knows anything; empty if none does. Blocks.
   *
   * @throws KubernetesClientException when the API cannot be asked
   */
  CidrSet find() {
    return Stream.<Supplier<CidrSet>>of(
            this::ofServiceCidrs, this::ofCommandLines, this::ofKubeadm, this::ofRefusals)
        .map(NetworkProbe::ask)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElseGet(CidrSet::empty);
  }

  private CidrSet ofServiceCidrs() {
    return ServiceCidrHints.read(
        client.network().v1().serviceCIDRs().list().getItems().stream()
            .filter(found -> found.getSpec() != null)
            .flatMap(found -> found.getSpec().getCidrs().stream())
            .toList());
  }

  private CidrSet ofCommandLines() {
    return Stream.of("component", "k8s-app")
        .flatMap(
            label ->
                client
                    .pods()
                    .inNamespace(NetworkProbe.SYSTEM)
                    .withLabelIn(label, COMPONENT, CONTROLLERS)
                    .list()
                    .getItems()
                    .stream())
        .map(ServiceCidrProbe::ofPod)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElseGet(CidrSet::empty);
  }

  private static CidrSet ofPod(Pod pod) {
    return ServiceCidrHints.ofCommandLine(
        pod.getSpec().getContainers().stream()
            .flatMap(
                (Container container) ->
                    Stream.concat(container.getCommand().stream(), container.getArgs().stream()))
            .toList());
  }

  private CidrSet ofKubeadm() {
    return Optional.ofNullable(
            client.configMaps().inNamespace(NetworkProbe.SYSTEM).withName("kubeadm-config").get())
        .map(ConfigMap::getData)
        .flatMap(data -> Optional.ofNullable(data.get("ClusterConfiguration")))
        .map(ServiceCidrHints::ofKubeadm)
        .orElseGet(CidrSet::empty);
  }

  private CidrSet ofRefusals() {
    CidrSet found = CidrSet.empty();
    for (String address : NOBODYS) {
      found = found.plus(ofRefusal(address));
    }
    return found;
  }

  private CidrSet ofRefusal(String address) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("egressgateway-asks-for-the-range")
            .endMetadata()
            .withNewSpec()
            .withClusterIP(address)
            .addNewPort()
            .withPort(1)
            .endPort()
            .endSpec()
            .build();
    try {
      client.services().inNamespace("default").resource(service).dryRun(true).create();
      return CidrSet.empty();
    } catch (KubernetesClientException refusal) {
      if (refusal.getCode() == HttpURLConnection.HTTP_UNAVAILABLE || refusal.getCode() == 0) {
        throw refusal;
      }
      return ServiceCidrHints.ofRefusal(String.valueOf(refusal.getMessage()));
    }
  }
}
