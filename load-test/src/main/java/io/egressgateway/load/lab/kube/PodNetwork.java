package io.egressgateway.load.lab.kube;

import java.io.IOException;

/** What a CNI plugin does: gives a pod its namespace and takes it away. Called by one thread. */
public interface PodNetwork {
  /** Makes the pod's namespace and its address reachable from all nodes. */
  void add(PodPlacement pod) throws IOException;

  /** Removes the pod's namespace; nothing happens if it is gone. */
  void remove(PodPlacement pod) throws IOException;
}
