package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.CidrSet;
import io.egressgateway.core.plan.Ownership;
import io.egressgateway.core.plan.Selection;
import io.egressgateway.node.kernel.DesiredKernel;
import io.egressgateway.node.kernel.Element;
import io.egressgateway.node.kernel.LookupSet;
import io.egressgateway.node.kernel.Plans;
import io.egressgateway.node.kernel.Tenure;
import io.egressgateway.node.netlink.wire.nft.SetElement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElementCodecTest {
  @Test
  void whatIsEncodedIsReadBackInAnyOrder() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      DesiredKernel desired = DesiredKernel.of(Plans.random(random), Plans.uplink(), Tenure.LEASED);
      for (LookupSet set : LookupSet.values()) {
        List<Element> elements =
            desired.elements().stream().filter(element -> element.set() == set).toList();
        List<SetElement> encoded = new ArrayList<>(ElementCodec.encode(elements));
        Collections.shuffle(encoded, random);
        assertThat(new HashSet<>(ElementCodec.decode(set, encoded)))
            .as("seed %d, %s", seed, set)
            .isEqualTo(new HashSet<>(elements));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "255.255.255.255/32", "0.0.0.0/32", "224.0.0.0/3", "::/0"})
  void rangesAtTheEndsOfTheFamilyAreReadBack(String network) {
    CidrSet cluster = CidrSet.of(Cidr.of(network));
    List<Element> elements =
        DesiredKernel.of(
                Plans.plan(Plans.mesh(11), Selection.none(cluster), Ownership.none()),
                Plans.uplink(),
                Tenure.LEASED)
            .elements()
            .toList();
    assertThat(elements).hasSize(1);
    assertThat(ElementCodec.decode(elements.getFirst().set(), ElementCodec.encode(elements)))
        .isEqualTo(elements);
  }
}
