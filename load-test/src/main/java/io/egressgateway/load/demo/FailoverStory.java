package io.egressgateway.load.demo;

import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.failover.Takeover;
import io.egressgateway.load.lab.Lab;
import io.egressgateway.load.lab.guide.GuideCluster;
import io.egressgateway.load.oracle.SourceOracle;
import java.time.Duration;
import java.time.Instant;

/** The node that holds the egress IP dies, in a lab whose mesh stands. Used by one thread. */
final class FailoverStory {
  private static final Duration CALM = Duration.ofSeconds(2);

  private final Lab lab;
  private final Narrator narrator;

  FailoverStory(Lab lab, Narrator narrator) {
    this.lab = lab;
    this.narrator = narrator;
  }

  DemoResult tell() throws Exception {
    GuideCluster cluster = new GuideCluster(lab);
    narrator.step(
        "gateway",
        "a gateway with two nodes, and a pod",
        () -> {
          cluster.createGateway();
          cluster.createPods();
          return cluster;
        });
    try (Scene scene =
        narrator.step(
            "policy",
            "the pod's packets leave with the egress IP",
            () -> Scene.in(lab, cluster, narrator::event))) {
      return narrator.step("takeover", "another node has it", () -> kill(scene));
    }
  }

  private DemoResult kill(Scene scene) throws Exception {
    narrator.say(
        """

        %s holds %s. The pod sends a datagram every 10 ms and connects every 20 ms;
        the router asks every 5 ms who has the address. Now the node's power goes:
        its agent is killed, its kernel and its wire vanish. Nobody is told."""
            .formatted(scene.holder(), scene.eip()));
    Thread.sleep(CALM);
    // Logs have the wall clock's time, everything else here the monotonic one.
    Instant wall = Instant.now();
    long monotonic = System.nanoTime();
    Takeover takeover = Takeover.watch(scene, scene.faults()::powerOff).takeover();
    Thread.sleep(CALM);
    narrator.say("");
    Timeline.of(lab, takeover, wall.plusNanos(takeover.beganNanos() - monotonic))
        .moments()
        .forEach(moment -> narrator.say(moment.toText()));
    return new DemoResult.TookOver(
        takeover.from(),
        takeover.to(),
        takeover.gap(),
        scene.arp().overlaps().size(),
        scene.sources().leaks().stream().map(SourceOracle.Leak::toString).distinct().toList());
  }
}
