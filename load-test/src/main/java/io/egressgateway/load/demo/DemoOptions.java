package io.egressgateway.load.demo;

import java.nio.file.Path;

/**
 * How to tell the story.
 *
 * @param controllers how many members the control plane has
 * @param directory for logs, keys and data
 */
record DemoOptions(int controllers, End end, Path directory) {
  /** What becomes of the lab when the story is told. */
  enum End {
    /** It is removed. */
    REMOVE,
    /** It stays up, the policy applied, until a signal comes. */
    KEEP
  }
}
