package io.egressgateway.load.bench.datapath;

import io.egressgateway.load.bench.report.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All sides send by turns, so that what the machine does meanwhile hits all of them. */
record Turns(DatapathStage.Senders senders, int rounds, Duration turn) {

  /** What one side's turns cost, in microseconds, in the order of the rounds. */
  record Side(List<Double> packets, List<Double> connections) {
    Side() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    double packet() {
      return Samples.of(packets).median();
    }

    double connection() {
      return Samples.of(connections).median();
    }

    /** Median of the rounds' ratios of packets. */
    double over(Side other) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < packets.size(); i++) {
        ratios.add(packets.get(i) / other.packets.get(i));
      }
      return Samples.of(ratios).median();
    }

    private void send(Traffic traffic, Duration turn) throws Exception {
      packets.add(traffic.packet(turn));
      connections.add(traffic.connection(turn));
    }
  }

  /** Of all sides. */
  record Costs(Side floor, Side ours, Side rulePerPolicy) {}

  Costs play() throws Exception {
    Costs costs = new Costs(new Side(), new Side(), new Side());
    for (int round = 0; round < rounds; round++) {
      costs.floor.send(senders.floor(), turn);
      costs.ours.send(senders.ours(), turn);
      costs.rulePerPolicy.send(senders.rulePerPolicy(), turn);
    }
    return costs;
  }
}
