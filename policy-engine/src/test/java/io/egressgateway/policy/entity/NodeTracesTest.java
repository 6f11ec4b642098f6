package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.plan.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node says of its pods' packets. */
class NodeTracesTest extends NodeFixture {
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");

  @Test
  void aNodeThatHasNotBeenToldEverythingDoesNotGuess() {
    observe();

    NodeEntity.Traced traced = trace(POD, OUTSIDE);

    assertThat(traced)
        .isEqualTo(new NodeEntity.Traced(Optional.empty(), Revision.ZERO, Optional.empty()));
  }

  @Test
  void theStrongestPolicyAndItsHolderAreNamed() {
    attach(Revision.ZERO);
    observe();
    endpoints(POD);
    bind();
    route(Optional.of(NODE));
    NodePlan plan = offered();

    NodeEntity.Traced traced = trace(POD, OUTSIDE);

    assertThat(traced.newest()).isEqualTo(plan.revision());
    assertThat(traced.applied()).contains(Revision.ZERO);
    assertThat(traced.verdict())
        .hasValueSatisfying(
            verdict ->
                assertThat(verdict)
                    .isInstanceOfSatisfying(
                        Verdict.Taken.class,
                        taken -> {
                          assertThat(taken.policy()).isEqualTo(POLICY);
                          assertThat(taken.address()).isEqualTo(EIP);
                          assertThat(taken.route().number()).isEqualTo(NUMBER);
                          assertThat(taken.route().holder()).contains(NODE);
                        }));
    applied(plan.revision());
    assertThat(trace(POD, OUTSIDE).applied()).contains(plan.revision());
  }

  @Test
  void whatIsInsideTheClusterOrNotSelectedIsLeftAlone() {
    complete();
    offered();

    assertThat(trace(POD, IpAddress.of("10.244.9.9")).verdict())
        .contains(new Verdict.LeftAlone(Verdict.Reason.INSIDE_THE_CLUSTER, Optional.empty()));
    assertThat(trace(IpAddress.of("10.244.1.9"), OUTSIDE).verdict())
        .contains(new Verdict.LeftAlone(Verdict.Reason.NOT_SELECTED, Optional.empty()));
  }

  private NodeEntity.Traced trace(IpAddress pod, IpAddress destination) {
    TestProbe<NodeEntity.Traced> answer = fixture.probe();
    node.tell(new NodeEntity.Trace(pod, destination, answer.ref()));
    return answer.receiveMessage();
  }
}
