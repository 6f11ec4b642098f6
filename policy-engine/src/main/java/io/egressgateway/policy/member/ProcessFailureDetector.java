package io.egressgateway.policy.member;

import akka.event.EventStream;
import akka.remote.PhiAccrualFailureDetector;
import com.typesafe.config.Config;

/**
 * Akka's failure detector, which also knows of processes that have ended and need not be waited
 * for. Made by Akka (setting {@code akka.cluster.failure-detector.implementation-class}), one for
 * each member.
 */
public final class ProcessFailureDetector extends PhiAccrualFailureDetector {

  /**
   * Called by Akka.
   *
   * @param config the settings under {@code akka.cluster.failure-detector}
   * @param events where a long pause between heartbeats is logged
   */
  public ProcessFailureDetector(Config config, EventStream events) {
    super(config, events);
  }

  @Override
  public boolean isAvailable() {
    // Akka tells the address after it has made the detector.
    return super.isAvailable() && !EndedProcesses.contains(address());
  }
}
