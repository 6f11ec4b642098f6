package io.egressgateway.core.event;

/** Why it is certain that an address has no other holder. Journalled with each move, for audit. */
public enum OwnershipProof {
  /** No node has ever held the address. */
  NEVER_HELD,
  /** The last holder acknowledged that it has stopped answering for the address. */
  RELEASE_ACKNOWLEDGED,
  /** The last holder was granted the address but acknowledged that it never programmed it. */
  NEVER_PROGRAMMED,
  /** The Kubernetes node object was deleted: whoever deletes a node vouches that it is off. */
  NODE_DELETED
}
