package io.egressgateway.load.lab.container;

import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What kube-proxy does: a pod behind a service's address; any other address is left as it is. */
public final class ServiceTargets
    implements Function<InetSocketAddress, Optional<InetSocketAddress>> {
  private final KubernetesClient client;

  /**
   * @param client asked at each call
   */
  public ServiceTargets(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<InetSocketAddress> apply(InetSocketAddress wanted) {
    Optional<Service> service =
        client.services().inAnyNamespace().list().getItems().stream()
            .filter(found -> wanted.getHostString().equals(found.getSpec().getClusterIP()))
            .findFirst();
    if (service.isEmpty()) {
      return Optional.of(wanted);
    }
    return port(service.get(), wanted.getPort()).flatMap(name -> behind(service.get(), name));
  }

  private static Optional<String> port(Service service, int number) {
    return service.getSpec().getPorts().stream()
        .filter(port -> port.getPort() == number)
        .map(ServicePort::getName)
        .map(name -> Optional.ofNullable(name).orElse(""))
        .findFirst();
  }

  private Optional<InetSocketAddress> behind(Service service, String portName) {
    Endpoints endpoints =
        client
            .endpoints()
            .inNamespace(service.getMetadata().getNamespace())
            .withName(service.getMetadata().getName())
            .get();
    List<EndpointSubset> subsets =
        Optional.ofNullable(endpoints).map(Endpoints::getSubsets).orElse(List.of());
    return subsets.stream()
        .filter(subset -> !subset.getAddresses().isEmpty())
        .flatMap(
            subset ->
                subset.getPorts().stream()
                    .filter(
                        port ->
                            Objects.equals(
                                Optional.ofNullable(port.getName()).orElse(""), portName))
                    .map(
                        port ->
                            new InetSocketAddress(
                                subset.getAddresses().getFirst().getIp(), port.getPort())))
        .findFirst();
  }
}
