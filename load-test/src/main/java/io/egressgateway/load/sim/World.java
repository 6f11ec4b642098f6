package io.egressgateway.load.sim;

import io.egressgateway.core.event.EipEvent.EipNumbered;
import io.egressgateway.core.lease.LeaseTerms;
import io.egressgateway.core.lease.Rules;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeSession;
import io.egressgateway.core.model.WitnessLoss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.helpers.MessageFormatter;

/** Everything that there is in one run. */
final class World {
  static final int AGENTS = 4;
  static final int WITNESSES = 3;
  static final int AUTHORITIES = 2;
  private static final long LOOK_EVERY = 4 * Chance.SECOND;

  private final Scenario scenario;
  private final Agenda agenda = new Agenda();
  private final Chance chance;
  private final Optional<Duration> controlStaleTimeout;
  private final Optional<Consumer<String>> trace;
  private final List<AgentProcess> agents = new ArrayList<>();
  private final List<WitnessProcess> witnesses = new ArrayList<>();
  private final List<AuthorityProcess> authorities = new ArrayList<>();
  private final List<IpAddress> addresses = new ArrayList<>();
  private final Network network = new Network(this, AGENTS + WITNESSES + AUTHORITIES + 1);
  private final Journal journal = new Journal(this);
  private final Audit audit = new Audit(this);
  private final Holds holds;
  private boolean hostile;

  World(Scenario scenario, long seed, Optional<Consumer<String>> trace) {
    this.scenario = scenario;
    this.chance = new Chance(seed);
    this.trace = trace;
    this.controlStaleTimeout = scenario.staleness().of(seed);
    this.hostile = scenario.isHostile();
    for (int eip = 0; eip < scenario.eips(); eip++) {
      IpAddress address = IpAddress.of("192.0.2." + eip);
      addresses.add(address);
      journal.append(address, new EipNumbered(new EipNumber(eip + 1), Instant.EPOCH));
    }
    this.holds = new Holds(agenda, scenario.eips(), AGENTS);
    int index = 0;
    for (int node = 0; node < AGENTS; node++) {
      agents.add(new AgentProcess(this, index++, node));
    }
    for (int number = 0; number < WITNESSES; number++) {
      witnesses.add(new WitnessProcess(this, index++, number));
    }
    for (int number = 0; number < AUTHORITIES; number++) {
      authorities.add(new AuthorityProcess(this, index++, number == 0));
    }
  }

  void begin() {
    witnesses.forEach(SimProcess::boot);
    authorities.forEach(SimProcess::boot);
    agents.forEach(SimProcess::boot);
    if (scenario.held() > 0) {
      lookAfterMachines();
    }
  }

  /**
   * Operators say of boots that are over that they are. They never say so of one that may not be.
   */
  private void lookAfterMachines() {
    agenda.after(
        LOOK_EVERY,
        () -> {
          for (AuthorityProcess authority : authorities) {
            agents.forEach(authority::vouch);
          }
          lookAfterMachines();
        });
  }

  /** Everything is well from now on, and the first authority alone. */
  void heal() {
    hostile = false;
    network.heal();
    journal.heal();
    witnesses.forEach(SimProcess::heal);
    agents.forEach(SimProcess::heal);
    agents.forEach(agent -> agent.uplink(false));
    // Of two that believe to be the one, a cluster that is whole again ends both views.
    authorities.forEach(SimProcess::boot);
    for (AuthorityProcess authority : authorities) {
      authority.activate(authority == authorities.getFirst());
    }
  }

  /** Whether faults happen. */
  boolean isHostile() {
    return hostile;
  }

  Weather weather() {
    return hostile ? scenario.weather() : Weather.calm();
  }

  Agenda agenda() {
    return agenda;
  }

  Chance chance() {
    return chance;
  }

  Rules rules() {
    return scenario.rules();
  }

  LeaseTerms terms() {
    return scenario.terms();
  }

  /** After how long a node that is not heard of is dismissed, if ever. */
  Optional<Duration> controlStaleTimeout() {
    return controlStaleTimeout;
  }

  Physics physics() {
    return scenario.physics();
  }

  Network network() {
    return network;
  }

  Journal journal() {
    return journal;
  }

  int journalIndex() {
    return AGENTS + WITNESSES + AUTHORITIES;
  }

  Audit audit() {
    return audit;
  }

  Holds holds() {
    return holds;
  }

  List<AgentProcess> agents() {
    return Collections.unmodifiableList(agents);
  }

  List<WitnessProcess> witnesses() {
    return Collections.unmodifiableList(witnesses);
  }

  List<AuthorityProcess> authorities() {
    return Collections.unmodifiableList(authorities);
  }

  List<IpAddress> addresses() {
    return Collections.unmodifiableList(addresses);
  }

  /** What becomes of the address when its node loses the witnesses. */
  WitnessLoss onLoss(IpAddress address) {
    return eip(address) >= scenario.eips() - scenario.held() ? WitnessLoss.HOLD : WitnessLoss.CLOSE;
  }

  int eip(IpAddress address) {
    return addresses.indexOf(address);
  }

  /** The agent of the session's node. */
  AgentProcess agent(NodeSession session) {
    return agents.get(session.node().value().charAt(AgentProcess.NODE_PREFIX.length()) - '0');
  }

  /** Tells a step; each {@code {}} stands for one of the values. */
  void trace(String step, Object... values) {
    if (trace.isPresent()) {
      String time = String.format(Locale.ROOT, "%12.6f  ", agenda.now() / (double) Chance.SECOND);
      trace.get().accept(time + MessageFormatter.arrayFormat(step, values).getMessage());
    }
  }
}
