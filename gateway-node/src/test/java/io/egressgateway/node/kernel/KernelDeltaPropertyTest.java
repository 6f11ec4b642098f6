package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.MacAddress;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.KernelChange.Put;
import io.egressgateway.node.kernel.KernelChange.Remove;
import io.egressgateway.node.kernel.KernelChange.ReplaceTable;
import io.egressgateway.node.kernel.KernelChange.UpdateElements;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Laws of deltas, over any two plans and any disturbance in between. */
final class KernelDeltaPropertyTest {
  private static final int SEEDS = 100;

  @TestFactory
  Stream<DynamicTest> aDeltaLeadsToWhatIsDesired() {
    return seeds(
        random -> {
          DesiredKernel desired = desired(random);
          KernelState actual = disturbed(desired(random).state(), random);
          KernelState result = KernelDelta.between(desired, actual).applyTo(actual);
          SortedMap<String, String> settings = desired.state().settings();
          assertThat(result.withSettings(settings)).isEqualTo(desired.state());
          // What a node needs no more, others may need: forwarding is never switched off.
          assertThat(result.settings()).containsAllEntriesOf(settings);
        });
  }

  @TestFactory
  Stream<DynamicTest> nothingIsToDoWhereEverythingIsAsDesired() {
    return seeds(
        random -> {
          DesiredKernel desired = desired(random);
          assertThat(KernelDelta.between(desired, desired.state()).changes()).isEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> whatAPlanAsksForDoesNotDependOnThePlanBefore() {
    return seeds(
        random -> {
          List<Tenure> tenures = List.of(Tenure.values());
          Tenure tenure = tenures.get(random.nextInt(tenures.size()));
          NodePlan first = Plans.random(random);
          NodePlan second = changed(first, random);
          DesiredKernel next =
              DesiredKernel.of(first, Plans.uplink(), tenure).next(second, Plans.uplink(), tenure);
          assertThat(next).isEqualTo(DesiredKernel.of(second, Plans.uplink(), tenure));
          assertThat(next.next(first, Plans.uplink(), Tenure.LEASED))
              .isEqualTo(DesiredKernel.of(first, Plans.uplink(), Tenure.LEASED));
          assertThat(DesiredKernel.none().next(first, Plans.uplink(), tenure))
              .isEqualTo(DesiredKernel.of(first, Plans.uplink(), tenure));
        });
  }

  /** Some parts are another plan's, and some are as they were. */
  private static NodePlan changed(NodePlan plan, Random random) {
    NodePlan other = Plans.random(random);
    return new NodePlan(
        other.revision(),
        random.nextInt(4) == 0 ? other.mesh() : plan.mesh(),
        new Selection(
            random.nextBoolean()
                ? other.selection().clusterCidrs()
                : plan.selection().clusterCidrs(),
            random.nextBoolean() ? other.selection().endpoints() : plan.selection().endpoints(),
            random.nextBoolean() ? other.selection().rules() : plan.selection().rules()),
        random.nextBoolean() ? other.ownership() : plan.ownership());
  }

  @TestFactory
  Stream<DynamicTest> everythingOfOursCanBeTakenAway() {
    return seeds(
        random -> {
          KernelState actual = disturbed(desired(random).state(), random);
          KernelState result = KernelDelta.between(DesiredKernel.none(), actual).applyTo(actual);
          assertThat(result.isEmpty()).as("%s", result).isTrue();
        });
  }

  @TestFactory
  Stream<DynamicTest> nothingIsTakenAwayBeforeWhatReplacesItIsThere() {
    return seeds(
        random -> {
          DesiredKernel desired = desired(random);
          KernelState actual = desired(random).state();
          if (tunnelMustGo(desired, actual)) {
            return;
          }
          List<KernelChange> changes = KernelDelta.between(desired, actual).changes();
          int lastAdd = lastIndex(changes, KernelDeltaPropertyTest::isAdd);
          int firstRemove = firstIndex(changes, KernelDeltaPropertyTest::isRemove);
          assertThat(lastAdd).as("%s", changes).isLessThan(firstRemove);
        });
  }

  @TestFactory
  Stream<DynamicTest> noTransactionTouchesAKeyTwiceOrOverlapsRanges() {
    return seeds(
        random -> {
          DesiredKernel desired = desired(random);
          KernelState actual = desired(random).state();
          Set<Element.Key> present = new HashSet<>();
          actual.table().ifPresent(table -> table.elements().forEach(e -> present.add(e.key())));
          for (KernelChange change : KernelDelta.between(desired, actual).changes()) {
            if (change instanceof UpdateElements update) {
              for (Element removed : update.removed()) {
                assertThat(present.remove(removed.key())).as("present: %s", removed).isTrue();
              }
              for (Element added : update.added()) {
                assertThat(present.add(added.key())).as("new: %s", added).isTrue();
              }
              assertDisjoint(present);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> noTunnelStandsWithoutTheRules() {
    return seeds(
        random -> {
          KernelState actual = disturbed(desired(random).state(), random);
          // A booted node, one that somebody interfered with, and one that is given up.
          assertRulesBesideTheTunnel(desired(random), KernelState.empty());
          assertRulesBesideTheTunnel(desired(random), actual);
          assertRulesBesideTheTunnel(DesiredKernel.none(), desired(random).state());
        });
  }

  private static void assertRulesBesideTheTunnel(DesiredKernel desired, KernelState actual) {
    KernelState state = actual;
    for (KernelChange change : KernelDelta.between(desired, actual).changes()) {
      KernelState next = change.applyTo(state);
      if (tunnel(next).isPresent() && (tunnel(state).isEmpty() || state.table().isPresent())) {
        assertThat(next.table()).as(change.describe()).isPresent();
      }
      state = next;
    }
  }

  private static void assertDisjoint(Set<Element.Key> keys) {
    List<Element.Key> sorted = new ArrayList<>(new TreeSet<>(keys));
    for (int i = 1; i < sorted.size(); i++) {
      Element.Key before = sorted.get(i - 1);
      Element.Key key = sorted.get(i);
      if (before.set() == key.set()) {
        assertThat(before.to()).as("%s before %s", before, key).isLessThan(key.from());
      }
    }
  }

  private static boolean tunnelMustGo(DesiredKernel desired, KernelState actual) {
    Optional<Tunnel> wanted = tunnel(desired.state());
    return tunnel(actual).filter(have -> !have.canBecome(wanted.orElseThrow())).isPresent();
  }

  private static Optional<Tunnel> tunnel(KernelState state) {
    return state.objects().values().stream()
        .filter(Tunnel.class::isInstance)
        .map(Tunnel.class::cast)
        .findFirst();
  }

  private static boolean isAdd(KernelChange change) {
    return change instanceof Put
        || change instanceof ReplaceTable
        || (change instanceof UpdateElements update && !update.added().isEmpty());
  }

  private static boolean isRemove(KernelChange change) {
    return change instanceof Remove
        || (change instanceof UpdateElements update && update.added().isEmpty());
  }

  private static int lastIndex(
      List<KernelChange> changes, java.util.function.Predicate<KernelChange> test) {
    int last = -1;
    for (int i = 0; i < changes.size(); i++) {
      if (test.test(changes.get(i))) {
        last = i;
      }
    }
    return last;
  }

  private static int firstIndex(
      List<KernelChange> changes, java.util.function.Predicate<KernelChange> test) {
    for (int i = 0; i < changes.size(); i++) {
      if (test.test(changes.get(i))) {
        return i;
      }
    }
    return changes.size();
  }

  private static DesiredKernel desired(Random random) {
    return DesiredKernel.of(Plans.random(random), Plans.uplink(), Tenure.LEASED);
  }

  /** Somebody took some of it away, and changed some. */
  private static KernelState disturbed(KernelState state, Random random) {
    List<KernelObject> objects = new ArrayList<>(state.objects().values());
    objects.removeIf(object -> random.nextInt(5) == 0);
    objects.replaceAll(
        object ->
            object instanceof KernelObject.Neighbour(var device, var address, var mac)
                    && random.nextInt(5) == 0
                ? new KernelObject.Neighbour(device, address, new MacAddress(mac.bits() ^ 1))
                : object);
    KernelState disturbed = state.withObjects(objects);
    return switch (random.nextInt(3)) {
      case 0 -> disturbed.withTable(Optional.empty());
      case 1 -> disturbed.withTable(state.table().map(table -> without(table, random)));
      default -> disturbed.withSettings(new TreeMap<>());
    };
  }

  private static TableState without(TableState table, Random random) {
    List<Element> elements = new ArrayList<>(table.elements().toList());
    elements.removeIf(element -> random.nextInt(5) == 0);
    return TableState.of(table.fingerprint(), elements);
  }

  private interface Law {
    void check(Random random);
  }

  private static Stream<DynamicTest> seeds(Law law) {
    return Stream.iterate(0L, seed -> seed + 1)
        .limit(SEEDS)
        .map(seed -> DynamicTest.dynamicTest("seed " + seed, () -> law.check(new Random(seed))));
  }
}
