package io.egressgateway.k8s.crd;

/** The API group of all our resources. */
public final class ApiGroup {

  /** Name of the group. */
  public static final String NAME = "egressgateway.spidernet.io";

  /** The only version: served and stored. */
  public static final String VERSION = "v1beta1";

  /** As in {@code apiVersion}. */
  public static final String API_VERSION = NAME + "/" + VERSION;

  /** On an EgressGateway: kept until no policy uses it. */
  public static final String GATEWAY_FINALIZER = NAME + "/egressgateway";

  /** On an EgressEndpointSlice: the name of the policy that it belongs to. */
  public static final String POLICY_NAME_LABEL = "spidernet.io/policy-name";

  /** On a Namespace: the gateway of its policies that name none. */
  public static final String DEFAULT_GATEWAY_LABEL = "spidernet.io/egressgateway-default";

  /** On an EgressGateway: one egress IP is wanted on one node, once; a {@link MoveOrder}. */
  public static final String MOVE_ANNOTATION = NAME + "/move";

  /** On an EgressGateway: the egress IPs are to be spread evenly, once; the value is an id. */
  public static final String REBALANCE_ANNOTATION = NAME + "/rebalance";

  /** On an EgressGateway: one of its nodes is vouched to be off, once; a {@link FenceOrder}. */
  public static final String FENCE_ANNOTATION = NAME + "/fence";

  private ApiGroup() {}
}
