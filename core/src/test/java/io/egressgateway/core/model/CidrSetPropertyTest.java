package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CidrSetPropertyTest {

  @Test
  void theSameAddressesAreEqualHoweverTheyWereCut() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet bits = world.bits(random);
          List<Cidr> pieces =
              world.pieces(random, bits).stream()
                  .flatMap(range -> range.toCidrs().stream())
                  .toList();
          CidrSet set = CidrSet.of(pieces);
          assertThat(set).isEqualTo(world.cidrSet(bits)).hasSameHashCodeAs(world.cidrSet(bits));
          assertThat(set.ranges()).isEqualTo(world.ranges(bits));
          assertThat(CidrSet.of(set.cidrs())).isEqualTo(set);
        });
  }

  @Test
  void plusAndMinusAreThoseOfSets() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet left = world.bits(random);
          BitSet right = world.bits(random);
          BitSet union = (BitSet) left.clone();
          union.or(right);
          BitSet difference = (BitSet) left.clone();
          difference.andNot(right);
          CidrSet leftSet = world.cidrSet(left);
          CidrSet rightSet = world.cidrSet(right);
          assertThat(leftSet.plus(rightSet)).isEqualTo(world.cidrSet(union));
          assertThat(leftSet.minus(rightSet)).isEqualTo(world.cidrSet(difference));
          assertThat(leftSet.overlaps(rightSet)).isEqualTo(left.intersects(right));
        });
  }

  @Test
  void containsWhatItsBlocksContain() {
    Property.forAll(
        random -> {
          SmallWorld world = new SmallWorld(Property.family(random));
          BitSet bits = world.bits(random);
          CidrSet set = world.cidrSet(bits);
          for (int i = 0; i < SmallWorld.SIZE; i++) {
            assertThat(set.contains(world.address(i))).isEqualTo(bits.get(i));
          }
          int length = world.family().bits() - random.nextInt(7);
          Cidr block = new Cidr(world.address(random.nextInt(SmallWorld.SIZE)), length);
          assertThat(set.contains(block)).isEqualTo(CidrSet.of(block).minus(set).isEmpty());
        });
  }

  @Test
  void blocksAreDisjointSortedAndOfBothFamilies() {
    CidrSet set =
        CidrSet.of(
            Cidr.of("fd00::/9"),
            Cidr.of("10.128.0.0/9"),
            Cidr.of("fd80::/9"),
            Cidr.of("10.0.0.0/9"),
            Cidr.of("10.3.0.0/16"));
    assertThat(set).hasToString("[10.0.0.0/8, fd00::/8]");
    assertThat(set.only(IpFamily.IPV4)).isEqualTo(CidrSet.of(Cidr.of("10.0.0.0/8")));
    assertThat(set.only(IpFamily.IPV6)).isEqualTo(CidrSet.of(Cidr.of("fd00::/8")));
    assertThat(set.minus(Cidr.of("10.0.0.0/9")).plus(Cidr.of("10.0.0.0/9"))).isEqualTo(set);
    assertThat(set.contains(Cidr.of("0.0.0.0/0"))).isFalse();
  }

  @Test
  void wholeFamiliesStayApart() {
    CidrSet ipv4 = CidrSet.of(Cidr.everything(IpFamily.IPV4));
    CidrSet both = ipv4.plus(Cidr.everything(IpFamily.IPV6));
    assertThat(both).hasToString("[0.0.0.0/0, ::/0]");
    assertThat(both.minus(ipv4)).hasToString("[::/0]");
    assertThat(both.minus(both)).isEqualTo(CidrSet.empty());
    assertThat(both.minus(both).isEmpty()).isTrue();
    assertThat(ipv4.minus(Cidr.of("255.255.255.255/32")).contains(IpAddress.of("255.255.255.255")))
        .isFalse();
    assertThat(ipv4.minus(Cidr.of("0.0.0.0/32")).cidrs()).hasSize(32);
  }

  @Test
  void theComponentCannotBeChanged() {
    CidrSet set = CidrSet.of(Cidr.of("10.0.0.0/8"));
    assertThatThrownBy(() -> set.cidrs().clear()).isInstanceOf(UnsupportedOperationException.class);
  }
}
