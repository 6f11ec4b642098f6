package io.egressgateway.load.bench.netlink;

import io.egressgateway.load.bench.report.Cell;
import io.egressgateway.load.bench.report.Samples;
import io.egressgateway.load.bench.report.Unit;

/**
 * The same change made in two ways. Samples are in microseconds.
 *
 * @param name of the change, and of the tool that ours is compared with
 */
record Comparison(String name, Samples ours, Samples forked) {
  private static final double P99 = 99;
  private static final double MICROS_PER_MILLI = 1e3;

  /** Ours at the median. */
  Cell oursMedian() {
    return new Cell("ours p50", ours.median() / MICROS_PER_MILLI, Unit.MILLISECONDS);
  }

  /** Ours at the 99th percentile. */
  Cell oursP99() {
    return new Cell("ours p99", ours.percentile(P99) / MICROS_PER_MILLI, Unit.MILLISECONDS);
  }

  /** The tool at the median. */
  Cell forkedMedian() {
    return new Cell("forked p50", forked.median() / MICROS_PER_MILLI, Unit.MILLISECONDS);
  }

  /** How much longer the tool takes, medians compared. */
  Cell ratio() {
    return new Cell("ratio", forked.median() / ours.median(), Unit.RATIO);
  }

  /** The same of the fastest of each, which other work on the machine disturbed the least. */
  Cell ratioOfFastest() {
    return new Cell("ratio of fastest", forked.min() / ours.min(), Unit.RATIO);
  }

  /** The ratio of the medians without what any program's start costs. */
  Cell ratioLessStart(Samples start) {
    double toolAlone = forked.median() - start.median();
    return new Cell("ratio less start", toolAlone / ours.median(), Unit.RATIO);
  }
}
