package io.egressgateway.k8s.watch;

/** Whether the watcher knows the whole cluster. */
public enum SyncState {
  /** Something has not been listed yet; nobody has been told anything. */
  LISTING,
  /** Everything has been listed and told. */
  SYNCED
}
