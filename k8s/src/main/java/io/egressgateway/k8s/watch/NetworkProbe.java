package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.CidrSet;
import io.egressgateway.k8s.translate.PodNetworkTranslator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what no object says that could be watched. */
final class NetworkProbe {

  private static final Logger LOG = LoggerFactory.getLogger(NetworkProbe.class);

  /** Where the pods of the control plane and of networks are. */
  static final String SYSTEM = "kube-system";

  /** What says that the API has no such thing, or not for us. */
  private static final Set<Integer> NO_ANSWER =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_FORBIDDEN);

  private final KubernetesClient client;
  private final ServiceCidrProbe services;

  NetworkProbe(KubernetesClient client) {
    this.client = client;
    this.services = new ServiceCidrProbe(client);
  }

  /**
   * What was found, empty where nobody knows.
   *
   * @param services addresses of services
   * @param weave addresses that Weave Net gives to pods
   */
  record Found(CidrSet services, CidrSet weave) {}

  /**
   * Asks everybody. Blocks.
   *
   * @throws KubernetesClientException when the API cannot be asked
   */
  Found find() {
    return new Found(services.find(), ask(this::ofWeave));
  }

  private CidrSet ofWeave() {
    return client
        .pods()
        .inNamespace(SYSTEM)
        .withLabel("name", "weave-net")
        .list()
        .getItems()
        .stream()
        .map(PodNetworkTranslator::weave)
        .reduce(CidrSet.empty(), CidrSet::plus);
  }

  /** What the source says; nothing where the API has no such thing, or not for us. */
  static CidrSet ask(Supplier<CidrSet> source) {
    try {
      return source.get();
    } catch (KubernetesClientException e) {
      if (NO_ANSWER.contains(e.getCode())) {
        LOG.debug("nothing from one source cause=\"{}\"", e.getMessage());
        return CidrSet.empty();
      }
      throw e;
    }
  }
}
