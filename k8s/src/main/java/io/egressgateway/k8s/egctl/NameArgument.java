package io.egressgateway.k8s.egctl;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.PolicyKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What a command was given to name something. What does not fit is wrong usage.
 *
 * @param spec of the command
 */
record NameArgument(String text, @Nullable CommandSpec spec) {

  /**
   * An egress IP.
   *
   * @throws ParameterException if it is no address
   */
  IpAddress address() {
    return IpAddress.parse(text).orElseThrow(() -> wrong("'" + text + "' is not an IP address"));
  }

  /**
   * {@code namespace/name} is an EgressPolicy, {@code name} an EgressClusterPolicy.
   *
   * @throws ParameterException if it is neither
   */
  PolicyKey policy() {
    String kind = text.contains("/") ? PolicyKey.NAMESPACED_KIND : PolicyKey.CLUSTER_KIND;
    try {
      return PolicyKey.parse(kind + "/" + text);
    } catch (IllegalArgumentException refused) {
      throw wrong(String.valueOf(refused.getMessage()));
    }
  }

  /** A pod, as {@code namespace/name}. */
  record PodName(String namespace, String name) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /**
   * {@code namespace/name} is a pod.
   *
   * @throws ParameterException if it is not of this form
   */
  PodName pod() {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw wrong("'" + text + "' is not namespace/name");
    }
    return new PodName(parts[0], parts[1]);
  }

  /** For the command's usage to be shown with this complaint. */
  ParameterException wrong(String message) {
    return new ParameterException(EgctlMain.parent(spec).commandLine(), message);
  }
}
