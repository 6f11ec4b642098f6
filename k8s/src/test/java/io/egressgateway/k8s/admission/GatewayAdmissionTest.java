package io.egressgateway.k8s.admission;

import static io.egressgateway.k8s.admission.Reviews.gatewayYaml;
import static io.egressgateway.k8s.admission.Reviews.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpFamily;
import io.egressgateway.k8s.crd.ApiGroup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayAdmissionTest {
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'true'}}}";
  private static final String GOOD = "{ippools: {ipv4: [10.6.1.21-10.6.1.30]}, " + NODES + "}";

  private final Reviews reviews = new Reviews();

  private String created(String spec) {
    return refusal(
        reviews.admission.validate(
            Reviews.create(AdmissionRequest.GATEWAYS, gatewayYaml("mine", spec))));
  }

  private String updated(String before, String after) {
    return refusal(
        reviews.admission.validate(Reviews.update(AdmissionRequest.GATEWAYS, before, after)));
  }

  private List<Completion.Add> completed(String yaml) {
    return reviews.admission.complete(Reviews.create(AdmissionRequest.GATEWAYS, yaml));
  }

  @Test
  void letsAGoodGatewayIn() {
    assertThat(created(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {ippools: {ipv4: [10.6.1.21]}} | spec.nodeSelector.selector
          {ippools: {ipv4: [10.6.1.300]}, NODES} | spec.ippools.ipv4[0] '10.6.1.300'
          {ippools: {ipv4: ['fd00::1']}, NODES} | spec.ippools.ipv4[0] 'fd00::1'
          {ippools: {ipv4: [0.0.0.0/0]}, NODES} | spec.ippools.ipv4[0] '0.0.0.0/0': has addresses of 0.0.0.0/8
          {ippools: {ipv4: [10.6.1.21, 127.0.0.1]}, NODES} | spec.ippools.ipv4[1] '127.0.0.1'
          {ippools: {ipv4: [223.255.255.255-224.0.0.1]}, NODES} | has addresses of 224.0.0.0/4
          {ippools: {ipv4: [255.255.255.255]}, NODES} | has addresses of 255.255.255.255/32
          {ippools: {ipv6: ['::/0']}, NODES} | spec.ippools.ipv6[0] '::/0': has addresses of ::/128
          {ippools: {ipv6: ['::ffff:10.6.1.21']}, NODES} | which no machine can have on a network
          {ippools: {ipv6: ['ff02::1']}, NODES} | has addresses of ff00::/8
          {ippools: {ipv4: [10.6.1.21], ipv6: ['fd00::1-fd00::2']}, NODES} | differ in size
          {ippools: {ipv4: [10.6.1.21], ipv4DefaultEIP: 10.6.1.22}, NODES} | 'spec.ippools.ipv4DefaultEIP ''10.6.1.22'': outside the pool'
          """)
  void saysWhatIsWrongWithTheObject(String spec, String words) {
    assertThat(created(spec.replace("NODES", NODES))).contains(words);
  }

  @Test
  void refusesAnAddressOfAnotherGateway() {
    reviews.gateway("other", "{ippools: {ipv4: [10.6.0.0/16]}, " + NODES + "}");
    assertThat(created(GOOD))
        .contains("10.6.1.21-10.6.1.30")
        .contains("also in the pool of EgressGateway other");
  }

  private static final String NETWORKS =
      "nodeIP: {n1: {ipv4: [10.6.1.25]}}\nclusterIP: {ipv4: [10.96.0.0/12]}";

  @Test
  void refusesAddressesThatTheClusterHas() {
    reviews.clusterInfo(NETWORKS);
    assertThat(created(GOOD))
        .isEqualTo(
            "spec.ippools.ipv4 '10.6.1.25': the own address of node n1; remove it; others of the"
                + " node's subnet may stay");
    assertThat(created("{ippools: {ipv4: [10.96.3.0/30]}, " + NODES + "}"))
        .contains("'10.96.3.1-10.96.3.2': among the addresses of services, 10.96.0.0/12;");
    assertThat(created("{ippools: {ipv4: [10.6.1.21-10.6.1.24]}, " + NODES + "}")).isEmpty();
  }

  /** Otherwise nothing of the gateway could be changed while a policy has the address. */
  @Test
  void anAddressThatANodeGotLaterKeepsNobodyFromChangingOtherThings() {
    reviews.clusterInfo(NETWORKS);
    String before = gatewayYaml("mine", GOOD);
    assertThat(updated(before, gatewayYaml("mine", GOOD.replace("30", "31")))).isEmpty();
    assertThat(updated(gatewayYaml("mine", GOOD.replace("30", "24")), before))
        .contains("the own address of node n1");
  }

  @Test
  void refusesASecondClusterDefault() {
    reviews.gateway("other", "{clusterDefault: true, " + NODES + "}");
    assertThat(created("{clusterDefault: true, " + NODES + "}"))
        .contains("EgressGateway other is the cluster default already");
  }

  @Test
  void doesNotTakeTheObjectForItsOwnRival() {
    reviews.gateway("mine", "{clusterDefault: true, " + NODES + "}");
    assertThat(
            updated(
                gatewayYaml("mine", "{clusterDefault: true, " + NODES + "}"),
                gatewayYaml("mine", "{clusterDefault: true, failOpen: true, " + NODES + "}")))
        .isEmpty();
  }

  private static final String IN_USE =
      gatewayYaml("mine", GOOD)
          + "\nstatus: {nodeList: [{name: n1, eips: [{ipv4: 10.6.1.22, policies: [{name: web,"
          + " namespace: shop}]}]}]}";

  @Test
  void keepsAnAddressThatAPolicyHas() {
    assertThat(updated(IN_USE, gatewayYaml("mine", GOOD.replace(".21-10.6.1.30", ".23"))))
        .contains("spec.ippools.ipv4 '10.6.1.22'")
        .contains("in use by EgressPolicy shop/web")
        .contains("delete these policies first");
    assertThat(updated(IN_USE, gatewayYaml("mine", GOOD.replace("30", "22")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ipv4: [10.6.1.21, 10.6.1.22], ipv6: ['fd00::1', 'fd00::2'] | ''
          ipv4: [10.6.1.21, 10.6.1.22], ipv6: ['fd00::1'] | differ in size
          ipv4: [10.6.1.21, 10.6.1.22x], ipv6: ['fd00::1', 'fd00::2'] | spec.ippools.ipv4[1] '10.6.1.22x'
          """)
  void poolsOfBothFamiliesGrowTogether(String pools, String words) {
    String before = "{ippools: {ipv4: [10.6.1.21], ipv6: ['fd00::1']}, " + NODES + "}";
    String refusal =
        updated(
            gatewayYaml("mine", before),
            gatewayYaml("mine", "{ippools: {" + pools + "}, " + NODES + "}"));
    if (words.isEmpty()) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal).contains(words);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {NODES}
          {ippools: {ipv4: [10.6.1.21]}, NODES}
          {ippools: {ipv4: [10.6.1.21-10.6.1.23]}, NODES}
          {ippools: {ipv4: [10.6.1.0/24]}, NODES}
          """)
  void aPoolIsNothingOrAnAddressOrARangeOrABlock(String spec) {
    assertThat(created(spec.replace("NODES", NODES))).isEmpty();
  }

  @Test
  void letsASecondFamilyComeLater() {
    assertThat(
            updated(
                gatewayYaml("mine", "{ippools: {ipv4: [10.6.1.21]}, " + NODES + "}"),
                gatewayYaml(
                    "mine", "{ippools: {ipv4: [10.6.1.21], ipv6: ['fd00::1']}, " + NODES + "}")))
        .isEmpty();
  }

  @Test
  void refusesAPoolThatTheTunnelDoesNotCarryAndLeavesOneThatIsThereAlone() {
    reviews.untunnelled(IpFamily.IPV6);
    String both = "{ippools: {ipv4: [10.6.1.21], ipv6: ['fd00::1']}, " + NODES + "}";

    assertThat(created(both))
        .isEqualTo(
            "spec.ippools.ipv6 '[fd00::1]': the tunnel carries no IPv6, so only pods on the"
                + " gateway nodes would use them; set the chart's values feature.enableIPv6 and"
                + " feature.tunnelIpv6Subnet, or leave the pool empty");
    assertThat(
            updated(
                gatewayYaml("mine", both),
                gatewayYaml("mine", both.replace("{ippools", "{failOpen: true, ippools"))))
        .isEmpty();
  }

  @Test
  void letsGoOfABadObject() {
    String bad = "metadata: {name: mine, finalizers: [a/b]}\nspec: {}";
    String without = "metadata: {name: mine}\nspec: {}";
    assertThat(updated(bad, without)).isEmpty();
    assertThat(updated(bad, "metadata: {name: mine, deletionTimestamp: '2026-01-01T00:00:00Z'}"))
        .isEmpty();
  }

  @Test
  void judgesHugePoolsWithoutExpandingThem() {
    reviews.gateway(
        "other", "{ippools: {ipv4: [11.0.0.0/8], ipv6: ['fd01::/104']}, " + NODES + "}");
    String huge = "{ippools: {ipv4: [10.0.0.0/8], ipv6: ['fd00::/104']}, " + NODES + "}";
    assertThat(created("{ippools: {ipv6: ['fd00::/64']}, " + NODES + "}")).isEmpty();
    assertThat(completed(gatewayYaml("mine", "{ippools: {ipv6: ['fd00::/64']}, " + NODES + "}")))
        .hasSize(2);
    assertThat(created(huge)).doesNotContain("also in the pool");
  }

  @Test
  void addsItsFinalizerBesideOthers() {
    assertThat(completed("metadata: {name: mine, finalizers: [a/b]}\nspec: {}"))
        .containsExactly(new Completion.Add("/metadata/finalizers/-", ApiGroup.GATEWAY_FINALIZER));
    assertThat(completed("metadata: {name: mine}\nspec: {}"))
        .containsExactly(
            new Completion.Add("/metadata/finalizers", List.of(ApiGroup.GATEWAY_FINALIZER)));
    assertThat(
            completed(
                "metadata: {name: mine, finalizers: ["
                    + ApiGroup.GATEWAY_FINALIZER
                    + "]}\nspec: {}"))
        .isEmpty();
  }

  @Test
  void choosesAPairAtOnePlaceOfBothPools() {
    List<Completion.Add> patch =
        completed(
            gatewayYaml(
                "mine",
                "{ippools: {ipv4: [10.6.1.0-10.6.1.255], ipv6: ['fd00::-fd00::ff']}, "
                    + NODES
                    + "}"));
    assertThat(patch).hasSize(3);
    String ipv4 = patch.get(1).value().toString();
    String ipv6 = patch.get(2).value().toString();
    int place = Integer.parseInt(ipv4.substring("10.6.1.".length()));
    assertThat(ipv6).isEqualTo(place == 0 ? "fd00::" : "fd00::" + Integer.toHexString(place));
    assertThat(completed(gatewayYaml("mine", GOOD)))
        .isEqualTo(completed(gatewayYaml("mine", GOOD)));
  }

  @Test
  void pairsTheSecondDefaultWithTheFirst() {
    assertThat(
            completed(
                gatewayYaml(
                    "mine",
                    "{ippools: {ipv4: [10.6.1.1-10.6.1.9], ipv4DefaultEIP: 10.6.1.4, ipv6:"
                        + " ['fd00::1-fd00::9']}, "
                        + NODES
                        + "}")))
        .contains(new Completion.Add("/spec/ippools/ipv6DefaultEIP", "fd00::4"));
  }

  @Test
  void keepsTheDefaultThatAnUpdateLeavesOut() {
    String before =
        gatewayYaml("mine", GOOD.replace("ippools: {", "ippools: {ipv4DefaultEIP: 10.6.1.25, "));
    assertThat(
            reviews.admission.complete(
                Reviews.update(AdmissionRequest.GATEWAYS, before, gatewayYaml("mine", GOOD))))
        .contains(new Completion.Add("/spec/ippools/ipv4DefaultEIP", "10.6.1.25"));
  }

  @Test
  void warnsThatPoliciesKeepTheFormerDefault() {
    String before = IN_USE.replace("ippools: {", "ippools: {ipv4DefaultEIP: 10.6.1.22, ");
    String after =
        gatewayYaml("mine", GOOD.replace("ippools: {", "ippools: {ipv4DefaultEIP: 10.6.1.23, "));
    assertThat(reviews.admission.validate(Reviews.update(AdmissionRequest.GATEWAYS, before, after)))
        .isInstanceOfSatisfying(
            Verdict.Allowed.class,
            allowed -> assertThat(allowed.warnings()).singleElement().asString().contains("keep"));
  }

  @Test
  void neverDeletesAClusterInfo() {
    AdmissionRequest request =
        Reviews.request(
            AdmissionRequest.Operation.DELETE,
            AdmissionRequest.CLUSTER_INFOS,
            "",
            "metadata: {name: default}");
    assertThat(refusal(reviews.admission.validate(request))).contains("cannot be deleted");
  }
}
