package io.egressgateway.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.egressgateway.core.link.v1.Plan;
import io.egressgateway.core.model.Revision;
import io.egressgateway.core.plan.NodePlan;
import io.egressgateway.core.plan.PlanDelta;
import io.egressgateway.core.plan.RandomPlans;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanCodecPropertyTest {
  private static final int SEEDS = 300;
  private static final int DAMAGED_COPIES = 50;

  static LongStream seeds() {
    return LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPlanArrivesAsItWasSent(long seed) throws Exception {
    NodePlan plan = new RandomPlans(new SplittableRandom(seed)).plan(new Revision(seed + 1));

    byte[] sent = PlanCodec.encode(plan).toByteArray();

    assertThat(PlanCodec.decode(Plan.parseFrom(sent))).isEqualTo(plan);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDeltaArrivesAsItWasSent(long seed) throws Exception {
    byte[] sent = PlanCodec.encode(delta(seed)).toByteArray();

    assertThat(PlanCodec.decode(io.egressgateway.core.link.v1.PlanDelta.parseFrom(sent)))
        .isEqualTo(delta(seed));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPlanCutShortIsRefusedOrIsAPlan(long seed) {
    byte[] sent =
        PlanCodec.encode(new RandomPlans(new SplittableRandom(seed)).plan(new Revision(3)))
            .toByteArray();

    for (int length = 0; length < sent.length; length++) {
      readAsPlan(Arrays.copyOf(sent, length));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedBytesNeverEscapeAsAnotherException(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] plan = PlanCodec.encode(new RandomPlans(random).plan(new Revision(3))).toByteArray();
    byte[] delta = PlanCodec.encode(delta(seed)).toByteArray();

    for (int copy = 0; copy < DAMAGED_COPIES; copy++) {
      readAsPlan(damaged(plan, random));
      readAsDelta(damaged(delta, random));
      // A delta's bytes read as a plan are well formed, and wrong in nearly every field.
      readAsPlan(damaged(delta, random));
    }
  }

  private static PlanDelta delta(long seed) {
    RandomPlans plans = new RandomPlans(new SplittableRandom(seed));
    return PlanDelta.between(plans.plan(new Revision(3)), plans.plan(new Revision(8)));
  }

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] result = bytes.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      result[random.nextInt(result.length)] = (byte) random.nextInt();
    }
    return result;
  }

  private static void readAsPlan(byte[] bytes) {
    try {
      NodePlan plan = PlanCodec.decode(Plan.parseFrom(bytes));
      assertThat(plan.revision().value()).isPositive();
    } catch (InvalidProtocolBufferException expected) {
      // The transport refuses these bytes before the codec sees them.
    } catch (MalformedLinkMessage refused) {
      assertThat(refused.field()).isNotEmpty();
      assertThat(refused).hasMessageStartingWith(refused.field());
    }
  }

  private static void readAsDelta(byte[] bytes) {
    try {
      PlanDelta delta = PlanCodec.decode(io.egressgateway.core.link.v1.PlanDelta.parseFrom(bytes));
      assertThat(delta.base().value()).isPositive();
    } catch (InvalidProtocolBufferException expected) {
      // The transport refuses these bytes before the codec sees them.
    } catch (MalformedLinkMessage refused) {
      assertThat(refused.field()).isNotEmpty();
      assertThat(refused).hasMessageStartingWith(refused.field());
    }
  }
}
