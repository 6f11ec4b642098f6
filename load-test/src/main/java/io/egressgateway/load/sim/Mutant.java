package io.egressgateway.load.sim;

import io.egressgateway.core.lease.Rule;
import java.util.Arrays;
import java.util.Optional;

/**
 * The protocol with one rule left out, each in the troubles that this rule is for. A checker that
 * finds nothing wrong with one of these proves nothing about the product.
 */
enum Mutant {
  M1("the lease counts from the promise's arrival") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R1_DEADLINE_FROM_SEND, Rule.R1_GUARD))
          .with(new Weather(1, 0.5, 4))
          .with(
              Troubles.mostly(
                  Trouble.AGENT_UNHEARD_BY_WITNESS, Trouble.AGENT_STOP, Trouble.NODE_CUT_OFF));
    }
  },
  M3("a witness speaks as soon as it has started") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R3_MUTE_AFTER_START))
          .with(
              Troubles.mostly(
                  Trouble.WITNESS_CRASH,
                  Trouble.AGENT_UNHEARD_BY_AUTHORITIES,
                  Trouble.AGENT_UNHEARD_BY_WITNESS));
    }
  },
  M4("no margins, and clocks ten times as wrong as assumed") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R2_MARGIN, Rule.R1_GUARD))
          .with(product.physics().with(new Physics.Clocks(0.01, 0, 1)))
          .with(Troubles.mostly(Trouble.NODE_CUT_OFF, Trouble.AGENT_STOP));
    }
  },
  M5("a grant is good again after its release") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R9_HIGH_WATER))
          .with(new Weather(1, 5, 2))
          .with(Troubles.mostly(Trouble.MOVE));
    }
  },
  M6("only the process closes gates, not the kernel") {
    @Override
    Scenario of(Scenario product) {
      return product.with(product.physics().with(Physics.Fence.PROCESS_ONLY));
    }
  },
  M7("a silent session is called dead without certificate") {
    @Override
    Scenario of(Scenario product) {
      return product.with(product.rules().without(Rule.R7_PROOF));
    }
  },
  M8("one promise is enough") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R1_MAJORITY))
          .with(
              Troubles.mostly(
                  Trouble.AGENT_UNHEARD_BY_WITNESS,
                  Trouble.WITNESS_UNHEARD_BY_AGENT,
                  Trouble.AGENT_UNHEARD_BY_AUTHORITIES));
    }
  },
  M10("a lapse keeps incarnation and grants") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R4_LAPSE_ENDS_INCARNATION, Rule.R5_ABANDON_UNLEASED))
          .with(Troubles.mostly(Trouble.AGENT_STOP, Trouble.NODE_CUT_OFF, Trouble.WITNESS_CRASH));
    }
  },
  M11("a grant is good for any incarnation") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R9_BOUND_TO_INCARNATION))
          .with(Troubles.mostly(Trouble.AGENT_CRASH, Trouble.AGENT_STOP));
    }
  },
  M12("the journal takes every write") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.physics().with(Physics.Journal.LAST_WRITER_WINS))
          .with(Troubles.mostly(Trouble.AUTHORITY_TWICE));
    }
  },
  M13("the next holder of a move can be changed after the holder was asked") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.physics().with(Succession.CHANGEABLE))
          .with(Troubles.mostly(Trouble.MOVE, Trouble.AUTHORITY_TWICE));
    }
  },
  M14("the next holder of a move does not count when the holder's session ends") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.physics().with(Succession.UNLESS_THE_HOLDER_ENDS))
          .with(
              Troubles.mostly(
                  Trouble.MOVE, Trouble.JOURNAL_DOWN, Trouble.AGENT_CRASH, Trouble.AGENT_LEAVES));
    }
  },
  M17("a certificate frees what is held without a lease") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.physics().with(Physics.Journal.FORGETS_WHAT_IS_HELD))
          .with(Troubles.mostly(Trouble.NODE_CUT_OFF, Trouble.WITNESS_CRASH));
    }
  },
  M18("a witness that denies a session renewals votes at once, whatever it promised") {
    @Override
    Scenario of(Scenario product) {
      return product
          .with(product.rules().without(Rule.R6_DENIED_RUNS_OUT))
          .with(new Staleness(product.staleness().timeout(), 1))
          .with(Troubles.mostly(Trouble.AGENT_UNHEARD_BY_AUTHORITIES));
    }
  };

  private final String meaning;

  Mutant(String meaning) {
    this.meaning = meaning;
  }

  /** What is different from the product. */
  String meaning() {
    return meaning;
  }

  /** The product's scenario, changed. */
  abstract Scenario of(Scenario product);

  /** By its name, in any case. */
  static Optional<Mutant> named(String name) {
    return Arrays.stream(values()).filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
  }
}
