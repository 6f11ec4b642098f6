package io.egressgateway.k8s.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.egressgateway.core.lease.LeaseProfile;
import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.LabelSelector;
import io.egressgateway.core.model.LinkPattern;
import io.egressgateway.k8s.watch.UplinkRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AncestorConfigTest {
  @TempDir private Path directory;

  @Test
  void theAncestorsKeysMeanWhatTheyMeant() throws Exception {
    ControllerSettings settings =
        settings(
            """
            enableIPv4: true
            enableIPv6: true
            tunnelIpv4Subnet: "192.200.0.1/16"
            tunnelIpv6Subnet: "fd12::/112"
            vxlan: {name: egress.other, id: 7, port: 7790}
            mark: 0x36000000
            gatewayFailover:
              {enable: true, tunnelMonitorPeriod: 1, tunnelUpdatePeriod: 1, eipEvictionTimeout: 2}
            egressgateway:
              controller: {seeds: ["a:1", "b:1"], agent-port: 5823}
              witnesses: ["w:1"]
            """);
    assertThat(settings.network().tunnel().device()).isEqualTo("egress.other");
    assertThat(settings.network().tunnel().vni()).isEqualTo(7);
    assertThat(settings.network().tunnel().port()).isEqualTo(7790);
    assertThat(settings.network().tunnel().numbers().mark()).isEqualTo(0x36000000);
    assertThat(settings.network().tunnel().subnets().ipv4()).contains(Cidr.of("192.200.0.0/16"));
    assertThat(settings.network().tunnel().subnets().ipv6()).contains(Cidr.of("fd12::/112"));
    assertThat(settings.ownership().profile()).isEqualTo(LeaseProfile.DEFAULT);
    assertThat(settings.seeds()).hasSize(2);
    assertThat(settings.listening().agentPort()).isEqualTo(5823);
  }

  @Test
  void aFamilyThatIsNotEnabledHasNoNetwork() throws Exception {
    ControllerSettings settings =
        settings(
            """
            enableIPv6: false
            tunnelIpv6Subnet: "fd11::/112"
            gatewayFailover: {enable: false, eipEvictionTimeout: 15}
            egressgateway: {witnesses: ["w:1"]}
            """);
    assertThat(settings.network().tunnel().subnets().ipv6()).isEmpty();
    assertThat(settings.ownership().profile()).isEqualTo(LeaseProfile.DEFAULT);
  }

  @Test
  void theAncestorsListNamesLinksByLabels() throws Exception {
    assertThat(
            settings(
                    """
                    tunnelDetectMethod: interface=eth0
                    tunnelDetectCustomInterface:
                    - nodeSelector: {node-role.kubernetes.io/egress: "", dual: true}
                      interfaceName: bond0
                    - nodeSelector: {zone: b}
                      interfaceName: ens192
                    egressgateway: {witnesses: ["w:1"]}
                    """)
                .network()
                .uplinks())
        .isEqualTo(
            new UplinkRules(
                List.of(
                    new UplinkRules.Rule(
                        LabelSelector.ofLabels(
                            Map.of("node-role.kubernetes.io/egress", "", "dual", "true")),
                        "bond0"),
                    new UplinkRules.Rule(LabelSelector.ofLabels(Map.of("zone", "b")), "ens192"))));
  }

  @Test
  void theAncestorsExclusionsAreOurs() throws Exception {
    assertThat(
            settings(
                    """
                    announcedInterfacesToExclude: ["^cali.*", docker0]
                    egressgateway: {witnesses: ["w:1"]}
                    """)
                .network()
                .tunnel()
                .excluded())
        .containsExactly(new LinkPattern("^cali.*"), new LinkPattern("docker0"));
    assertThatThrownBy(
            () ->
                settings(
                    """
                    announcedInterfacesToExclude: ["^cali.*", "^br-["]
                    egressgateway: {witnesses: ["w:1"]}
                    """))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("announcedInterfacesToExclude")
        .hasMessageContaining("'^br-['");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eth0 | tunnelDetectCustomInterface",
        "[{interfaceName: eth0}] | tunnelDetectCustomInterface",
        "[{nodeSelector: {a: b}}] | tunnelDetectCustomInterface",
        "[{nodeSelector: {a/b/c: d}, interfaceName: eth0}] | a/b/c",
        "[{nodeSelector: {a: b}, interfaceName: a-name-too-long-}] | no device name",
        "[{nodeSelector: {a: b}, interfaceName: a/b}] | no device name",
      })
  void aListOfLinksThatCannotBeIsRefused(String list, String named) {
    assertThatThrownBy(
            () ->
                settings(
                    "tunnelDetectCustomInterface: %s\negressgateway: {witnesses: ['w:1']}"
                        .formatted(list)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(named);
  }

  @Test
  void whatHasNoEffectIsSaid() throws Exception {
    assertThat(AncestorConfig.of(Map.of("datapathMode", "ebpf", "tunelIpv4Subnet", "x")).ignored())
        .containsExactly(
            "datapathMode: there is one datapath, nftables",
            "tunelIpv4Subnet: it is not known; check its spelling");
  }

  @Test
  void aKeyWithoutAValueIsNotThere() throws Exception {
    assertThat(
            settings("mark:\ntunnelIpv4Subnet:\negressgateway: {witnesses: [\"w:1\"]}\n").seeds())
        .isEmpty();
  }

  @Test
  void aValueOfAnotherTypeIsNamed() {
    assertThatThrownBy(() -> settings("enableIPv6: perhaps\n"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("enableIPv6");
  }

  @Test
  void whatIsNoYamlIsRefused() {
    assertThatThrownBy(() -> settings("- a list\n"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("conf.yml");
  }

  private ControllerSettings settings(String text) throws IOException, StartFailure {
    Path file = Files.writeString(directory.resolve("conf.yml"), text);
    return ControllerSettings.from(
        ControllerConfig.complete(ControllerConfig.operator(Map.of(), Optional.of(file))));
  }
}
