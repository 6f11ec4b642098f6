package io.egressgateway.policy.entity;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.core.model.PolicyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node asks, and how often. */
class NodeErrandsTest {
  private static final NodeName NODE = new NodeName("worker-1");
  private static final PolicyKey POLICY = SampleMessages.POLICY;
  private static final IpAddress POD = IpAddress.of("10.244.1.2");
  private static final Duration QUIET = Duration.ofMillis(300);

  private final EntityFixture fixture = new EntityFixture();
  private final NodeKnowledge knowledge = new NodeKnowledge(NODE);
  private final NodeErrands errands = new NodeErrands(NODE, fixture);

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatIsNotAnsweredIsAskedOnce() {
    podHas(POLICY);
    errands.subscribeToUnanswered(knowledge);
    expectQuestion();
    fixture.policies.expectNoMessage(QUIET);
  }

  @Test
  void aPolicyThatComesBackIsAskedAtOnce() {
    podHas(POLICY);
    expectQuestion();
    knowledge.learn(new NodeEntity.PolicyBound(POLICY, Optional.empty()));
    podHas();
    podHas(POLICY);
    expectQuestion();
  }

  @Test
  void questionsThatMayBeLostAreAskedAgain() {
    podHas(POLICY);
    expectQuestion();
    knowledge.askAgain();
    errands.subscribeToUnanswered(knowledge);
    expectQuestion();
  }

  private void podHas(PolicyKey... policies) {
    TreeMap<IpAddress, SortedSet<PolicyKey>> policiesByPod = new TreeMap<>();
    policiesByPod.put(POD, new TreeSet<>(List.of(policies)));
    knowledge.endpoints(policiesByPod);
    errands.subscribeToUnanswered(knowledge);
  }

  private void expectQuestion() {
    fixture.policies.expectMessage(new PolicyEntity.Subscribe(NODE, Optional.empty()));
  }
}
