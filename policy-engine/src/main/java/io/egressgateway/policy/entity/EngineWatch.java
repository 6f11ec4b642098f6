package io.egressgateway.policy.entity;

import io.egressgateway.core.event.EipEvent.EipAssigned;
import io.egressgateway.core.event.EipEvent.EipReleased;
import io.egressgateway.core.model.GatewayName;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
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
        public void assigned(IpAddress eip, EipAssigned assigned) {}

        @Override
        public void released(IpAddress eip, GatewayName gateway, EipReleased released) {}

        @Override
        public void takenOver(Duration took) {}

        @Override
        public void denied(NodeName node) {}
      };

  /** An egress IP's ledger has got an entry; it took so long from the decision. */
  void journalled(Duration took);

  /** An egress IP was assigned; the proof says why nobody else can hold it. */
  void assigned(IpAddress eip, EipAssigned assigned);

  /**
   * An egress IP was released, and nobody has it for now.
   *
   * @param gateway that it belonged to
   */
  void released(IpAddress eip, GatewayName gateway, EipReleased released);

  /**
   * The gate of an egress IP whose holder's session had ended is open at another.
   *
   * @param took since it was known that the session was over
   */
  void takenOver(Duration took);

  /** It is journalled that a session of the node, which no controller hears, gets nothing more. */
  void denied(NodeName node);
}
