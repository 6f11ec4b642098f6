package io.egressgateway.load.bench.netlink;

import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is not ip's or nft's fault: two programs that do nothing. JMH makes the instances. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
public class ProgramStart {
  private Optional<ForkedTool> nothing = Optional.empty();

  /** Finds the program. */
  @Setup
  public void find() {
    nothing = Optional.of(DebianTool.TRUE.require());
  }

  /** Two runs, as the others make. */
  @Benchmark
  public void forked() throws Exception {
    nothing.orElseThrow().run();
    nothing.orElseThrow().run();
  }
}
