package io.egressgateway.core.lease;

/**
 * The rules of the lease protocol that the cores obey. Each is one condition in the code; the
 * simulator leaves single ones out to see that it would notice.
 */
public enum Rule {
  /** An agent counts its lease from when it sent the request, never from when the answer came. */
  R1_DEADLINE_FROM_SEND,
  /** Only promises of a majority of the witnesses, to one and the same request, make a lease. */
  R1_MAJORITY,
  /** An agent gives its lease up a guard time early. */
  R1_GUARD,
  /** A witness waits longer than the agent: rates of clocks differ. */
  R2_MARGIN,
  /** A witness that voted a session dead never promises anything to it again. */
  R2_TOMBSTONE,
  /** A witness that has started is silent until all that it may have promised is over. */
  R3_MUTE_AFTER_START,
  /** Who loses his lease closes all gates, forgets all grants, and starts a new incarnation. */
  R4_LAPSE_ENDS_INCARNATION,
  /** An incarnation that got no lease in time gives up. */
  R5_ABANDON_UNLEASED,
  /** Votes count together only if they are of one round, and the round is below half a lease. */
  R6_VOTES_OF_ONE_ROUND,
  /** A session that is denied renewals is voted dead when its promise is over, and not before. */
  R6_DENIED_RUNS_OUT,
  /** A session is over only by proof, never because it is silent. */
  R7_PROOF,
  /** An incarnation is heard of only after the kernel has let go of what the former one held. */
  R7_FLUSH_BEFORE_HELLO,
  /** A grant is good only while the lease is. */
  R9_LEASED,
  /** A grant is good only for the incarnation that it names. */
  R9_BOUND_TO_INCARNATION,
  /** A grant that was released is not good again, however often it is delivered. */
  R9_HIGH_WATER,
  /** A session that is over gets no address any more. */
  R10_NEVER_GRANT_REVOKED,
  /** A session that is over and is still heard of is told so. */
  R10_FENCE_REVOKED,
  /** A gate opens after all else is in the kernel. */
  R13_OPEN_LAST
}
