package io.egressgateway.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.ClassNumber;
import io.egressgateway.core.model.EipNumber;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.plan.ClassRule;
import io.egressgateway.core.plan.Selection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlowReviewTest {
  private static final Selection SELECTION =
      new Selection(
          Plans.CLUSTER,
          new TreeMap<>(
              Map.of(
                  IpAddress.of("10.244.1.5"), new ClassNumber(1),
                  IpAddress.of("fd44::5"), new ClassNumber(1))),
          new TreeSet<>(List.of(rule("8.0.0.0/8", 1), rule("9.9.9.9/32", 2), rule("2000::/3", 1))));

  private static ClassRule rule(String destination, int eip) {
    return new ClassRule(new ClassNumber(1), Cidr.of(destination), new EipNumber(eip));
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.5, 8.8.8.8,     0x26000001, false",
    "10.244.1.5, 9.9.9.9,     0x26000002, false",
    "fd44::5,    2001:db8::1, 0x26000001, false",
    // Another egress IP is chosen for it today.
    "10.244.1.5, 8.8.8.8,     0x26000002, true",
    // No policy is for this destination.
    "10.244.1.5, 9.9.9.10,    0x26000002, true",
    "10.244.1.5, 1.1.1.1,     0x26000001, true",
    // It has become the cluster's own.
    "10.244.1.5, 10.96.0.10,  0x26000001, true",
    // The pod is gone, or no policy selects it.
    "10.244.1.6, 8.8.8.8,     0x26000001, true",
    "fd44::6,    2001:db8::1, 0x26000001, true",
  })
  void onlyFlowsThatWouldBeSentOtherwiseAreObsolete(
      String source, String destination, String mark, boolean obsolete) {
    assertThat(
            new FlowReview(SELECTION)
                .isObsolete(IpAddress.of(source), IpAddress.of(destination), Integer.decode(mark)))
        .isEqualTo(obsolete);
  }

  @Test
  void whatTheMapsOfAnySelectionSayIsKept() {
    for (int seed = 0; seed < 50; seed++) {
      Selection selection = Plans.random(new Random(seed)).selection();
      FlowReview review = new FlowReview(selection);
      selection
          .endpoints()
          .forEach(
              (pod, endpointClass) -> {
                for (ClassRule rule : selection.rules()) {
                  IpAddress destination = rule.destination().last();
                  boolean meant =
                      rule.endpointClass().equals(endpointClass)
                          && !selection.clusterCidrs().contains(destination);
                  if (meant) {
                    assertThat(review.isObsolete(pod, destination, Marks.egress(rule.eip())))
                        .as("%s to %s", pod, rule)
                        .isFalse();
                  }
                }
              });
    }
  }
}
