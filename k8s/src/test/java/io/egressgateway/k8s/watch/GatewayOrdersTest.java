package io.egressgateway.k8s.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.NodeName;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayOrdersTest {
  private static final String MOVE =
      "{\"vip\":\"10.6.1.21\",\"targetNode\":\"worker-1\",\"id\":\"x\",\"later\":true}";

  @Test
  void bothOrdersAreRead() {
    assertThat(
            GatewayOrders.read(
                Map.of(
                    "else",
                    "",
                    ApiGroup.MOVE_ANNOTATION,
                    MOVE,
                    ApiGroup.REBALANCE_ANNOTATION,
                    "y")))
        .containsExactly(
            new GatewayOrder.Move(MOVE, "x", IpAddress.of("10.6.1.21"), new NodeName("worker-1")),
            new GatewayOrder.Rebalance("y"));
  }

  @Test
  void mostGatewaysHaveNone() {
    assertThat(GatewayOrders.read(null)).isEmpty();
    assertThat(GatewayOrders.read(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "'' | like",
        "worker-1 | like",
        "[] | like",
        "{} | like",
        "{\"vip\":\"10.6.1\",\"targetNode\":\"w\",\"id\":\"x\"} | 10.6.1",
        "{\"vip\":\"10.6.1.2\",\"targetNode\":\"W_\",\"id\":\"x\"} | W_",
        "{\"vip\":\"10.6.1.2\",\"targetNode\":\"w\"} | id ''",
      })
  void aMoveThatCannotBeReadIsNamed(String value, String named) {
    assertThat(GatewayOrders.read(Map.of(ApiGroup.MOVE_ANNOTATION, value)))
        .singleElement()
        .isInstanceOfSatisfying(
            GatewayOrder.Unreadable.class,
            unreadable -> assertThat(unreadable.reason()).contains(named));
  }

  @Test
  void aFenceNamesWhoVouchesAndWhy() {
    String fence = "{\"node\":\"w\",\"by\":\"me\",\"reason\":\"unplugged\",\"id\":\"x\"}";

    assertThat(GatewayOrders.read(Map.of(ApiGroup.FENCE_ANNOTATION, fence)))
        .containsExactly(
            new GatewayOrder.Fence(
                fence, "x", new NodeName("w"), new GatewayOrder.Assertion("me", "unplugged")));
    assertThat(
            GatewayOrders.read(
                Map.of(ApiGroup.FENCE_ANNOTATION, "{\"node\":\"w\",\"by\":\"me\",\"id\":\"x\"}")))
        .singleElement()
        .isInstanceOfSatisfying(
            GatewayOrder.Unreadable.class,
            unreadable -> assertThat(unreadable.reason()).contains("reason"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"node\":\"w\",\"by\":\" \",\"reason\":\"unplugged\",\"id\":\"x\"} | x",
        "{\"node\":\"W_\",\"by\":\"me\",\"reason\":\"unplugged\",\"id\":\"x\"} | x",
        "{\"by\":\"me\",\"reason\":\"unplugged\",\"id\":\"x\"} | x",
        "{\"node\":\"w\",\"by\":\"me\",\"reason\":\"unplugged\",\"id\":\"a b\"} | unreadable",
        "[] | unreadable",
      })
  void whoeverWroteAFenceThatCannotBeReadFindsTheAnswerByItsId(String value, String id) {
    assertThat(GatewayOrders.read(Map.of(ApiGroup.FENCE_ANNOTATION, value)))
        .singleElement()
        .isInstanceOfSatisfying(
            GatewayOrder.Unreadable.class, unreadable -> assertThat(unreadable.id()).isEqualTo(id));
  }

  @Test
  void soDoesWhoeverWroteSuchAMove() {
    String move = "{\"vip\":\"10.6.1\",\"targetNode\":\"w\",\"id\":\"x\"}";

    assertThat(GatewayOrders.read(Map.of(ApiGroup.MOVE_ANNOTATION, move)))
        .singleElement()
        .extracting(GatewayOrder::id)
        .isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "0123456789012345678901234567890123456789012345678901234567890123456789"
      })
  void anIdHasRules(String id) {
    assertThat(GatewayOrders.read(Map.of(ApiGroup.REBALANCE_ANNOTATION, id)))
        .singleElement()
        .isInstanceOf(GatewayOrder.Unreadable.class);
  }
}
