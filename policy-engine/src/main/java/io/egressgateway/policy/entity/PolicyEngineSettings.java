package io.egressgateway.policy.entity;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How the entities behave, read once from {@code egressgateway.policy-engine}.
 *
 * @param retryInterval how often an entity repeats what has not been confirmed
 * @param subscriptionInterval how often a node renews its subscriptions; one that is not renewed
 *     for three intervals lapses
 * @param coalesceDelay how long a node gathers changes before it makes a plan of them
 * @param reportDelay how long a gateway gathers changes before it reports them
 * @param answerPatience how long a node waits for the answer of a policy or egress IP; after that
 *     the packets that it may concern are dropped, and everything else goes on
 * @param agentGrace how long an agent may be silent before its node's phase says so
 */
public record PolicyEngineSettings(
    Duration retryInterval,
    Duration subscriptionInterval,
    Duration coalesceDelay,
    Duration reportDelay,
    Duration answerPatience,
    Duration agentGrace) {

  /** Reads every key; none is optional, since {@code reference.conf} has them all. */
  public static PolicyEngineSettings from(Config config) {
    Config engine = config.getConfig("egressgateway.policy-engine");
    return new PolicyEngineSettings(
        engine.getDuration("retry-interval"),
        engine.getDuration("subscription-interval"),
        engine.getDuration("coalesce-delay"),
        engine.getDuration("report-delay"),
        engine.getDuration("answer-patience"),
        engine.getDuration("agent-grace"));
  }
}
