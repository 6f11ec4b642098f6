package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final List<String> sent = new ArrayList<>();
  private final Outbox<String, String> outbox =
      new Outbox<>((receiver, message) -> sent.add(receiver + ":" + message));

  @Test
  void sendsWhatHasChanged() {
    outbox.put("a", "1");
    outbox.put("a", "1");
    outbox.put("a", "2");
    assertThat(sent).containsExactly("a:1", "a:2");
  }

  @Test
  void keepsWhatWasSentAndNoCopyOfIt() {
    String first = String.join("", "1", "0");
    outbox.put("a", first);
    outbox.put("a", String.join("", "1", "0"));

    assertThat(outbox.find("a").orElseThrow()).isSameAs(first);
  }

  @Test
  void theSlicesTogetherReachEverybodyOnce() {
    for (int i = 0; i < 100; i++) {
      outbox.put("r" + i, "x");
    }
    sent.clear();
    Outbox.Slice slice = new Outbox.Slice(0, 7);
    for (int i = 0; i < 7; i++) {
      outbox.resend(slice);
      slice = slice.next();
    }
    assertThat(sent).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void whatIsRemovedIsNotSentAgain() {
    outbox.put("a", "1");
    outbox.remove("a");
    outbox.resend("a");
    outbox.resend(Outbox.Slice.everything());
    assertThat(sent).containsExactly("a:1");
  }
}
