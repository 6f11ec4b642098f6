package io.egressgateway.load.demo;

import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.LabSettings;
import io.egressgateway.load.lab.Topology;
import io.egressgateway.load.lab.guide.GuideCluster;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Builds the lab, has the story told and removes the lab. Used by one thread. */
final class Demo {
  private static final int LOG_LINES_ON_FAILURE = 20;

  private final DemoOptions options;
  private final Narrator narrator;
  private final CountDownLatch signal;

  /**
   * @param signal goes down when the demo is to end early
   */
  Demo(DemoOptions options, Narrator narrator, CountDownLatch signal) {
    this.options = options;
    this.narrator = narrator;
    this.signal = signal;
  }

  DemoResult run() {
    long started = System.nanoTime();
    LabSettings settings =
        LabSettings.usual()
            .with(options.stage().api())
            .withControllers(options.stage().controllers())
            .with(options.stage().profile())
            .in(options.stage().directory());
    try {
      Lab lab =
          narrator.step(
              "lab",
              "leftovers of an earlier run removed",
              () -> Lab.open(settings, narrator::event));
      return endOf(lab, tell(lab, started));
    } catch (Exception e) {
      return told(new DemoResult.Failed(reason(e)));
    }
  }

  /** Removes the lab, but for --keep not before a signal comes; the result is told last. */
  private DemoResult endOf(Lab lab, DemoResult result) throws Exception {
    boolean kept = result.exitCode() == 0 && options.end() == DemoOptions.End.KEEP;
    if (kept) {
      told(result);
      keep(lab);
    }
    // A signal may have left it behind; the removal waits for processes to end.
    Thread.interrupted();
    narrator.step(
        "removal",
        "lab removed: no process, namespace or file is left",
        () -> {
          lab.close();
          return lab;
        });
    return kept ? result : told(result);
  }

  private DemoResult told(DemoResult result) {
    narrator.result(result);
    return result;
  }

  private static String reason(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElseGet(() -> e.getClass().getSimpleName());
  }

  private DemoResult tell(Lab lab, long started) {
    try {
      build(lab);
      return switch (options.plot()) {
        case GUIDE -> new Story(lab, narrator, started).tell(options.end());
        case FAILOVER -> new FailoverStory(lab, narrator).tell();
      };
    } catch (InterruptedException e) {
      return new DemoResult.Failed("interrupted");
    } catch (Exception e) {
      if (signal.getCount() > 0) {
        narrator.say(lab.supervisor().logTails(LOG_LINES_ON_FAILURE));
      }
      return new DemoResult.Failed(reason(e));
    }
  }

  private void build(Lab lab) throws Exception {
    narrator.step(
        "network",
        "network namespaces: 5 nodes, router, server outside",
        () -> {
          lab.buildNetwork();
          lab.startServer();
          return lab;
        });
    narrator.step("api", "Kubernetes API", lab::startApi);
    narrator.step(
        "nodes",
        "nodes registered",
        () -> {
          lab.startKubelet();
          return lab;
        });
    GuideCluster cluster = new GuideCluster(lab);
    narrator.step(
        "controllers",
        lab.settings().controllers() + " controller(s) ready",
        () -> {
          lab.startWitnesses();
          lab.startControllers();
          lab.startAgents();
          cluster.awaitControllers();
          return lab;
        });
    int nodes = lab.settings().topology().nodes().size();
    narrator.step(
        "agents",
        nodes + " agents in the tunnel mesh",
        () -> {
          cluster.awaitMesh();
          return lab;
        });
  }

  private void keep(Lab lab) {
    narrator.say(
        """

        The lab stays up until Ctrl-C. From another shell:
          export KUBECONFIG=%s
          kubectl get egp -A
          ip netns exec %s curl -s %s:%d
          ip netns exec egw-worker-node-1 nft list ruleset
        Logs: %s"""
            .formatted(
                lab.api().kubeconfig(),
                new GuideCluster(lab).matchedPod().netNamespace(),
                Topology.SERVER,
                Lab.SERVER_PORT,
                lab.settings().directory().resolve("logs")));
    try {
      signal.await();
    } catch (InterruptedException e) {
      narrator.say("interrupted");
    }
  }
}
