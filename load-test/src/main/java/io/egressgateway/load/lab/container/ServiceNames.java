package io.egressgateway.load.lab.container;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cluster's DNS as a hosts file. A service's name leads to the pods behind it at once, since
 * nobody in the lab translates cluster IPs. Pure.
 */
final class ServiceNames {
  private static final String DOMAIN = "cluster.local";

  private ServiceNames() {}

  /** The text of /etc/hosts in a pod. */
  static String hosts(PodFacts pod, Collection<Service> services, Collection<Endpoints> endpoints) {
    List<String> lines = new ArrayList<>();
    lines.add("127.0.0.1 localhost");
    lines.add("::1 localhost");
    lines.add(pod.address() + " " + String.join(" ", ownNames(pod)));
    for (Endpoints group : endpoints) {
      String name = group.getMetadata().getName();
      String namespace = group.getMetadata().getNamespace();
      Optional<Service> service =
          services.stream()
              .filter(found -> found.getMetadata().getName().equals(name))
              .filter(found -> found.getMetadata().getNamespace().equals(namespace))
              .findFirst();
      boolean all =
          service
              .map(found -> Boolean.TRUE.equals(found.getSpec().getPublishNotReadyAddresses()))
              .orElse(false);
      for (EndpointSubset subset : Optional.ofNullable(group.getSubsets()).orElse(List.of())) {
        addresses(subset, all)
            .forEach(address -> lines.add(line(address, name, namespace, pod.namespace())));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** A member of a set has its full name before the service knows it. */
  private static List<String> ownNames(PodFacts pod) {
    List<String> names = new ArrayList<>();
    String subdomain = pod.pod().getSpec().getSubdomain();
    if (subdomain != null) {
      names.add("%s.%s.%s.svc.%s".formatted(pod.name(), subdomain, pod.namespace(), DOMAIN));
    }
    names.add(pod.name());
    return names;
  }

  private static Stream<EndpointAddress> addresses(EndpointSubset subset, boolean all) {
    Stream<EndpointAddress> ready =
        Optional.ofNullable(subset.getAddresses()).orElse(List.of()).stream();
    Stream<EndpointAddress> others =
        Optional.ofNullable(subset.getNotReadyAddresses()).orElse(List.of()).stream();
    return all ? Stream.concat(ready, others) : ready;
  }

  private static String line(
      EndpointAddress address, String service, String namespace, String asker) {
    List<String> words = new ArrayList<>();
    words.add(address.getIp());
    if (address.getHostname() != null && !address.getHostname().isEmpty()) {
      words.addAll(names(address.getHostname() + "." + service, namespace, asker));
    }
    words.addAll(names(service, namespace, asker));
    return String.join(" ", words);
  }

  private static List<String> names(String name, String namespace, String asker) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "%s.%s.svc.%s".formatted(name, namespace, DOMAIN),
                "%s.%s.svc".formatted(name, namespace),
                "%s.%s".formatted(name, namespace)));
    if (namespace.equals(asker)) {
      names.add(name);
    }
    return names;
  }
}
