package io.egressgateway.policy.witness;

import io.egressgateway.core.link.WitnessMembership;
import io.egressgateway.core.model.WitnessAddress;
import io.egressgateway.core.tls.TlsFiles;
import java.util.List;

/**
 * How a witness runs.
 *
 * @param bindHost address to listen on
 * @param port TCP port to listen on, 0 for any that is free
 * @param self under which address agents and controllers know this witness
 * @param membership all witnesses, this one included
 * @param tls its certificate has the alternative name {@code witness.egressgateway}
 */
public record WitnessSettings(
    String bindHost, int port, WitnessAddress self, WitnessMembership membership, TlsFiles tls) {

  /**
   * Checks that the witness is one of the witnesses.
   *
   * @throws IllegalArgumentException if it is not
   */
  public WitnessSettings {
    if (!membership.witnesses().contains(self)) {
      throw new IllegalArgumentException(
          "this witness, " + self + ", is none of the witnesses: " + membership);
    }
  }

  /** The other witnesses. */
  List<WitnessAddress> peers() {
    return membership.witnesses().stream().filter(witness -> !witness.equals(self)).toList();
  }
}
