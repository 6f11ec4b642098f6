package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TenantsTest {

  private static final PolicyKey SHOP = new PolicyKey.Namespaced("shop", "p");
  private static final PolicyKey CLUSTER = new PolicyKey.ClusterScoped("p");
  private static final Tenants SELECTED =
      Tenants.Selected.by(LabelSelector.ofLabels(Map.of("egress", "yes")));

  private static Tenants among(String label) {
    return SELECTED.among(new TreeMap<>(Map.of("shop", Labels.of(Map.of("egress", label)))));
  }

  @Test
  void everyoneIsEveryone() {
    Tenants everyone = new Tenants.Everyone();
    assertThat(everyone.include(SHOP)).isTrue();
    assertThat(everyone.among(new TreeMap<>()).include(SHOP)).isTrue();
  }

  @Test
  void aNamespaceIsServedWhileItsLabelsMatch() {
    assertThat(SELECTED.include(SHOP)).as("nobody has looked").isFalse();
    assertThat(among("yes").include(SHOP)).isTrue();
    assertThat(among("no").include(SHOP)).isFalse();
    assertThat(among("yes").include(new PolicyKey.Namespaced("bank", "p"))).isFalse();
  }

  @Test
  void clusterPoliciesAreServedAlways() {
    assertThat(among("no").include(CLUSTER)).isTrue();
  }
}
