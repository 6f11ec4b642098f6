package io.egressgateway.load.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A process with one thread: it can be stopped at any step, with everything that comes waiting, or
 * crash, with everything lost.
 */
abstract class SimProcess {
  final World world;
  final int index;
  final String name;
  final LocalClock clock;
  private final Deque<Runnable> backlog = new ArrayDeque<>();
  private boolean up;
  private boolean stopped;
  private int life;
  private int stops;

  SimProcess(World world, int index, String name) {
    this.world = world;
    this.index = index;
    this.name = name;
    this.clock =
        new LocalClock(
            1 + world.chance().signed() * world.physics().clocks().drift(),
            world.chance().between(0, 1_000 * Chance.SECOND));
  }

  /** Begins with nothing in memory. */
  abstract void start();

  final boolean isUp() {
    return up;
  }

  final boolean isRunning() {
    return up && !stopped;
  }

  final long localNow() {
    return clock.at(world.agenda().now());
  }

  final void boot() {
    up = true;
    stopped = false;
    life++;
    start();
  }

  /** Does it now, or when the process goes on, or never if it crashes before. */
  final void deliver(Runnable action) {
    if (!up) {
      return;
    }
    if (stopped) {
      backlog.add(action);
    } else {
      action.run();
    }
  }

  /** One thing to be woken for; it is set anew by each setting. */
  final class Alarm {
    private long setting;

    /** Rings at that time of the local clock. */
    void set(long localNanos, Runnable action) {
      long mine = ++setting;
      after(
          Math.max(0, clock.trueTime(localNanos) - world.agenda().now()),
          () -> {
            if (mine == setting) {
              action.run();
            }
          });
    }
  }

  /** Does it after so much true time, in this life of the process. */
  final void after(long nanos, Runnable action) {
    int then = life;
    world
        .agenda()
        .after(
            nanos,
            () -> {
              if (then == life) {
                deliver(action);
              }
            });
  }

  /** Stops for a while. */
  final void stop(long nanos) {
    if (isRunning()) {
      halt(nanos, () -> {});
    }
  }

  /** Stops in the middle of something, and later goes on with the rest of it first. */
  final void halt(long nanos, Runnable rest) {
    stopped = true;
    int then = life;
    int stop = ++stops;
    backlog.addFirst(rest);
    world
        .agenda()
        .after(
            nanos,
            () -> {
              if (then == life && stop == stops) {
                goOn();
              }
            });
  }

  private void goOn() {
    stopped = false;
    while (up && !stopped && !backlog.isEmpty()) {
      backlog.removeFirst().run();
    }
  }

  /** Ends without warning, and comes back after a while. */
  final void crash(long backAfter) {
    if (!up) {
      return;
    }
    up = false;
    stopped = false;
    life++;
    backlog.clear();
    int then = life;
    world
        .agenda()
        .after(
            backAfter,
            () -> {
              if (then == life) {
                boot();
              }
            });
  }

  /** Ends at once whatever keeps it from running. */
  final void heal() {
    if (!up) {
      boot();
    } else if (stopped) {
      stops++;
      goOn();
    }
  }
}
