package io.egressgateway.load.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Starts processes, starts those again that end without being asked to, and ends all of them.
 * Thread-safe.
 */
public final class Supervisor implements AutoCloseable {
  /** How long a dead process stays dead. */
  public static final Duration RESTART_DELAY = Duration.ofSeconds(1);

  /**
   * A controller leaves its cluster in some ten seconds, and may archive its classes after that.
   */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

  private final Started what;
  private final RunState state;
  private final Path logs;
  private final Consumer<String> events;
  private final SortedMap<String, LabProcess> processes = new ConcurrentSkipListMap<>();
  private final ExecutorService restarts =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("lab-supervisor").daemon().unstarted(task));
  private final ClassArchives archives = new ClassArchives();
  private boolean closed;

  /**
   * What is started.
   *
   * @param environment what a process of this name has in its environment besides this one's
   */
  public record Started(
      Distribution distribution, Function<String, Map<String, String>> environment) {}

  /**
   * @param what is started
   * @param state where process ids are written down
   * @param events receives a line for each process that ended or was started again
   */
  public Supervisor(Started what, RunState state, Consumer<String> events) {
    this.what = what;
    this.state = state;
    this.events = events;
    this.logs = state.directory().resolve("logs");
  }

  /**
   * Starts a process; its output goes to {@code logs/<name>.log}.
   *
   * @throws IOException if the program cannot be started
   */
  public synchronized LabProcess start(LabCommand command) throws IOException {
    if (closed) {
      throw new IllegalStateException("the lab is closing; " + command.name() + " is not started");
    }
    Files.createDirectories(logs);
    Path log = logs.resolve(command.name() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command.commandLine(what.distribution()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    archives.prepare(command, builder.environment());
    builder.environment().putAll(what.environment().apply(command.name()));
    Process process = builder.start();
    ProcessStamp.of(process.pid()).ifPresent(stamp -> state.remember(stamp, command.name()));
    LabProcess started = new LabProcess(command, process, log);
    processes.put(command.name(), started);
    started.whenEnded(exitCode -> ended(started, exitCode));
    return started;
  }

  private synchronized void ended(LabProcess process, int exitCode) {
    if (closed || process.isStopping()) {
      return;
    }
    events.accept("%s ended with %d".formatted(process.name(), exitCode));
    switch (process.command().restart()) {
      case ALWAYS ->
          CompletableFuture.delayedExecutor(
                  RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS, restarts)
              .execute(() -> restart(process));
      case NEVER -> {}
    }
  }

  private synchronized void restart(LabProcess dead) {
    LabCommand command = dead.command();
    // Somebody may have stopped or replaced it meanwhile.
    if (closed || dead.isStopping() || !dead.equals(processes.get(command.name()))) {
      return;
    }
    try {
      LabProcess started = start(command);
      events.accept("%s started again as %d".formatted(command.name(), started.pid()));
    } catch (IOException e) {
      events.accept("%s cannot be started again: %s".formatted(command.name(), e));
    }
  }

  /** kill -9, and it stays dead until {@link #revive}. */
  public void halt(String name) {
    process(name).kill();
  }

  /** Waits until a halted process has ended; returns at once if it was not halted. */
  public void awaitHalted(String name) {
    LabProcess process = process(name);
    if (process.isStopping()) {
      process.awaitEnd(STOP_PATIENCE);
    }
  }

  /**
   * Starts a halted process again; nothing happens if it runs.
   *
   * @throws IOException if the program cannot be started
   */
  public void revive(String name) throws IOException {
    awaitHalted(name);
    start(name);
  }

  private synchronized void start(String name) throws IOException {
    LabProcess halted = process(name);
    if (!halted.isAlive() && !closed) {
      start(halted.command());
    }
  }

  /** The processes by name, as they are now. */
  public SortedMap<String, LabProcess> processes() {
    return new TreeMap<>(processes);
  }

  /**
   * The process with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public LabProcess process(String name) {
    LabProcess process = processes.get(name);
    if (process == null) {
      throw new IllegalArgumentException("no process " + name + " in " + processes.keySet());
    }
    return process;
  }

  /** Ends these in good order: asked first, killed after a while. */
  public static void stop(Collection<LabProcess> processes) {
    processes.forEach(LabProcess::askToStop);
    long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
    for (LabProcess process : processes) {
      process.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    processes.forEach(LabProcess::kill);
    processes.forEach(process -> process.awaitEnd(STOP_PATIENCE));
  }

  /** Ends all processes, those that archive their classes included. */
  @Override
  public void close() {
    List<LabProcess> all;
    synchronized (this) {
      closed = true;
      restarts.shutdownNow();
      all = processes.values().stream().sorted(Comparator.comparing(LabProcess::name)).toList();
    }
    stop(all);
  }

  /** The last lines of each log, for a failure that must explain itself. */
  public String logTails(int lines) {
    StringBuilder text = new StringBuilder();
    for (LabProcess process : processes.values()) {
      text.append("--- ").append(process.log()).append('\n');
      try {
        List<String> all = Files.readAllLines(process.log());
        all.subList(Math.max(0, all.size() - lines), all.size())
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }
}
