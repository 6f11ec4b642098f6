package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IpPoolPropertyTest {

  @Test
  void thePoolDoesNotDependOnHowItWasWritten() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet bits = world.bits(random);
          IpPool pool = IpPool.of(world.family(), world.pieces(random, bits));
          assertThat(pool).isEqualTo(world.pool(bits)).hasSameHashCodeAs(world.pool(bits));
          assertThat(pool.ranges()).isEqualTo(world.ranges(bits));
          assertThat(pool.size()).isEqualTo(BigInteger.valueOf(bits.cardinality()));
          for (int i = 0; i < SmallWorld.SIZE; i++) {
            assertThat(pool.contains(world.address(i))).isEqualTo(bits.get(i));
          }
        });
  }

  @Test
  void freeIsWhatIsInThePoolAndNotTaken() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet bits = world.bits(random);
          BitSet takenBits = world.bits(random);
          BitSet freeBits = (BitSet) bits.clone();
          freeBits.andNot(takenBits);
          IpPool pool = world.pool(bits);
          SortedSet<IpAddress> taken = world.addresses(takenBits);
          assertThat(pool.free(taken)).isEqualTo(BigInteger.valueOf(freeBits.cardinality()));
          assertThat(pool.firstFree(taken)).isEqualTo(wrapped(world, freeBits, 0));
          for (int i = 0; i < SmallWorld.SIZE; i++) {
            assertThat(pool.nextFree(world.address(i), taken))
                .isEqualTo(wrapped(world, freeBits, i + 1));
          }
        });
  }

  private static Optional<IpAddress> wrapped(SmallWorld world, BitSet free, int from) {
    int index = free.nextSetBit(from) < 0 ? free.nextSetBit(0) : free.nextSetBit(from);
    return index < 0 ? Optional.empty() : Optional.of(world.address(index));
  }

  @Test
  void takingTheFirstFreeAgainAndAgainEmptiesThePoolInOrder() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet bits = world.bits(random);
          IpPool pool = world.pool(bits);
          SortedSet<IpAddress> taken = new TreeSet<>();
          for (Optional<IpAddress> free = pool.firstFree(taken);
              free.isPresent();
              free = pool.firstFree(taken)) {
            assertThat(taken.add(free.get())).isTrue();
          }
          assertThat(taken).isEqualTo(world.addresses(bits));
          assertThat(pool.free(taken)).isZero();
        });
  }

  @Test
  void differenceAndIntersectionAreThoseOfSets() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet left = world.bits(random);
          BitSet right = world.bits(random);
          BitSet difference = (BitSet) left.clone();
          difference.andNot(right);
          BitSet common = (BitSet) left.clone();
          common.and(right);
          IpPool pool = world.pool(left);
          IpPool other = world.pool(right);
          assertThat(pool.without(other)).isEqualTo(world.pool(difference));
          assertThat(pool.intersects(other)).isEqualTo(world.ranges(common).stream().findFirst());
          assertThat(pool.without(other).intersects(other)).isEmpty();
          assertThat(pool.without(pool).isEmpty()).isTrue();
        });
  }

  @Test
  void overlapFindsWhatAQuadraticSearchFinds() {
    Property.forAll(
        random -> {
          IpFamily family = Property.family(random);
          List<IpRange> ranges =
              Stream.generate(() -> Property.range(random, family))
                  .limit(random.nextInt(5))
                  .toList();
          boolean expected = false;
          for (int i = 0; i < ranges.size(); i++) {
            for (int j = i + 1; j < ranges.size(); j++) {
              expected |= ranges.get(i).overlaps(ranges.get(j));
            }
          }
          Optional<Overlap> found = IpPool.overlap(ranges);
          assertThat(found.isPresent()).isEqualTo(expected);
          found.ifPresent(
              overlap -> assertThat(overlap.lower().overlaps(overlap.upper())).isTrue());
        });
  }
}
