package io.egressgateway.k8s.egctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.inspect.TraceDocument;
import io.egressgateway.policy.plan.Verdict;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TraceTextTest {

  private static String leftAlone(String reason) {
    return TraceText.decision(
        new TraceDocument.Decision("LeftAlone", reason, "EgressPolicy/shop/web", null, null));
  }

  @Test
  void everyReasonHasASentence() {
    assertThat(Arrays.stream(Verdict.Reason.values()).map(reason -> leftAlone(reason.name())))
        .doesNotHaveDuplicates()
        .noneMatch(sentence -> sentence.contains("does not know"));
  }

  @Test
  void whatANewerControllerSaysIsPassedOnAsItIs() {
    assertThat(leftAlone("MOON_PHASE"))
        .isEqualTo(
            "left alone, as if there were no egress gateway: 'MOON_PHASE', which this egctl does"
                + " not know");
    assertThat(TraceText.decision(new TraceDocument.Decision("Delayed", null, null, null, null)))
        .isEqualTo("'Delayed', which this egctl does not know");
  }
}
