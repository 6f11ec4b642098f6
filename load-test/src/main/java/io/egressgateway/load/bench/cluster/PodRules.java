package io.egressgateway.load.bench.cluster;

import io.egressgateway.core.model.Ipv4Address;
import io.egressgateway.load.lab.LabNode;
import io.egressgateway.load.lab.Patience;
import io.egressgateway.load.lab.net.NamespaceExecutor;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Ruleset;
import io.egressgateway.node.netlink.NftNetlink;
import io.egressgateway.node.netlink.socket.SocketLimits;
import io.egressgateway.node.netlink.wire.Bytes;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Pods of one node of the lab, which exist in the API only, and their elements in its kernel. */
final class PodRules implements AutoCloseable {
  /** Above the hosts that the lab's own pods get. */
  private static final int FIRST_HOST = 100;

  private final KubernetesClient client;
  private final LabNode node;
  private final NamespaceExecutor inside;
  private final NftNetlink netlink;

  PodRules(KubernetesClient client, LabNode node) throws IOException {
    this.client = client;
    this.node = node;
    this.inside = new NamespaceExecutor(node.namespace());
    this.netlink = inside.call(() -> NftNetlink.open(SocketLimits.REQUESTS));
  }

  /** From telling the API that a pod of the application runs to its element in the kernel. */
  Duration measure(String name, String app, int host) throws Exception {
    Ipv4Address address =
        new Ipv4Address(((Ipv4Address) node.podCidr().first()).bits() + FIRST_HOST + host);
    Pod pod = ScaleObjects.pod(name, app, node.name().value(), address);
    client.resource(pod).create();
    long told = System.nanoTime();
    client.resource(pod).patchStatus();
    Patience.IMPATIENT.await(
        "%s (%s) to be in the kernel of %s".formatted(name, address, node.name()),
        () -> Optional.of(address).filter(this::isThere));
    Duration took = Duration.ofNanos(System.nanoTime() - told);
    client.resource(pod).withGracePeriod(0).delete();
    return took;
  }

  private boolean isThere(Ipv4Address pod) {
    try {
      return inside.call(
          () ->
              netlink.elements(Ruleset.TABLE.set(LookupSet.POD_CLASS_V4.setName())).stream()
                  .anyMatch(element -> isOf(element.key(), pod)));
    } catch (IOException e) {
      throw new IllegalStateException("read the pods of " + node.name(), e);
    }
  }

  private static boolean isOf(Bytes key, Ipv4Address pod) {
    return Arrays.equals(key.toArray(), pod.toBytes());
  }

  @Override
  public void close() {
    netlink.close();
    inside.close();
  }
}
