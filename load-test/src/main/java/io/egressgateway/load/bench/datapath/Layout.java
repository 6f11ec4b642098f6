package io.egressgateway.load.bench.datapath;

import java.io.IOException;
import java.time.Duration;

/** One way to enforce policies, in the kernels of a chain of its own. For one thread. */
interface Layout extends AutoCloseable {
  /** In lower-case words. */
  String name();

  /** Where it is. */
  Chain chain();

  /**
   * Replaces whatever is enforced.
   *
   * @return how long the pod's node took for it, from empty
   * @throws Exception if a kernel or a tool refuses
   */
  Duration load(PolicyScale scale) throws Exception;

  @Override
  void close() throws IOException;
}
