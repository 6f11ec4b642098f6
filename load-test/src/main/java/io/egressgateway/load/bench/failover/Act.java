package io.egressgateway.load.bench.failover;

import io.egressgateway.load.bench.report.Row;
import io.egressgateway.load.failover.Scene;
import java.util.List;
import java.util.function.Consumer;

/** One part of the measurement, played in a scene that stands. */
interface Act {
  /**
   * Plays and says what it found.
   *
   * @param rest between two runs
   * @param progress receives a line now and then
   */
  List<Row> play(Scene scene, Rest rest, Consumer<String> progress) throws Exception;
}
