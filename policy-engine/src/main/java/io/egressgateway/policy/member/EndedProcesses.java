package io.egressgateway.policy.member;

import akka.actor.Address;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses of members whose processes have ended. Static, since Akka makes a failure detector by
 * the name of its class and gives it nothing of ours; what is noted here is true for every actor
 * system of this process. Thread-safe.
 */
final class EndedProcesses {
  private static final Set<String> ADDRESSES = ConcurrentHashMap.newKeySet();

  private EndedProcesses() {}

  static void note(Address address) {
    ADDRESSES.add(address.toString());
  }

  /** It listens again, or nobody watches it any more. */
  static void forget(Address address) {
    ADDRESSES.remove(address.toString());
  }

  /**
   * @param address as {@link Address#toString} writes it
   */
  static boolean contains(String address) {
    return ADDRESSES.contains(address);
  }
}
