package io.egressgateway.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  private static final String LONGEST = "a.".repeat(126) + "a";

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "default", "egw-1", "worker.node-1.example", "1.2.3.4"})
  void takesSubdomains(String name) {
    assertThat(new NodeName(name)).hasToString(name);
    assertThat(new GatewayName(name)).hasToString(name);
    assertThat(new PolicyKey.ClusterScoped(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "A", "a_b", "a b", "-a", "a-", ".a", "a.", "a..b", "a/b", "ä"})
  void refusesWhatIsNone(String name) {
    assertThatThrownBy(() -> new NodeName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("node name '" + name + "' must be lower case letters");
    assertThatThrownBy(() -> new GatewayName(name))
        .hasMessageStartingWith("gateway name '" + name + "'");
    assertThatThrownBy(() -> new PolicyKey.ClusterScoped(name))
        .hasMessageStartingWith("policy name '" + name + "'");
  }

  @Test
  void lengthIsLimited() {
    assertThat(new NodeName(LONGEST).value()).hasSize(253);
    assertThatThrownBy(() -> new NodeName(LONGEST + "a"))
        .hasMessageContaining("has 254 characters; at most 253 are allowed");
    assertThatThrownBy(() -> new PolicyKey.Namespaced("n".repeat(64), "test"))
        .hasMessageContaining("has 64 characters; at most 63 are allowed");
    assertThatThrownBy(() -> new PolicyKey.Namespaced("a.b", "test"))
        .hasMessageStartingWith("namespace 'a.b' must be");
  }

  @Test
  void policyKeysReadBack() {
    for (PolicyKey key :
        List.of(
            new PolicyKey.Namespaced("default", "test"),
            new PolicyKey.Namespaced("kube-system", "a.b"),
            new PolicyKey.ClusterScoped("test"))) {
      assertThat(PolicyKey.parse(key.toString())).isEqualTo(key);
    }
    assertThat(new PolicyKey.Namespaced("default", "test"))
        .hasToString("EgressPolicy/default/test");
    assertThat(new PolicyKey.ClusterScoped("test")).hasToString("EgressClusterPolicy/test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "test",
        "EgressPolicy",
        "EgressPolicy/test",
        "EgressPolicy/default/",
        "EgressPolicy//test",
        "EgressPolicy/default/test/more",
        "EgressClusterPolicy/default/test",
        "EgressClusterPolicy/",
        "egresspolicy/default/test",
        "NetworkPolicy/default/test",
      })
  void policyKeysRefuse(String text) {
    assertThatThrownBy(() -> PolicyKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void policyKeysAreOrderedNamespacedFirst() {
    List<PolicyKey> ordered =
        List.of(
            new PolicyKey.Namespaced("a", "z"),
            new PolicyKey.Namespaced("b", "a"),
            new PolicyKey.Namespaced("b", "b"),
            new PolicyKey.ClusterScoped("a"),
            new PolicyKey.ClusterScoped("b"));
    assertThat(ordered.reversed().stream().sorted()).isEqualTo(ordered);
    assertThat(Stream.of("b", "a").map(NodeName::new).sorted().map(NodeName::value))
        .containsExactly("a", "b");
    assertThat(new GatewayName("a")).isLessThan(new GatewayName("b"));
  }
}
