package io.egressgateway.load.lab.net;

import io.egressgateway.core.model.NodeName;
import java.nio.file.Path;

/**
 * A network namespace of the lab, named so that {@code ip netns exec} finds it.
 *
 * @param name the file's name under /run/netns; starts with {@value #PREFIX}
 */
public record NetNamespace(String name) implements Comparable<NetNamespace> {
  /** Namespaces with this prefix are the lab's, and nobody else's. */
  public static final String PREFIX = "egw-";

  /** Where iproute2 keeps named namespaces. */
  public static final Path DIRECTORY = Path.of("/run/netns");

  /**
   * @throws IllegalArgumentException if the prefix is missing or the name cannot be a file's
   */
  public NetNamespace {
    if (!name.startsWith(PREFIX) || name.contains("/")) {
      throw new IllegalArgumentException(name + " does not start with " + PREFIX);
    }
  }

  /** The switch that joins nodes and router. */
  public static NetNamespace underlay() {
    return new NetNamespace(PREFIX + "underlay");
  }

  /** Between the underlay and the server. */
  public static NetNamespace router() {
    return new NetNamespace(PREFIX + "router");
  }

  /** Outside the cluster. */
  public static NetNamespace server() {
    return new NetNamespace(PREFIX + "server");
  }

  /** A machine on the underlay that does not belong to the cluster. */
  public static NetNamespace stranger() {
    return new NetNamespace(PREFIX + "stranger");
  }

  /** A node. */
  public static NetNamespace ofNode(NodeName node) {
    return new NetNamespace(PREFIX + node);
  }

  /** A pod. */
  public static NetNamespace ofPod(String podNamespace, String podName) {
    return new NetNamespace(PREFIX + "pod-" + podNamespace + "-" + podName);
  }

  /** The file that stands for it. */
  public Path path() {
    return DIRECTORY.resolve(name);
  }

  @Override
  public int compareTo(NetNamespace other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
