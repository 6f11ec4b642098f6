package io.egressgateway.k8s.status;

import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.crd.EgressTunnel;
import io.egressgateway.policy.domain.SpecVersion;
import io.egressgateway.policy.entity.Condition;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Is told what the status writer hears and does, for those who watch it. Called by the writer: it
 * returns at once and changes nothing.
 */
public interface StatusWatch {

  /** What became of a write. */
  enum Write {
    SETTLED,
    GONE,
    FAILED
  }

  /**
   * What an object's status says of it.
   *
   * @param phase of an EgressTunnel; others have none
   */
  record Shown(SortedSet<Condition> conditions, Optional<EgressTunnel.Phase> phase) {
    public Shown {
      conditions = Collections.unmodifiableSortedSet(new TreeSet<>(conditions));
    }
  }

  /** Nobody watches. */
  StatusWatch NOBODY =
      new StatusWatch() {
        @Override
        public void awaits(PolicyKey policy, Optional<SpecVersion> version) {}

        @Override
        public void told(StatusReport report) {}

        @Override
        public void shows(ObjectRef.Key object, Optional<Shown> shown) {}

        @Override
        public void wrote(Write write) {}

        @Override
        public void stopped() {}
      };

  /**
   * A spec of the policy has been seen that is to be put in place.
   *
   * @param version absent if there is none: the policy is gone, or its spec is wrong
   */
  void awaits(PolicyKey policy, Optional<SpecVersion> version);

  /** An entity has told the state of its object. */
  void told(StatusReport report);

  /**
   * This is what the object's status is to say, whether or not it is news.
   *
   * @param shown absent if there is no such object
   */
  void shows(ObjectRef.Key object, Optional<Shown> shown);

  /** A write has ended. */
  void wrote(Write write);

  /** The writer goes on on another member, if at all. */
  void stopped();
}
