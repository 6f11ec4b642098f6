package io.egressgateway.k8s.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@link ApiGroup#FENCE_ANNOTATION}, in JSON: somebody vouches that a machine is off.
 *
 * @param node name of the node; all that it holds, of whatever gateway, is given to others
 * @param by who vouches
 * @param reason what was done to be sure
 * @param id of the order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FenceOrder(
    @Nullable String node, @Nullable String by, @Nullable String reason, @Nullable String id) {

  /** Characters of each of {@code by} and {@code reason}, at most. */
  public static final int SAID_MAX = 256;

  /** Whether it says something that an audit can keep; blanks around it do not count. */
  public static boolean isSaid(String text) {
    String said = text.strip();
    return !said.isEmpty() && said.length() <= SAID_MAX;
  }
}
