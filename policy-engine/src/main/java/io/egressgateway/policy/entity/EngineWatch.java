package io.egressgateway.policy.entity;

import io.egressgateway.core.event.OwnershipProof;
import java.time.Duration;

/**
 * Is told what the entities of this controller do, for those who watch it. Called by entities: it
 * returns at once and changes nothing.
 */
public interface EngineWatch {

  /** Nobody watches. */
  EngineWatch NOBODY =
      new EngineWatch() {
        @Override
        public void journalled(Duration took) {}

        @Override
        public void assigned(OwnershipProof proof) {}

        @Override
        public void takenOver(Duration took) {}
      };

  /** An egress IP's ledger has got an entry; it took so long from the decision. */
  void journalled(Duration took);

  /** An egress IP was assigned, and this is why nobody else can hold it. */
  void assigned(OwnershipProof proof);

  /**
   * The gate of an egress IP whose holder's session had ended is open at another.
   *
   * @param took since it was known that the session was over
   */
  void takenOver(Duration took);
}
