package io.egressgateway.node.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.egressgateway.node.netlink.socket.DumpReplies.Progress;
import io.egressgateway.node.netlink.wire.AttributeWriter;
import io.egressgateway.node.netlink.wire.Bytes;
import io.egressgateway.node.netlink.wire.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What answers mean, without a kernel. */
final class RepliesTest {
  private static final int ERROR = 2;
  private static final int DONE = 3;
  private static final int ROW = 24;
  private static final int MULTI = 2;
  private static final int DUMP_INTERRUPTED = 0x10;
  private static final int CAPPED = 0x100;

  private static NetlinkMessage reply(int type, int flags, int sequence, Bytes payload) {
    return new NetlinkMessage(type, flags, sequence, 77, payload);
  }

  private static NetlinkMessage row(int sequence) {
    return reply(ROW, MULTI, sequence, Bytes.u8(sequence));
  }

  private static NetlinkMessage done(int sequence, int errno) {
    return reply(DONE, MULTI, sequence, Bytes.u32(-errno));
  }

  private static NetlinkMessage answer(int sequence, int errno) {
    Bytes payload =
        new AttributeWriter()
            .rawU32(-errno)
            .rawBytes(NetlinkMessage.request(ROW, 0, Bytes.EMPTY).encode())
            .toBytes();
    return reply(ERROR, CAPPED, sequence, payload);
  }

  @Test
  void aDumpEndsWithDoneAndIgnoresStrangers() {
    List<NetlinkMessage> rows = new ArrayList<>();
    DumpReplies replies = new DumpReplies("list", 5, rows::add);
    assertThat(replies.take(List.of(row(5), row(4), done(4, 0)))).isEqualTo(Progress.RUNNING);
    assertThat(replies.take(List.of(row(5), done(5, 0)))).isEqualTo(Progress.COMPLETE);
    assertThat(rows).containsExactly(row(5), row(5));
  }

  @Test
  void aDumpThatTheKernelMarksIsInterrupted() {
    DumpReplies byFlag = new DumpReplies("list", 5, row -> {});
    assertThat(byFlag.take(List.of(reply(ROW, MULTI | DUMP_INTERRUPTED, 5, Bytes.EMPTY), row(5))))
        .isEqualTo(Progress.RUNNING);
    assertThat(byFlag.take(List.of(done(5, 0)))).isEqualTo(Progress.INTERRUPTED);
    DumpReplies byError = new DumpReplies("list", 5, row -> {});
    assertThat(byError.take(List.of(done(5, Errno.EINTR)))).isEqualTo(Progress.INTERRUPTED);
  }

  @Test
  void aRefusedDumpThrows() {
    assertThatThrownBy(
            () -> new DumpReplies("list", 5, row -> {}).take(List.of(answer(5, Errno.ENOENT))))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("list: ENOENT");
    assertThatThrownBy(
            () -> new DumpReplies("list", 5, row -> {}).take(List.of(done(5, Errno.EINVAL))))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("list: EINVAL");
  }

  private static final List<Request> REQUESTS =
      List.of(request("begin"), request("one"), request("two"), request("end"));

  private static Request request(String operation) {
    return new Request(operation, NetlinkMessage.request(ROW, 0, Bytes.EMPTY));
  }

  @Test
  void aTransactionIsDoneWhenItsLastMessageIs() {
    TransactionReplies replies = new TransactionReplies(REQUESTS, 10);
    assertThat(replies.acknowledged()).isEqualTo(12);
    replies.take(List.of(answer(9, Errno.EPERM)));
    assertThat(replies.isComplete()).as("an answer to an older request").isFalse();
    replies.take(List.of(answer(12, 0)));
    assertThat(replies.isComplete()).isTrue();
    replies.throwIfRejected();
  }

  @Test
  void failuresAreJoinedToTheirRequests() {
    TransactionReplies replies = new TransactionReplies(REQUESTS, 10);
    replies.take(List.of(answer(11, Errno.EEXIST)));
    assertThat(replies.isComplete()).isFalse();
    replies.take(List.of(answer(12, Errno.ENOENT)));
    assertThatThrownBy(replies::throwIfRejected)
        .isInstanceOfSatisfying(
            TransactionRejected.class,
            e ->
                assertThat(e.failures())
                    .extracting(NetlinkException::operation, NetlinkException::errno)
                    .containsExactly(tuple("one", Errno.EEXIST), tuple("two", Errno.ENOENT)));
  }

  @Test
  void anErrorOfTheBeginEndsTheTransaction() {
    TransactionReplies replies = new TransactionReplies(REQUESTS, 10);
    replies.take(List.of(answer(10, Errno.ERESTART)));
    assertThat(replies.isComplete()).isTrue();
    assertThatThrownBy(replies::throwIfRejected).hasMessageStartingWith("begin: ERESTART");
  }

  @Test
  void questionsHaveAnAnswerEachAndSomeAreAboutNothing() {
    QuestionReplies replies = new QuestionReplies(REQUESTS, 10);
    replies.take(List.of(row(9), row(10), answer(11, Errno.ENOENT)));
    assertThat(replies.isComplete()).isFalse();
    replies.take(List.of(row(12), row(13)));
    assertThat(replies.isComplete()).isTrue();
    assertThat(replies.found()).containsExactly(row(10), row(12), row(13));
  }

  @Test
  void aQuestionThatIsRefusedThrows() {
    QuestionReplies replies = new QuestionReplies(REQUESTS, 10);
    assertThatThrownBy(() -> replies.take(List.of(answer(11, Errno.EPERM))))
        .isInstanceOf(NetlinkException.class)
        .hasMessageContaining("one: EPERM");
  }
}
