package io.egressgateway.load.sim;

import java.util.Arrays;

/** Messages between processes: lost, late, twice, in any order, or cut off in either direction. */
final class Network {
  private final World world;
  private final int[][] cuts;
  private int healings;

  Network(World world, int processes) {
    this.world = world;
    this.cuts = new int[processes][processes];
  }

  boolean isCut(int from, int to) {
    return cuts[from][to] > 0;
  }

  /** Lets nothing through from one to the other for a while, nor what is on its way. */
  void cut(int from, int to, long nanos) {
    int then = healings;
    cuts[from][to]++;
    world
        .agenda()
        .after(
            nanos,
            () -> {
              if (then == healings) {
                cuts[from][to]--;
              }
            });
  }

  /** Lets everything through again. */
  void heal() {
    healings++;
    for (int[] row : cuts) {
      Arrays.fill(row, 0);
    }
  }

  /** Cuts one off from all others, in both directions. */
  void isolate(int process, long nanos) {
    for (int other = 0; other < cuts.length; other++) {
      cut(process, other, nanos);
      cut(other, process, nanos);
    }
  }

  void send(SimProcess from, SimProcess to, Runnable arrival) {
    Weather weather = world.weather();
    Chance chance = world.chance();
    if (isCut(from.index, to.index) || chance.percent(weather.lossPercent())) {
      return;
    }
    arrive(from, to, arrival, weather.delay(chance));
    if (chance.percent(weather.duplicatePercent())) {
      arrive(from, to, arrival, weather.secondDelay(chance));
    }
  }

  private void arrive(SimProcess from, SimProcess to, Runnable arrival, long delay) {
    world
        .agenda()
        .after(
            delay,
            () -> {
              if (!isCut(from.index, to.index)) {
                to.deliver(arrival);
              }
            });
  }
}
