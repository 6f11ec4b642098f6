package io.egressgateway.policy.entity;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;

/** What a node reminds itself of. */
final class NodeTimers {

  private enum Timer {
    REPEAT,
    RENEW,
    REPLAN,
    REOFFER,
    WAKE,
    PATIENCE_WITH_AGENT,
    INSIST,
    GRACE,
    PATIENCE
  }

  private final TimerScheduler<NodeEntity.Command> scheduler;
  private final PolicyEngineSettings settings;

  NodeTimers(TimerScheduler<NodeEntity.Command> scheduler, PolicyEngineSettings settings) {
    this.scheduler = scheduler;
    this.settings = settings;
  }

  void renewForEver() {
    scheduler.startTimerAtFixedRate(
        Timer.RENEW, new NodeEntity.Renew(), settings.subscriptionInterval());
  }

  /** To repeat what has not been answered, as long as something has not. */
  void awaitAnswers(NodeKnowledge knowledge) {
    if (knowledge.isComplete()) {
      scheduler.cancel(Timer.PATIENCE);
      return;
    }
    if (!scheduler.isTimerActive(Timer.REPEAT)) {
      scheduler.startSingleTimer(Timer.REPEAT, new NodeEntity.Repeat(), settings.retryInterval());
    }
    if (knowledge.hasSpec() && !scheduler.isTimerActive(Timer.PATIENCE)) {
      scheduler.startSingleTimer(
          Timer.PATIENCE, new NodeEntity.PatienceOver(), settings.answerPatience());
    }
  }

  /** What comes in a burst becomes one plan. */
  void replanSoon() {
    if (!scheduler.isTimerActive(Timer.REPLAN)) {
      scheduler.startSingleTimer(Timer.REPLAN, new NodeEntity.Replan(), settings.coalesceDelay());
    }
  }

  void reofferLater() {
    scheduler.startSingleTimer(Timer.REOFFER, new NodeEntity.Reoffer(), settings.retryInterval());
  }

  /** The authority over the lease is woken then, and no more at the time said before. */
  void wakeIn(Duration delay) {
    scheduler.startSingleTimer(
        Timer.WAKE, new NodeEntity.Wake(), delay.isNegative() ? Duration.ZERO : delay);
  }

  /** Whoever asks how the node stands is told by then, whether or not the agent has spoken. */
  void speakBy(Duration patience) {
    scheduler.startSingleTimer(
        Timer.PATIENCE_WITH_AGENT, new NodeEntity.Speak(), patience.plusMillis(1));
  }

  /** To say again to the agent what it has not confirmed. */
  void insistLater() {
    if (!scheduler.isTimerActive(Timer.INSIST)) {
      scheduler.startSingleTimer(Timer.INSIST, new NodeEntity.Insist(), settings.retryInterval());
    }
  }

  void awaitAgent() {
    scheduler.startSingleTimer(Timer.GRACE, new NodeEntity.GraceOver(), settings.agentGrace());
  }

  void agentHeard() {
    scheduler.cancel(Timer.GRACE);
  }
}
