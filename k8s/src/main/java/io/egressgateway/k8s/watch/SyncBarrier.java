package io.egressgateway.k8s.watch;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells when every object of the initial list has been delivered. An informer says when it has the
 * list, but hands the objects out on another thread, so the one does not imply the other.
 * Thread-safe.
 */
final class SyncBarrier {

  private final Runnable onSynced;
  private final Set<String> delivered = new HashSet<>();
  private final Set<String> awaited = new HashSet<>();
  private Stage stage = Stage.LISTING;

  private enum Stage {
    LISTING,
    DELIVERING,
    SYNCED
  }

  /**
   * @param onSynced called once, on the thread that delivers or lists
   */
  SyncBarrier(Runnable onSynced) {
    this.onSynced = onSynced;
  }

  /** The object, or its deletion, has been handed on. */
  synchronized void delivered(String uid) {
    switch (stage) {
      case LISTING -> delivered.add(uid);
      case DELIVERING -> {
        awaited.remove(uid);
        finishIfComplete();
      }
      case SYNCED -> {}
    }
  }

  /** The initial list consists of these objects. */
  synchronized void listed(Collection<String> uids) {
    if (stage == Stage.LISTING) {
      stage = Stage.DELIVERING;
      awaited.addAll(uids);
      awaited.removeAll(delivered);
      delivered.clear();
      finishIfComplete();
    }
  }

  private void finishIfComplete() {
    if (awaited.isEmpty()) {
      stage = Stage.SYNCED;
      onSynced.run();
    }
  }
}
