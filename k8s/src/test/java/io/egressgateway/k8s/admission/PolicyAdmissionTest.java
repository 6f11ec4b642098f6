package io.egressgateway.k8s.admission;

import static io.egressgateway.k8s.admission.Reviews.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.EgressPolicy;
import io.egressgateway.k8s.translate.PolicyTranslator;
import io.egressgateway.k8s.translate.Translation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyAdmissionTest {
  private static final String NODES = "nodeSelector: {selector: {matchLabels: {egress: 'true'}}}";
  private static final String PODS = "appliedTo: {podSelector: {matchLabels: {app: web}}}";

  private final Reviews reviews =
      new Reviews()
          .gateway("gw", "{ippools: {ipv4: [10.6.1.21-10.6.1.30]}, " + NODES + "}")
          .gateway("bare", "{" + NODES + "}");

  private static String yaml(String spec) {
    return "metadata: {name: web, namespace: shop}\nspec: " + spec;
  }

  private String created(String spec) {
    return refusal(
        reviews.admission.validate(Reviews.create(AdmissionRequest.POLICIES, yaml(spec))));
  }

  private String updated(String before, String after) {
    return refusal(
        reviews.admission.validate(
            Reviews.update(AdmissionRequest.POLICIES, yaml(before), yaml(after))));
  }

  @Test
  void letsAGoodPolicyIn() {
    assertThat(created("{egressGatewayName: gw, " + PODS + "}")).isEmpty();
    assertThat(created("{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {PODS} | no gateway is named
          {egressGatewayName: nowhere, PODS} | spec.egressGatewayName 'nowhere': no EgressGateway has this name; create it, or name one that exists: bare, gw
          {egressGatewayName: gw} | spec.appliedTo
          {egressGatewayName: gw, egressIP: {ipv4: 'x'}, PODS} | spec.egressIP.ipv4 'x': not an IPv4 address
          {egressGatewayName: gw, egressIP: {ipv4: '10.6.1.9'}, PODS} | 10.6.1.9 is not in the pool of EgressGateway gw
          {egressGatewayName: bare, PODS} | EgressGateway bare has no addresses
          {egressGatewayName: gw, egressIP: {useNodeIP: true, ipv4: 10.6.1.22}, PODS} | spec.egressIP.useNodeIP 'true'
          {egressGatewayName: gw, destSubnet: [1.2.3.4/40], PODS} | spec.destSubnet[0] '1.2.3.4/40'
          """)
  void saysWhatIsWrong(String spec, String words) {
    assertThat(created(spec.replace("PODS", PODS))).contains(words);
  }

  @Test
  void anAddressOfANodeIsGivenToNobody() {
    reviews.clusterInfo("nodeIP: {n1: {ipv4: [10.6.1.22]}}");
    assertThat(created("{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
        .contains("10.6.1.22 is not in the pool of EgressGateway gw")
        .contains("[10.6.1.21, 10.6.1.23-10.6.1.30]");
  }

  @Test
  void aGatewayWithoutPoolServesWhoeverUsesTheNodesAddress() {
    assertThat(created("{egressGatewayName: bare, egressIP: {useNodeIP: true}, " + PODS + "}"))
        .isEmpty();
    assertThat(created("{egressGatewayName: bare, egressIP: {useNodeIP: false}, " + PODS + "}"))
        .contains("EgressGateway bare has no addresses");
  }

  @Test
  void anAddressThatIsNamedWinsOverRoundRobin() {
    assertThat(
            PolicyTranslator.translate(
                Serialization.unmarshal(
                    "kind: EgressPolicy\nspec: {egressGatewayName: gw, egressIP: {allocatorPolicy:"
                        + " rr, ipv4: 10.6.1.22}, "
                        + PODS
                        + "}",
                    EgressPolicy.class),
                Optional.empty()))
        .isInstanceOfSatisfying(
            Translation.Valid.class,
            valid ->
                assertThat(valid.spec())
                    .asString()
                    .contains("request=Explicit[ipv4=Optional[10.6.1.22]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          egressGatewayName: bare | spec.egressGatewayName 'bare': cannot be changed, it is 'gw'
          egressGatewayName: gw, egressIP: {ipv4: 10.6.1.23} | spec.egressIP.ipv4 '10.6.1.23': cannot be changed, it is '10.6.1.22'
          egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22, allocatorPolicy: rr} | spec.egressIP.allocatorPolicy 'rr': cannot be changed, it is 'default'
          """)
  void keepsWhatOthersRelyOn(String change, String words) {
    String before = "{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22}, " + PODS + "}";
    assertThat(updated(before, "{" + change + ", " + PODS + "}")).contains(words);
  }

  @Test
  void takesAnAbsentFieldForItsDefault() {
    assertThat(
            updated(
                "{egressGatewayName: gw, " + PODS + "}",
                "{egressGatewayName: gw, egressIP: {allocatorPolicy: default, useNodeIP: false,"
                    + " ipv4: ''}, "
                    + PODS
                    + "}"))
        .isEmpty();
  }

  @Test
  void letsSelectorDestinationsAndPriorityChangeWhateverBecameOfTheGateway() {
    assertThat(
            updated(
                "{egressGatewayName: gone, " + PODS + "}",
                "{egressGatewayName: gone, priority: 7, destSubnet: [1.1.1.1/32], appliedTo:"
                    + " {podSelector: {matchLabels: {app: shop}}}}"))
        .isEmpty();
  }

  @Test
  void letsThePolicyBeGivenAGatewayOnce() {
    reviews.namespaceDefault("shop", "gw");
    assertThat(updated("{" + PODS + "}", "{egressGatewayName: gw, " + PODS + "}")).isEmpty();
  }

  @Test
  void refusalsOfTheClusterAreThoughtOverAndThoseOfTheObjectAreNot() {
    assertThat(
            reviews.admission.validate(
                Reviews.create(
                    AdmissionRequest.POLICIES, yaml("{egressGatewayName: nowhere, " + PODS + "}"))))
        .isInstanceOfSatisfying(
            Verdict.Denied.class,
            denied -> assertThat(denied.basis()).isEqualTo(Verdict.Basis.CLUSTER));
    assertThat(
            reviews.admission.validate(
                Reviews.create(AdmissionRequest.POLICIES, yaml("{egressGatewayName: gw}"))))
        .isInstanceOfSatisfying(
            Verdict.Denied.class,
            denied -> assertThat(denied.basis()).isEqualTo(Verdict.Basis.OBJECT));
  }

  private List<Completion.Add> completed(String spec) {
    return reviews.admission.complete(Reviews.create(AdmissionRequest.POLICIES, yaml(spec)));
  }

  @Test
  void namesTheNamespacesGatewayElseTheClusters() {
    assertThat(completed("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}")).isEmpty();
    reviews.gateway("everyone", "{clusterDefault: true, " + NODES + "}");
    assertThat(completed("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
        .containsExactly(new Completion.Add("/spec/egressGatewayName", "everyone"));
    reviews.namespaceDefault("shop", "gw");
    assertThat(completed("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
        .containsExactly(new Completion.Add("/spec/egressGatewayName", "gw"));
  }

  @Test
  void ofSeveralDefaultsOfTheClusterTheOldestCounts() {
    reviews.gateway("z", "{clusterDefault: true, " + NODES + "}");
    reviews.gateway("a", "{clusterDefault: true, " + NODES + "}");
    assertThat(completed("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))
        .containsExactly(new Completion.Add("/spec/egressGatewayName", "z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nowhere    | spec.egressGatewayName 'nowhere': no EgressGateway has this name; correct the namespace's label spidernet.io/egressgateway-default, which has it, or create it, or name one that exists: bare, everyone, gw
          Not_A_Name | here or in the namespace's label spidernet.io/egressgateway-default, which has this
          """)
  void aLabelThatNamesNoGatewayIsNamedAndTheClustersIsNotTaken(String label, String words) {
    reviews.gateway("everyone", "{clusterDefault: true, " + NODES + "}");
    reviews.namespaceDefault("shop", label);
    AdmissionRequest request =
        Reviews.create(
            AdmissionRequest.POLICIES, yaml("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"));
    assertThat(reviews.admission.complete(request))
        .as("what is written into the policy")
        .noneMatch(add -> add.value().equals("everyone"));
    assertThat(reviews.admission.validate(request))
        .isInstanceOfSatisfying(
            Verdict.Denied.class,
            denied -> {
              assertThat(denied.message()).contains("'" + label + "'", words);
              assertThat(denied.basis()).isEqualTo(Verdict.Basis.CLUSTER);
            });
  }

  @Test
  void aClusterPolicyIsJudgedAlikeAndTakesTheClustersGatewayOnly() {
    reviews.gateway(
        "everyone", "{clusterDefault: true, ippools: {ipv4: [10.7.1.1]}, " + NODES + "}");
    reviews.namespaceDefault("shop", "gw");
    AdmissionRequest request =
        Reviews.create(AdmissionRequest.CLUSTER_POLICIES, yaml("{" + PODS + "}"));
    assertThat(reviews.admission.complete(request))
        .contains(new Completion.Add("/spec/egressGatewayName", "everyone"));
    assertThat(refusal(reviews.admission.validate(request))).isEmpty();
    assertThat(
            refusal(
                reviews.admission.validate(
                    Reviews.create(
                        AdmissionRequest.CLUSTER_POLICIES,
                        yaml("{egressGatewayName: no, " + PODS + "}")))))
        .contains("no EgressGateway has this name");
  }

  @Test
  void writesDownWhatIsAskedForIfNothingIsSaid() {
    assertThat(completed("{egressGatewayName: gw, " + PODS + "}"))
        .containsExactly(
            new Completion.Add(
                "/spec/egressIP", Map.of("useNodeIP", false, "allocatorPolicy", "default")));
  }

  @Test
  void keepsTheGatewayThatAnUpdateLeavesOut() {
    reviews.namespaceDefault("shop", "bare");
    assertThat(
            reviews.admission.complete(
                Reviews.update(
                    AdmissionRequest.POLICIES,
                    yaml("{egressGatewayName: gw, egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"),
                    yaml("{egressIP: {ipv4: 10.6.1.22}, " + PODS + "}"))))
        .containsExactly(new Completion.Add("/spec/egressGatewayName", "gw"));
  }

  @Test
  void warnsOfAnAllocatorThatNobodyKnows() {
    assertThat(
            reviews.admission.validate(
                Reviews.create(
                    AdmissionRequest.POLICIES,
                    yaml(
                        "{egressGatewayName: gw, egressIP: {allocatorPolicy: random}, "
                            + PODS
                            + "}"))))
        .isInstanceOfSatisfying(
            Verdict.Allowed.class,
            allowed ->
                assertThat(allowed.warnings()).singleElement().asString().contains("'random'"));
  }
}
