package io.egressgateway.policy.entity;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.policy.plan.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node says of its pods' packets. */
class NodeTracesTest extends NodeFixture {
  private static final IpAddress OUTSIDE = IpAddress.of("192.0.2.1");
  private static final KernelQuestion QUESTION =
      new KernelQuestion.OfPod(POD, OUTSIDE, Optional.of(NUMBER), Optional.of(NODE));

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

  @Test
  void theAgentReadsItsKernelAndItsAnswerGoesToWhoeverAsked() {
    attach(Revision.ZERO);
    TestProbe<KernelAnswer> first = ask();
    AgentOffer.AskKernel asked = fixture.session.expectMessageClass(AgentOffer.AskKernel.class);
    TestProbe<KernelAnswer> second = ask();
    AgentOffer.AskKernel askedAgain =
        fixture.session.expectMessageClass(AgentOffer.AskKernel.class);
    KernelAnswer answer =
        new KernelAnswer.Read(
            List.of(
                new KernelAnswer.Fact(
                    "class of the pod", "1", "nothing", KernelAnswer.Agreement.DIFFERS)));

    node.tell(new NodeEntity.KernelAnswered(askedAgain.id(), answer));
    node.tell(new NodeEntity.KernelAnswered(asked.id() - 1, answer));
    node.tell(new NodeEntity.KernelAnswered(askedAgain.id(), new KernelAnswer.Refused("twice")));

    second.expectMessage(answer);
    second.expectNoMessage(QUIET);
    first.expectNoMessage(QUIET);
    assertThat(asked.question()).isEqualTo(QUESTION);
  }

  @Test
  void withoutAnAgentNobodyIsAsked() {
    assertThat(ask().receiveMessage())
        .isInstanceOfSatisfying(
            KernelAnswer.Refused.class,
            refused -> assertThat(refused.reason()).contains("not connected"));
  }

  @Test
  void ofManyQuestionsTheOldestIsForgotten() {
    attach(Revision.ZERO);
    TestProbe<KernelAnswer> oldest = ask();
    AgentOffer.AskKernel asked = fixture.session.expectMessageClass(AgentOffer.AskKernel.class);
    for (int i = 0; i < 16; i++) {
      ask();
      fixture.session.expectMessageClass(AgentOffer.AskKernel.class);
    }

    node.tell(new NodeEntity.KernelAnswered(asked.id(), new KernelAnswer.Refused("late")));

    oldest.expectNoMessage(QUIET);
  }

  private TestProbe<KernelAnswer> ask() {
    TestProbe<KernelAnswer> answer = fixture.probe();
    node.tell(new NodeEntity.AskKernel(QUESTION, answer.ref()));
    return answer;
  }

  private NodeEntity.Traced trace(IpAddress pod, IpAddress destination) {
    TestProbe<NodeEntity.Traced> answer = fixture.probe();
    node.tell(new NodeEntity.Trace(pod, destination, answer.ref()));
    return answer.receiveMessage();
  }
}
