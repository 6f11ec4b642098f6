package io.egressgateway.load.api.rest;

import java.util.List;
import java.util.Optional;

/** Where a pod's programs run: what a kubelet would know. Called from any thread. */
@FunctionalInterface
public interface PodCommands {

  /**
   * The command line on this machine that runs {@code command} in the pod.
   *
   * @return empty if no such pod runs here
   */
  Optional<List<String>> commandLine(String namespace, String pod, List<String> command);
}
