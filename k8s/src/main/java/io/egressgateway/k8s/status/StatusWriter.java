package io.egressgateway.k8s.status;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import io.egressgateway.k8s.translate.Violation;
import io.egressgateway.policy.entity.StatusReport;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Writes what the Kubernetes API shows of the engine's decisions. */
public final class StatusWriter {

  private StatusWriter() {}

  /** What the writer can be told. Of each object only the newest of a kind of message counts. */
  public sealed interface Command {}

  /** An entity tells the state of its object. */
  public record Report(StatusReport report) implements Command {}

  /**
   * What is wrong with the object's spec; empty when nothing is (any more). As long as there is
   * something wrong the object's Ready condition says so, whatever is reported.
   */
  public record Violations(ObjectRef object, List<Violation> violations) implements Command {
    public Violations {
      violations = List.copyOf(violations);
    }
  }

  /**
   * The pods that a policy selects, all of them.
   *
   * @param uid of the policy object, which will own the slices
   */
  public record PolicyEndpoints(PolicyKey policy, String uid, List<SliceEndpoint> endpoints)
      implements Command {
    public PolicyEndpoints {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** The nodes whose Node objects say that they are not ready, all of them. */
  public record NotReadyNodes(SortedSet<NodeName> nodes) implements Command {
    public NotReadyNodes {
      nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }
  }

  /**
   * The object is gone from the API; it is not written again until it is reported anew.
   *
   * <p>An EgressTunnel that is forgotten is deleted.
   */
  public record Forget(ObjectRef.Key object) implements Command {}
}
