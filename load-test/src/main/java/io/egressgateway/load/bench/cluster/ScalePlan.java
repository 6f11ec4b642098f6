package io.egressgateway.load.bench.cluster;

/**
 * How large a cluster is measured.
 *
 * @param policies created at once, and there while everything else is measured; at least 1
 * @param pods in the API, spread over the policies; at least 1
 * @param burst pods of one policy that start at once; at least 1
 * @param herd policies that are created at once in the end, besides; at least 1
 * @param eips that the herd shares, each policy naming one; at least 1
 * @param times how often a pod, and a policy, is created; at least 1, at most {@value #TIMES_MAX}
 */
public record ScalePlan(int policies, int pods, int burst, int herd, int eips, int times) {
  /** As many addresses are left on the node whose pods are measured. */
  public static final int TIMES_MAX = 150;
}
