package io.egressgateway.load.soak;

import io.egressgateway.core.model.NodeName;
import io.egressgateway.load.failover.Scene;
import io.egressgateway.load.fault.Breakage;
import io.egressgateway.load.fault.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** What a soak breaks. The names are those of its option. */
public enum FaultKind {
  POWER_OFF,
  AGENT_KILL,
  AGENT_TERMINATE,
  AGENT_PAUSE,
  CARRIER,
  SILENCE,
  CUT_CONTROLLERS,
  CUT_ONE_WITNESS,
  CUT_WITNESSES,
  WITNESS_KILL,
  CONTROLLER_KILL,
  CONTROLLER_PAUSE,
  CONTROLLERS_FROM_WITNESSES,
  DATABASE_DOWN,
  DATABASE_SLOW,
  API_DOWN,
  FLUSH_RULESET,
  FLUSH_RULES,
  FLUSH_ADDRESS,
  FLUSH_IPTABLES;

  private static final Duration SLOW = Duration.ofMillis(300);
  private static final int WITNESSES = 3;

  /** Strikes, at the holder more often than elsewhere. */
  Breakage strike(Scene scene, RandomGenerator random) throws Exception {
    Faults faults = scene.faults();
    List<NodeName> gateways =
        scene.guide().gatewayNodes().stream().map(NodeName::new).filter(faults::hasPower).toList();
    NodeName node =
        random.nextInt(3) == 0
            ? gateways.get(random.nextInt(gateways.size()))
            : scene
                .arp()
                .holder(scene.eip())
                .filter(gateways::contains)
                .orElse(gateways.getFirst());
    int witness = random.nextInt(WITNESSES);
    return switch (this) {
      case POWER_OFF -> faults.powerOff(node);
      case AGENT_KILL -> faults.crash(Faults.agentOf(node));
      case AGENT_TERMINATE -> faults.terminate(Faults.agentOf(node));
      case AGENT_PAUSE -> faults.pause(Faults.agentOf(node));
      case CARRIER -> faults.carrierDown(node);
      case SILENCE -> faults.silence(node);
      case CUT_CONTROLLERS -> faults.agentFromControllers(node);
      case CUT_ONE_WITNESS -> faults.agentFromWitnesses(node, List.of(witness));
      case CUT_WITNESSES ->
          faults.agentFromWitnesses(node, List.of(witness, (witness + 1) % WITNESSES));
      case WITNESS_KILL -> faults.crash(one(faults.processes("witness-"), random));
      case CONTROLLER_KILL -> faults.crash(one(faults.processes("controller-"), random));
      case CONTROLLER_PAUSE -> faults.pause(one(faults.processes("controller-"), random));
      case CONTROLLERS_FROM_WITNESSES -> faults.controllersFromWitnesses();
      case DATABASE_DOWN -> faults.databaseDown();
      case DATABASE_SLOW -> faults.databaseSlow(SLOW);
      case API_DOWN -> faults.apiDown();
      case FLUSH_RULESET -> faults.flushRuleset(node);
      case FLUSH_RULES -> faults.flushRules(node);
      case FLUSH_ADDRESS -> faults.flushAddress(node, scene.eip());
      case FLUSH_IPTABLES -> faults.flushIptables(node);
    };
  }

  private static String one(List<String> names, RandomGenerator random) {
    return names.get(random.nextInt(names.size()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
