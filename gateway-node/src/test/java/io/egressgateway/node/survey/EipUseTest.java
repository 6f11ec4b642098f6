package io.egressgateway.node.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.netlink.wire.nft.Counter;
import io.egressgateway.node.survey.Tallies.Kind;
import io.egressgateway.node.survey.Tallies.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class EipUseTest {
  private static final IpAddress EIP = IpAddress.of("10.6.168.201");
  private final EipUse use = new EipUse();

  private void see(long connections, SortedSet<IpAddress> scarce, long refusals) {
    use.seen(
        Map.of(
            new Subject(Kind.CONNECTIONS, EIP), new Counter(connections, 60 * connections),
            new Subject(Kind.SENT, EIP), new Counter(10 * connections, 600 * connections)),
        new TreeMap<>(Map.of(EIP, 7)),
        scarce,
        refusals);
  }

  private static List<String> told(Consumer<EipUse.Sink> metric) {
    List<String> told = new ArrayList<>();
    metric.accept((value, labels) -> told.add(String.join(" ", labels) + " " + (long) value));
    return told;
  }

  @Test
  void whatTheKernelCountedBeforeItsRulesWereReplacedIsAdded() {
    see(5, new TreeSet<>(), 0);
    see(8, new TreeSet<>(), 0);
    see(2, new TreeSet<>(), 0);
    assertThat(told(use::connections)).containsExactly("10.6.168.201 10");
    assertThat(told(use::packets)).containsExactly("10.6.168.201 sent 100");
    assertThat(told(use::bytes)).containsExactly("10.6.168.201 sent 6000");
    assertThat(told(use::ports)).containsExactly("10.6.168.201 7");
    use.seen(Map.of(), new TreeMap<>(), new TreeSet<>(), 0);
    assertThat(told(use::connections)).isEmpty();
  }

  @Test
  void refusalsAreAnEgressIpsOnlyWhileItIsShortAndNoMoreThanItTried() {
    SortedSet<IpAddress> scarce = new TreeSet<>(List.of(EIP));
    see(5, new TreeSet<>(), 1_000);
    see(6, new TreeSet<>(), 1_010);
    assertThat(told(use::refused)).isEmpty();
    see(10, scarce, 1_013);
    assertThat(told(use::shortages)).containsExactly("10.6.168.201 1");
    assertThat(told(use::refused)).containsExactly("10.6.168.201 3");
    see(11, scarce, 1_050);
    assertThat(told(use::refused)).containsExactly("10.6.168.201 5");
    // It ended somewhere in between.
    see(12, new TreeSet<>(), 1_060);
    assertThat(told(use::shortages)).isEmpty();
    assertThat(told(use::refused)).containsExactly("10.6.168.201 6");
    see(13, new TreeSet<>(), 1_070);
    assertThat(told(use::refused)).containsExactly("10.6.168.201 6");
  }
}
